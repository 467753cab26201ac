"""Meter series for tests: runs of quarter-hours from a local moment on."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kwartier.tariffs.meter import LocalMonth, MeterSeries
from kwartier.tariffs.meter.meter_series import milliwh
from kwartier.units.quarter_hour import QUARTER_S

BRUSSELS = ZoneInfo("Europe/Brussels")


def quarter_index(moment: str) -> int:
    """The quarter-hour that starts at an RFC 3339 moment."""
    return int(datetime.fromisoformat(moment).timestamp()) // QUARTER_S


def series_of(
    start: str, offtake_kwh: Sequence[float | None], injection_kwh: Sequence[float | None] | None = None
) -> MeterSeries:
    """A series from a moment on; None is not known; without injection there is none."""
    first = quarter_index(start)
    injected = injection_kwh if injection_kwh is not None else [0.0] * len(offtake_kwh)
    columns = [
        {
            first + place: milliwh(Decimal(str(value)))
            for place, value in enumerate(values)
            if value is not None
        }
        for values in (offtake_kwh, injected)
    ]
    return MeterSeries.of(columns[0], columns[1])


def flat_months(
    first: str, last: str, offtake_kwh: float, peaks_kwh: dict[str, float] | None = None
) -> MeterSeries:
    """Whole local months with the same offtake in every quarter-hour, but one per month at noon of its first day.

    `peaks_kwh` names months with a higher (or lower) quarter-hour there.
    """
    begins = LocalMonth.parse(first).quarter_indices(BRUSSELS).start
    ends = LocalMonth.parse(last).quarter_indices(BRUSSELS).stop
    offtake = {index: milliwh(Decimal(str(offtake_kwh))) for index in range(begins, ends)}
    for month, peak_kwh in (peaks_kwh or {}).items():
        offtake[LocalMonth.parse(month).quarter_indices(BRUSSELS).start + 48] = milliwh(
            Decimal(str(peak_kwh))
        )
    return MeterSeries.of(offtake, dict.fromkeys(offtake, 0))
