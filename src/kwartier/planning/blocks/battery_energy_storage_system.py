"""The battery: what it may do in each step, and the moments at which a policy wants its state of charge in a band."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kwartier.site.devices.battery_energy_storage_system import (
    WEEKDAYS,
    BatteryEnergyStorageSystem,
    OnceSchedule,
    SchedulePolicy,
    WeeklySchedule,
)
from kwartier.units.local_clock import local_to_utc
from kwartier.units.quarter_hour import epoch_s, from_epoch_s
from kwartier.units.step_grid import StepGrid


@dataclass(frozen=True)
class Battery:
    """One battery of known state: its document, its board's amperes per kW, and the energy stored at `at` (kWh)."""

    device: BatteryEnergyStorageSystem
    amps_per_kw_by_point: dict[int, float]
    stored_kwh: float

    @property
    def capacity_kwh(self) -> float:
        """Usable capacity."""
        return self.device.operational_battery_capacity / 1000.0

    @property
    def charging_max_kw(self) -> float:
        """Largest charging power at the AC side."""
        return self.device.maximum_charging_power / 1000.0

    @property
    def discharging_max_kw(self) -> float:
        """Largest discharging power at the AC side."""
        return self.device.maximum_discharging_power / 1000.0


@dataclass(frozen=True)
class PolicyMoment:
    """At a moment inside step `step`, `fraction` (0 to 1] of it gone, the stored energy shall lie in the band (kWh)."""

    battery_index: int
    moment_s: float
    step: int
    fraction: float
    least_kwh: float
    most_kwh: float


def _weekly_moments_s(schedule: WeeklySchedule, at_s: float, end_s: float) -> list[float]:
    zone = ZoneInfo(schedule.timezone)
    days = {WEEKDAYS.index(day.lower()) for day in schedule.day_of_week}
    hour, minute = (int(part) for part in schedule.time.split(":"))
    day = from_epoch_s(at_s).astimezone(zone).date()
    last_day = from_epoch_s(end_s).astimezone(zone).date()
    moments = []
    while day <= last_day:
        if day.weekday() in days:
            moments.append(epoch_s(local_to_utc(datetime(day.year, day.month, day.day, hour, minute), zone)))  # noqa: DTZ001  # a clock reading, zoned on the next line's call
        day += timedelta(days=1)
    return moments


def _moments_s(policy: SchedulePolicy, at_s: float, end_s: float) -> list[float]:
    """Moments of a policy after `at` and within the horizon, epoch seconds."""
    if isinstance(policy.schedule, OnceSchedule):
        moments = [epoch_s(moment) for moment in policy.schedule.date_times]
    else:
        moments = _weekly_moments_s(policy.schedule, at_s, end_s)
    return sorted(moment for moment in set(moments) if at_s < moment <= end_s)


def policy_moments(batteries: list[Battery], grid: StepGrid) -> list[PolicyMoment]:
    """All moments inside the horizon at which a battery's policy holds, battery by battery."""
    boundary_s = grid.boundary_s
    moments = []
    for index, battery in enumerate(batteries):
        for policy in battery.device.policies:
            for moment_s in _moments_s(policy, float(boundary_s[0]), grid.end_s):
                step = int(boundary_s.searchsorted(moment_s, side="left")) - 1
                fraction = (moment_s - boundary_s[step]) / (boundary_s[step + 1] - boundary_s[step])
                moments.append(
                    PolicyMoment(
                        battery_index=index,
                        moment_s=moment_s,
                        step=step,
                        fraction=float(fraction),
                        least_kwh=policy.minimum_state_of_charge / 100.0 * battery.capacity_kwh,
                        most_kwh=policy.maximum_state_of_charge / 100.0 * battery.capacity_kwh,
                    )
                )
    return moments
