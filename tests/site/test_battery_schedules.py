"""Schedules whose frequency is misspelt are kept as they were sent, and only the word is reported."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from kwartier.site.devices.battery_energy_storage_system import SchedulePolicy

POLICY = TypeAdapter(SchedulePolicy)


@pytest.mark.parametrize(
    "schedule",
    [
        {"frequency": "onec", "date_times": ["2026-03-02T07:00:00Z"]},
        {"frequency": "wekly", "day_of_week": ["monday"], "time": "09:00", "timezone": "Europe/Brussels"},
        {"frequency": "once", "date_times": ["2026-03-02T07:00:00Z"]},
        {"frequency": "weekly", "day_of_week": ["monday"], "time": "09:00", "timezone": "Europe/Brussels"},
    ],
)
def test_a_schedule_is_written_as_it_was_read(schedule: dict[str, Any]) -> None:
    policy = POLICY.validate_python({"type": "schedule", "schedule": schedule})
    assert POLICY.dump_python(policy, mode="json")["schedule"] == schedule
