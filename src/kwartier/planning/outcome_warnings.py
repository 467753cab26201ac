"""What a plan could not keep, in words: cars that leave short, policies missed, limits that the site itself breaks."""

from collections.abc import Sequence

from kwartier.planning.costing import policy_distance_wh, shortages_wh
from kwartier.planning.plan import LimitViolation
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule, charged_wh
from kwartier.units.quarter_hour import from_epoch_s

# Shortages below this are rounding (Wh); planner.md counts 0.1 Wh as nothing.
NEGLIGIBLE_WH = 0.1


def _clock(problem: Problem, moment_s: float) -> str:
    local = from_epoch_s(moment_s).astimezone(problem.timezone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _short_cars(problem: Problem, schedule: Schedule) -> list[str]:
    charged = charged_wh(problem, schedule)
    short = shortages_wh(problem, charged)
    return [
        f"{session.asset_id}: transaction {session.transaction_id} gets {charged[index] / 1000.0:.1f} of "
        f"{session.owed_wh / 1000.0:.1f} kWh by {_clock(problem, min(session.departure_s, problem.grid.end_s))}"
        for index, session in enumerate(problem.sessions)
        if not session.expected and short[index] > NEGLIGIBLE_WH
    ]


def _missed_policies(problem: Problem, schedule: Schedule) -> list[str]:
    return [
        f"{problem.batteries[moment.battery_index].device.name}: the state of charge misses its policy at "
        f"{_clock(problem, moment.moment_s)} by {distance / 1000.0:.1f} kWh"
        for moment, distance in zip(problem.policies, policy_distance_wh(problem, schedule), strict=True)
        if distance > NEGLIGIBLE_WH
    ]


def _broken_limits(problem: Problem, violations: Sequence[LimitViolation]) -> list[str]:
    """One line per collector and phase with the worst step: the full list stands in `limit_violations`."""
    worst: dict[tuple[str, str | None], tuple[int, float, float, int]] = {}
    for violation in violations:
        value = violation.current_a if violation.current_a is not None else (violation.power_w or 0.0)
        limit = violation.limit_a if violation.limit_a is not None else (violation.limit_w or 0.0)
        key = (violation.collector, violation.phase)
        step, highest, _, count = worst.get(key, (violation.step, 0.0, limit, 0))
        if abs(value) - limit > highest:
            step, highest = violation.step, abs(value) - limit
        worst[key] = (step, highest, limit, count + 1)
    return [
        f"{collector}{', ' + phase if phase else ''}: the uncontrollable load exceeds the limit of "
        f"{limit:g} {'A' if phase else 'W'} in {count} {'step' if count == 1 else 'steps'}, most by {excess:.1f} at "
        f"{_clock(problem, float(problem.grid.start_s[step]))}"
        for (collector, phase), (step, excess, limit, count) in worst.items()
    ]


def outcome_warnings(problem: Problem, schedule: Schedule, violations: Sequence[LimitViolation]) -> list[str]:
    """Everything the plan could not keep."""
    return [
        *_broken_limits(problem, violations),
        *_short_cars(problem, schedule),
        *_missed_policies(problem, schedule),
    ]
