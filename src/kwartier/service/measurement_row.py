"""A measurement as it is stored: one flat row."""

import json
from datetime import datetime
from typing import Literal, NamedTuple

from kwartier.site.measurement import Measurement

RowOutcome = Literal["stored", "unchanged", "corrected", "unknown_site"]
"""What became of a row: new, there already with the same values, there with other values, or of no known site."""


class RowKey(NamedTuple):
    """What a measurement is known by."""

    partner_id: str
    site_id: str
    asset_id: str
    measured_us: int


class RowValues(NamedTuple):
    """What a measurement says. `pins` is a JSON object, its keys sorted, so that equal pins are equal texts."""

    energy_total_wh: float
    power_w: float
    charge_percent: float | None
    pins: str | None


class MeasurementRow(NamedTuple):
    """A row in the order of its columns; moments are whole microseconds since 1970 (UTC)."""

    partner_id: str
    site_id: str
    asset_id: str
    measured_us: int
    received_us: int
    energy_total_wh: float
    power_w: float
    charge_percent: float | None
    pins: str | None

    @property
    def key(self) -> RowKey:
        """Partner, site, asset and moment."""
        return RowKey(*self[:4])

    @property
    def values(self) -> RowValues:
        """What was measured."""
        return RowValues(*self[5:])


class StoredRow(NamedTuple):
    """A row in the store, with how often it has been corrected."""

    row: MeasurementRow
    revision_number: int


def epoch_us(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00Z of an aware datetime.

    >>> from datetime import UTC
    >>> epoch_us(datetime(2025, 3, 3, 8, 0, 0, 250_000, tzinfo=UTC))
    1740988800250000
    """
    return round(moment.timestamp() * 1_000_000)


def measurement_row(
    partner_id: str, site_id: str, measurement: Measurement, received_us: int
) -> MeasurementRow:
    """The row of a measurement."""
    pins = None
    if measurement.pins is not None:
        told = {pin: reading.model_dump(exclude_none=True) for pin, reading in measurement.pins.items()}
        pins = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return MeasurementRow(
        partner_id,
        site_id,
        measurement.asset_id,
        epoch_us(measurement.timestamp),
        received_us,
        measurement.energy_value,
        measurement.power_value,
        measurement.current_state_of_charge,
        pins,
    )
