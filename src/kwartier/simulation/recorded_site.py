"""What happened at a site, or is to happen: its series, its cars, the market's prices, and its tariff's memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from kwartier.forecasting.power_history import PowerHistory
from kwartier.simulation.car import Car
from kwartier.site.devices import (
    BatteryEnergyStorageSystem,
    ChargingPole3Phase,
    DcChargingPole,
    ForecastedSeries3Phase,
)
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.timezone import site_timezone
from kwartier.tariffs.billing.facts import BillFacts
from kwartier.tariffs.day_ahead.price_day import PriceDay


@dataclass(frozen=True)
class RecordedSite:
    """The site document and what befell it, before a period and in it.

    `series` is the power of each uncontrolled device, W of all phases together; `cars` are in the order of arrival,
    one at a time at a pole; `price_days` each with the moment at which it was known; `facts` the tariff's memory from
    before. What lies before a period is its history: a controller may look at it.
    """

    site: Site
    series: Mapping[str, PowerHistory]
    cars: tuple[Car, ...]
    price_days: tuple[PriceDay, ...]
    facts: BillFacts = field(default_factory=BillFacts)

    @cached_property
    def configuration(self) -> SiteConfiguration:
        """Devices and collectors. Raises ValueError for a site without them."""
        configuration = self.site.configurations.site_configuration
        if configuration is None:
            raise ValueError("a site without a site_configuration cannot be simulated")
        return configuration

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the site's clocks."""
        return site_timezone(self.site)

    @cached_property
    def batteries(self) -> tuple[BatteryEnergyStorageSystem, ...]:
        """Its batteries, in the order of the document."""
        devices = self.configuration.device_list
        return tuple(one for one in devices if isinstance(one, BatteryEnergyStorageSystem))

    @cached_property
    def series_devices(self) -> tuple[ForecastedSeries3Phase, ...]:
        """Its loads and solar roofs, in the order of the document."""
        return tuple(one for one in self.configuration.device_list if isinstance(one, ForecastedSeries3Phase))

    @cached_property
    def pole_names(self) -> tuple[str, ...]:
        """Its charging poles, in the order of the document."""
        devices = self.configuration.device_list
        return tuple(one.name for one in devices if isinstance(one, ChargingPole3Phase | DcChargingPole))
