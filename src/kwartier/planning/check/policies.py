"""Battery policies: the moments at which the state of charge must lie within a band, and how far outside it lies."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.grid import DAY_S, FloatArray
from kwartier.planning.check.zone import named_zone
from kwartier.site.devices.battery_energy_storage_system import (
    WEEKDAYS,
    OnceSchedule,
    SchedulePolicy,
    WeeklySchedule,
)


def policies_wh(facts: Facts, percent_by_battery: dict[str, FloatArray]) -> float:
    """Sum of the distances to the bands over all moments, Wh.

    `percent_by_battery` holds the state of charge at the end of each step of every battery whose state is known.
    """
    total_wh = 0.0
    for name, percent in percent_by_battery.items():
        battery = facts.devices.batteries[name]
        initial = facts.initial_percent(name)
        if initial is None:
            continue
        moments_s = np.append(facts.grid.start_s, facts.grid.horizon_end_s)
        course = np.concatenate(([initial], percent))
        for policy in battery.policies:
            for moment_s in moments(policy, moments_s[0], moments_s[-1]):
                state = float(np.interp(moment_s.timestamp(), moments_s, course))
                outside = max(
                    policy.minimum_state_of_charge - state, state - policy.maximum_state_of_charge, 0.0
                )
                total_wh += outside / 100 * battery.operational_battery_capacity
    return total_wh


def moments(policy: SchedulePolicy, after_s: float, until_s: float) -> list[datetime]:
    """The moments of a policy after one moment and up to another (seconds since 1970), UTC; one said twice is one."""
    schedule = policy.schedule
    said = schedule.date_times if isinstance(schedule, OnceSchedule) else _weekly(schedule, after_s, until_s)
    return sorted({moment for moment in said if after_s < moment.timestamp() <= until_s})


def _weekly(schedule: WeeklySchedule, after_s: float, until_s: float) -> list[datetime]:
    zone = named_zone(schedule.timezone)
    wanted = {name.lower() for name in schedule.day_of_week}
    # A day more on either side: the local date differs from the UTC date by at most one.
    first = datetime.fromtimestamp(after_s - DAY_S, UTC).date()
    days = [first + timedelta(days=k) for k in range(int((until_s - after_s) / DAY_S) + 4)]
    local_time = time.fromisoformat(schedule.time)
    return [
        _existing(datetime.combine(day, local_time, zone), zone)
        for day in days
        if WEEKDAYS[day.weekday()] in wanted
    ]


def _existing(local: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time in UTC: the first of two; the next minute that exists where there is none."""
    moment = local.replace(fold=0).astimezone(UTC)
    wall = local.replace(tzinfo=None)
    while moment.astimezone(zone).replace(tzinfo=None) != wall:
        wall += timedelta(minutes=1)
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
    return moment
