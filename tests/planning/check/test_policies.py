"""Battery policies: which moments count, and how far outside the band the battery is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kwartier.planning.check.policies import moments
from kwartier.site.devices.battery_energy_storage_system import SchedulePolicy


def policy(**schedule: Any) -> SchedulePolicy:
    return SchedulePolicy.model_validate({"type": "schedule", "schedule": schedule}, strict=False)


def weekly(days: list[str], time: str, timezone: str = "Europe/Brussels") -> SchedulePolicy:
    return policy(frequency="weekly", day_of_week=days, time=time, timezone=timezone)


def between(judged: SchedulePolicy, after: str, until: str) -> list[str]:
    first, last = (datetime.fromisoformat(moment).timestamp() for moment in (after, until))
    return [moment.astimezone(UTC).isoformat() for moment in moments(judged, first, last)]


def test_the_start_of_the_horizon_does_not_count_and_its_end_does() -> None:
    times = ["2025-03-31T10:00:00Z", "2025-03-31T10:00:01Z", "2025-04-01T10:00:00Z", "2025-04-01T10:00:01Z"]
    once = policy(frequency="once", date_times=times)
    assert between(once, "2025-03-31T10:00:00+00:00", "2025-04-01T10:00:00+00:00") == [
        "2025-03-31T10:00:01+00:00",
        "2025-04-01T10:00:00+00:00",
    ]


def test_a_weekly_moment_is_local_on_the_named_days() -> None:
    # Monday 31 March 2025, 08:00 in Brussels is 06:00Z; Wednesday is beyond the two days.
    found = between(
        weekly(["MONDAY", "tuesday", "Wednesday"], "08:00"),
        "2025-03-31T05:00:00+00:00",
        "2025-04-02T05:00:00+00:00",
    )
    assert found == ["2025-03-31T06:00:00+00:00", "2025-04-01T06:00:00+00:00"]


def test_a_day_named_twice_counts_once() -> None:
    found = between(
        weekly(["monday", "Monday"], "08:00"), "2025-03-31T05:00:00+00:00", "2025-04-01T05:00:00+00:00"
    )
    assert found == ["2025-03-31T06:00:00+00:00"]


def test_a_moment_said_twice_is_one() -> None:
    once = policy(frequency="once", date_times=["2025-03-31T10:00:00Z", "2025-03-31T12:00:00+02:00"])
    found = between(once, "2025-03-31T05:00:00+00:00", "2025-04-01T05:00:00+00:00")
    assert found == ["2025-03-31T10:00:00+00:00"]


def test_a_time_that_does_not_exist_moves_to_the_next_minute_that_does() -> None:
    # 30 March 2025: 02:00 becomes 03:00 in Brussels, at 01:00Z.
    found = between(weekly(["sunday"], "02:30"), "2025-03-29T12:00:00+00:00", "2025-03-30T12:00:00+00:00")
    assert found == ["2025-03-30T01:00:00+00:00"]


def test_a_time_that_exists_twice_means_the_first() -> None:
    # 26 October 2025: 02:30 in Brussels is 00:30Z and 01:30Z.
    found = between(weekly(["sunday"], "02:30"), "2025-10-25T12:00:00+00:00", "2025-10-26T12:00:00+00:00")
    assert found == ["2025-10-26T00:30:00+00:00"]


@pytest.mark.parametrize(("timezone", "utc"), [("Pacific/Auckland", "19:00"), ("Pacific/Honolulu", "18:00")])
def test_a_zone_whose_date_is_another_is_found_too(timezone: str, utc: str) -> None:
    # Tuesday 08:00 in Auckland (UTC+13) is Monday 19:00Z; in Honolulu (UTC-10) it is Tuesday 18:00Z.
    found = between(
        weekly(["tuesday"], "08:00", timezone), "2025-03-31T12:00:00+00:00", "2025-04-02T12:00:00+00:00"
    )
    assert [moment[11:16] for moment in found] == [utc]
