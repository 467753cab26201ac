"""What a plan could not keep although each alone was possible: cars that leave short, policies missed."""

from kwartier.planning.costing import policy_distance_wh
from kwartier.planning.diagnosis import NEGLIGIBLE_WH, local_time, reachable_wh
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule


def _short_cars(problem: Problem, schedule: Schedule) -> list[str]:
    """Cars that share a full board; those that are late anyway stand in the diagnosis."""
    rows = zip(problem.sessions, schedule.charged_wh.tolist(), reachable_wh(problem).tolist(), strict=True)
    return [
        f"the car at {session.asset_id} (transaction {session.transaction_id}) will reach {charged / 1000.0:.1f} of "
        f"{session.owed_wh / 1000.0:.1f} kWh by {local_time(problem, min(session.departure_s, problem.grid.end_s))}"
        for session, charged, reachable in rows
        if not session.expected and min(session.owed_wh, reachable) - charged > NEGLIGIBLE_WH
    ]


def _missed_policies(problem: Problem, schedule: Schedule) -> list[str]:
    return [
        f"{problem.batteries[moment.battery_index].device.name}: the state of charge misses its policy at "
        f"{local_time(problem, moment.moment_s)} by {distance / 1000.0:.1f} kWh"
        for moment, distance in zip(problem.policies, policy_distance_wh(problem, schedule), strict=True)
        if distance > NEGLIGIBLE_WH
    ]


def outcome_warnings(problem: Problem, schedule: Schedule) -> list[str]:
    """Everything the plan could not keep."""
    return [*_short_cars(problem, schedule), *_missed_policies(problem, schedule)]
