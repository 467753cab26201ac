"""A simulated site from documents: its own, and a plan request's series and cars moved to the day of a moment."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from kwartier.planning.request import PlanRequest
from kwartier.simulation.arrivals import seeded_cars, told_cars
from kwartier.simulation.car import Car
from kwartier.simulation.simulated_site import CarsAt, SimulatedSite
from kwartier.site.devices import ChargingPole3Phase, DcChargingPole
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.timezone import site_timezone
from kwartier.units.local_clock import days_later


def told_site(
    site: Site, configuration: SiteConfiguration, data: PlanRequest, at: datetime, *, seed: int
) -> SimulatedSite:
    """The site with what `data` tells of its devices, by name; the rest has simple shapes and cars from the seed.

    Cars of `data` are moved by whole days of the site's clocks, so that the day of `data.at` is that of `at`. Where no
    car of `data` stands at one of the site's poles, each pole has one a day from the seed.
    """
    zone = site_timezone(site)
    poles = [
        device.name
        for device in configuration.device_list
        if isinstance(device, ChargingPole3Phase | DcChargingPole)
    ]
    days_count = (at.astimezone(zone).date() - data.at.astimezone(zone).date()).days
    told = [
        one.model_copy(
            update={
                "start_time": days_later(one.start_time, days_count, zone),
                "departure_time": days_later(one.departure_time, days_count, zone)
                if one.departure_time
                else None,
            }
        )
        for one in data.transactions
        if one.asset_id in poles
    ]
    cars = list(told_cars(told))
    return SimulatedSite(
        configuration, zone, _always(cars) if cars else _seeded(poles, site, seed), data.forecasts
    )


def _always(cars: Iterable[Car]) -> CarsAt:
    return lambda _: cars


def _seeded(poles: list[str], site: Site, seed: int) -> CarsAt:
    zone = site_timezone(site)

    @cache
    def of_day(day: date) -> tuple[Car, ...]:
        return tuple(seeded_cars(poles, [day], zone, seed=seed))

    return lambda at: of_day(at.astimezone(zone).date())
