"""What a site has sent, and what that makes of the parts of its validation status that depend on data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.service.measurement_row import epoch_us
from kwartier.service.ports.measurement_archive import MeasuredAsset
from kwartier.site.devices import (
    BatteryEnergyStorageSystem,
    ChargingPole3Phase,
    DcChargingPole,
    Device,
    ForecastedSeries3Phase,
)
from kwartier.site.document import Site
from kwartier.site.rules.survey import Survey
from kwartier.site.validation_status import ConfigurationComplete, ReceivingMeasurementData, Status

# contract.md, section 2 (decided).
IN_TIME = timedelta(minutes=5)
LATE = timedelta(minutes=15)
SPEAKS_FOR = timedelta(hours=24)

# contract.md, section 2: a parent's status is the worst of its children, in this order.
WORST_FIRST: tuple[Status, ...] = ("ERROR", "WARNING", "UNKNOWN", "OK")


@dataclass(frozen=True)
class ReceivedData:
    """What a site has sent until `at`: every asset that ever did, and the poles at which a session runs.

    `charged_us_by_battery` says when a battery last told its state of charge, microseconds since 1970.
    `has_prices` says whether the day-ahead prices that its contract needs, and that are published, are known.
    """

    at: datetime
    assets: Sequence[MeasuredAsset]
    charged_us_by_battery: Mapping[str, int]
    busy_poles: frozenset[str]
    has_prices: bool

    def is_since(self, moment_us: int | None, age: timedelta) -> bool:
        """Whether a moment lies at most so far back."""
        return moment_us is not None and moment_us >= epoch_us(self.at - age)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of some statuses.

    >>> worst(["OK", "UNKNOWN"]), worst(["WARNING", "ERROR"])
    ('UNKNOWN', 'ERROR')
    """
    return min(statuses, key=WORST_FIRST.index)


def complete_status(site: Site, received: ReceivedData) -> ConfigurationComplete:
    """WARNING with the assets that sent in the last 24 h and stand in no configuration; UNKNOWN before any data."""
    if not received.assets:
        return ConfigurationComplete()
    survey = Survey(site)
    known = {device.name for _, device in survey.devices} | survey.board_of.keys()
    missing = [
        asset.asset_id
        for asset in received.assets
        if asset.asset_id not in known and received.is_since(asset.last_measured_us, SPEAKS_FOR)
    ]
    return ConfigurationComplete(status="WARNING" if missing else "OK", missing_assets=missing)


def receiving_status(site: Site, received: ReceivedData) -> ReceivingMeasurementData:
    """Whether every asset that must be measured has sent in time; UNKNOWN before the first data of the site.

    The names of those that have not within 5 min stand in `not_receiving_data_from`.
    """
    if not received.assets:
        return ReceivingMeasurementData()
    by_name = {asset.asset_id: asset for asset in received.assets}
    statuses = {
        name: _status_of(by_name.get(name), received, needs_charge=needs_charge)
        for name, needs_charge in _measured(site, received)
    }
    return ReceivingMeasurementData(
        status=worst(["OK", *statuses.values()]),
        not_receiving_data_from=[name for name, status in statuses.items() if status != "OK"],
    )


def _measured(site: Site, received: ReceivedData) -> Iterator[tuple[str, bool]]:
    """Each asset that must be measured, and whether its state of charge must be, too."""
    configuration = site.configurations.site_configuration
    for device in configuration.device_list if configuration else ():
        if _must_be_measured(device, received):
            yield device.name, isinstance(device, BatteryEnergyStorageSystem)


def _must_be_measured(device: Device, received: ReceivedData) -> bool:
    if isinstance(device, ForecastedSeries3Phase):
        return not device.should_be_aggregated
    if isinstance(device, ChargingPole3Phase | DcChargingPole):
        return device.name in received.busy_poles
    return isinstance(device, BatteryEnergyStorageSystem)


def _status_of(asset: MeasuredAsset | None, received: ReceivedData, *, needs_charge: bool) -> Status:
    if asset is None:
        return "ERROR"
    moments_us = [
        asset.last_measured_us,
        *([received.charged_us_by_battery.get(asset.asset_id)] if needs_charge else []),
    ]
    if all(received.is_since(moment_us, IN_TIME) for moment_us in moments_us):
        return "OK"
    return "WARNING" if all(received.is_since(moment_us, LATE) for moment_us in moments_us) else "ERROR"
