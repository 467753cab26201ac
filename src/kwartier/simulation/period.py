"""A period of simulation, and the recorded site made fit for it: what starts equal ends equal."""

import math
from dataclasses import dataclass, replace
from datetime import datetime

from kwartier.simulation.car import Car
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.running_site import HALF_FULL_PERCENT
from kwartier.site.devices import BatteryEnergyStorageSystem
from kwartier.site.devices.battery_energy_storage_system import OnceSchedule, SchedulePolicy
from kwartier.site.document import SiteConfiguration
from kwartier.units.quarter_hour import epoch_s, from_epoch_s

# Fine enough to react within the quarter-hour whose average is billed (closed_loop.md, point 1).
STEP_S = 300


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both on quarter-hours. Raises ValueError where they are not, or in the wrong order."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start_s % 900 or self.end_s % 900 or self.end_s <= self.start_s:
            raise ValueError(f"a period runs between two quarter-hours, not from {self.start} to {self.end}")

    @property
    def start_s(self) -> int:
        """Its start, epoch seconds."""
        return int(epoch_s(self.start))

    @property
    def end_s(self) -> int:
        """Its end, epoch seconds."""
        return int(epoch_s(self.end))

    @property
    def days(self) -> float:
        """Its length in days of 24 h."""
        return (self.end_s - self.start_s) / 86_400


def closed(recorded: RecordedSite, period: Period) -> RecordedSite:
    """The same site so that every policy ends as it began: no car at a pole, batteries half full.

    A car that stands there at the start or at the end is left out: cut in two, it would need what nobody could foresee.
    One that comes within a step is seen at its end. A policy of the document asks for half-full batteries at the end;
    what a run misses of that, its money counts.
    """
    cars = tuple(_seen(car, period) for car in recorded.cars if _counts(car, period))
    configuration = _ending_half_full(recorded.configuration, period.end)
    configurations = recorded.site.configurations.model_copy(update={"site_configuration": configuration})
    site = recorded.site.model_copy(update={"configurations": configurations})
    return replace(recorded, site=site, cars=cars)


def _counts(car: Car, period: Period) -> bool:
    """Whether it is history, or comes and leaves in the period and stays for more than a step."""
    if car.arrival < period.start:
        return car.departure <= period.start
    return _seen(car, period).arrival < car.departure <= period.end


def _seen(car: Car, period: Period) -> Car:
    if car.arrival < period.start:
        return car
    return replace(car, arrival=from_epoch_s(math.ceil(epoch_s(car.arrival) / STEP_S) * STEP_S))


def _ending_half_full(configuration: SiteConfiguration, end: datetime) -> SiteConfiguration:
    policy = SchedulePolicy(
        type="schedule",
        schedule=OnceSchedule(frequency="once", date_times=[end]),
        minimum_state_of_charge=HALF_FULL_PERCENT,
        maximum_state_of_charge=HALF_FULL_PERCENT,
    )
    devices = [
        one.model_copy(update={"policies": [*one.policies, policy]})
        if isinstance(one, BatteryEnergyStorageSystem)
        else one
        for one in configuration.device_list
    ]
    return configuration.model_copy(update={"device_list": devices})
