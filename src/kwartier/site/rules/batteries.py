"""State-of-charge policies of batteries."""

from collections.abc import Iterator

from kwartier.site.devices.battery_energy_storage_system import (
    BatteryEnergyStorageSystem,
    SchedulePolicy,
    WeeklySchedule,
)
from kwartier.site.json_path import as_text, hint, step_into
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Survey
from kwartier.site.timezone import zone_names


def _policies(survey: Survey) -> Iterator[tuple[str, str, SchedulePolicy]]:
    """Path, battery's name and content of every policy."""
    for path, device in survey.devices:
        if isinstance(device, BatteryEnergyStorageSystem):
            for index, policy in enumerate(device.policies):
                yield step_into(step_into(path, "policies"), index), device.name, policy


@rule("battery.policy_band", "ERROR", "a policy's minimum state of charge lies above its maximum")
def policy_band(survey: Survey) -> Iterator[Problem]:
    """One problem for each band that is empty."""
    for path, name, policy in _policies(survey):
        low, high = policy.minimum_state_of_charge, policy.maximum_state_of_charge
        if low > high:
            yield Problem(
                step_into(path, "minimum_state_of_charge"),
                f"device {as_text(name)}: no state of charge is at least {low:g} % and at most {high:g} %; "
                "exchange or correct the two",
                low,
                f"at most {high:g}",
            )


@rule("battery.unknown_timezone", "ERROR", "a weekly schedule's time zone is no IANA time zone")
def unknown_timezone(survey: Survey) -> Iterator[Problem]:
    """One problem for each schedule whose local time means nothing."""
    for path, name, policy in _policies(survey):
        if isinstance(policy.schedule, WeeklySchedule) and policy.schedule.timezone not in zone_names():
            zone = policy.schedule.timezone
            yield Problem(
                step_into(step_into(path, "schedule"), "timezone"),
                f"device {as_text(name)}: there is no time zone {as_text(zone)}"
                f"{hint(zone, sorted(zone_names()))}; write an IANA name such as Europe/Brussels",
                zone,
                "a name of the IANA time zone database",
            )


@rule(
    "battery.empty_schedule", "WARNING", "a schedule names no day or no moment, so its policy never applies"
)
def empty_schedule(survey: Survey) -> Iterator[Problem]:
    """One problem for each schedule without moments."""
    for path, name, policy in _policies(survey):
        weekly = isinstance(policy.schedule, WeeklySchedule)
        moments = (
            policy.schedule.day_of_week
            if isinstance(policy.schedule, WeeklySchedule)
            else policy.schedule.date_times
        )
        if not moments:
            key = "day_of_week" if weekly else "date_times"
            yield Problem(
                step_into(step_into(path, "schedule"), key),
                f"device {as_text(name)}: {key} is empty, so the policy never applies; name a "
                f"{'day' if weekly else 'moment'} or remove the policy",
                [],
                "one entry or more",
            )
