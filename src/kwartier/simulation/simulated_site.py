"""A simulated site: what it is made of, and in which state it is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kwartier.control.fallback_share import FallbackShare, fallback_share
from kwartier.planning.request import SeriesForecast
from kwartier.simulation.car import Car
from kwartier.simulation.power_series import PowerSeries, simple_power_w, told_power_w
from kwartier.site.devices import BatteryEnergyStorageSystem, ForecastedSeries3Phase
from kwartier.site.document import SiteConfiguration
from kwartier.site.transaction import TransactionState
from kwartier.site.tree import ElectricalTree, electrical_tree

CarsAt = Callable[[datetime], Iterable[Car]]
"""The cars that may stand at the site around a moment; at one pole one at a time."""

NOTHING: Mapping[str, float] = MappingProxyType({})
HALF_FULL_PERCENT = 50.0


@dataclass(frozen=True)
class SimulatedSite:
    """The site document, its series by device, and its cars. A series that nobody tells has a simple shape."""

    configuration: SiteConfiguration
    zone: ZoneInfo
    cars_at: CarsAt
    told: Mapping[str, SeriesForecast] = field(default_factory=dict)

    @cached_property
    def tree(self) -> ElectricalTree:
        """The boards."""
        return electrical_tree(self.configuration)

    @cached_property
    def fallback(self) -> FallbackShare:
        """What poles do that never heard anything."""
        return fallback_share(self.configuration)

    @cached_property
    def power_w_by_series(self) -> dict[str, PowerSeries]:
        """The power of each device that is not controlled. Raises ValueError for a series of less than a day."""
        found: dict[str, PowerSeries] = {}
        for device in self.configuration.device_list:
            if isinstance(device, ForecastedSeries3Phase):
                board, told = self.tree.boards[device.collector], self.told.get(device.name)
                found[device.name] = (
                    simple_power_w(device, board, self.zone)
                    if told is None
                    else told_power_w(told, board, self.zone)
                )
        return found


@dataclass(frozen=True)
class SiteState:
    """What a site remembers: energies in Wh by battery, by car that stands there, and by meter and its pin or phase."""

    at: datetime
    stored_wh: Mapping[str, float]
    charged_wh: Mapping[str, float] = field(default_factory=dict)
    pin_totals_wh: Mapping[tuple[str, str], float] = field(default_factory=dict)
    first_totals_wh: Mapping[str, float] = field(default_factory=dict)
    said: Mapping[str, tuple[Car, TransactionState, datetime]] = field(default_factory=dict)
    """The last message of each transaction that has not ended."""


def first_state(
    site: SimulatedSite,
    at: datetime,
    *,
    charge_percent: Mapping[str, float] = NOTHING,
    first_totals_wh: Mapping[str, float] = NOTHING,
) -> SiteState:
    """The state to begin with; batteries that are not named are half full, and their counters stand at 0."""
    stored_wh = {
        device.name: device.operational_battery_capacity
        * charge_percent.get(device.name, HALF_FULL_PERCENT)
        / 100
        for device in site.configuration.device_list
        if isinstance(device, BatteryEnergyStorageSystem)
    }
    return SiteState(at, stored_wh, first_totals_wh=first_totals_wh)
