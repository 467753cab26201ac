"""The last safe plan (R20, rung 3): what an older plan decided, carried on into the present and checked like a new one.

Decisions are taken over, not the document: for the cars that are still there, as far as they still need it, and for
batteries as far as they are still charged. Everything else (forecasts, limits, money) is that of the present request,
and `check_plan`, which shares no code with the planner, judges the result against it.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from kwartier.control.facts import PlanInForce
from kwartier.control.ladder import LAST_SAFE_CYCLES, step_index
from kwartier.planning.check import check_plan
from kwartier.planning.document import PlanFacts, plan_document
from kwartier.planning.identity import plan_id
from kwartier.planning.plan import Plan, SolveFacts
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.request import PlanRequest
from kwartier.planning.schedule import Schedule, make_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A, Session
from kwartier.planning.uncontrolled import uncontrolled
from kwartier.units.quarter_hour import from_epoch_s
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]

# The rung lasts four cycles: a plan reaches one cycle further, so that its last setpoints do not end with it.
CARRIED_STEPS = LAST_SAFE_CYCLES + 2
NOTHING_LEFT_WH = 1e-3


@dataclass(frozen=True)
class Refused:
    """The old plan does not hold any more: the first thing that the check found."""

    reason: str


def carried_on(request: PlanRequest, before: PlanInForce) -> PlanInForce | Refused:
    """An older plan as the last safe one for a request of the present; refused where it does not pass the check.

    It carries on for six steps and then rests: by then there is a new plan, or the ladder has gone on. Raises
    InvalidRequest like `plan` for a request that cannot be planned.
    """
    problem = build_problem(request)
    at = from_epoch_s(float(problem.grid.start_s[0]))
    if step_index(before, at) is None:
        return Refused("the plan has ended")
    schedule = _schedule(problem, before)
    facts = PlanFacts(
        plan_id=plan_id(request, before.plan.plan_id),
        status="feasible",
        solve=SolveFacts(status="last safe", gap=1.0),
        warnings=(f"no new plan: this carries on the one of {before.decided_at.isoformat()}",),
    )
    document = plan_document(problem, schedule, uncontrolled(problem), facts)
    violations = check_plan(request, document).violations
    if violations:
        return Refused(violations[0].message)
    return PlanInForce(document, before.decided_at, "last_safe")


def _schedule(problem: Problem, before: PlanInForce) -> Schedule:
    steps = _old_steps(problem, before)
    level = np.zeros_like(problem.level_max)
    power_w = np.zeros_like(problem.level_max)
    for index, session in enumerate(problem.sessions):
        if not session.expected:
            level[index], power_w[index] = _session(problem, before.plan, index, session, steps)
    battery_w = np.array(
        [_battery_w(problem, before.plan, index, steps) for index in range(len(problem.batteries))]
    ).reshape(len(problem.batteries), problem.grid.step_count)
    return make_schedule(problem, level, power_w, battery_w)


def _old_steps(problem: Problem, before: PlanInForce) -> list[int | None]:
    """For each step of the present the one of the old plan that it lies in; None for those that rest."""
    middles = [
        from_epoch_s(float(start_s)) + timedelta(hours=float(hours) / 2)
        for start_s, hours in zip(problem.grid.start_s, problem.grid.hours_h, strict=True)
    ]
    return [step_index(before, at) if number < CARRIED_STEPS else None for number, at in enumerate(middles)]


def _session(
    problem: Problem, plan: Plan, index: int, session: Session, steps: list[int | None]
) -> tuple[FloatArray, FloatArray]:
    """Level and average power of a car: as planned, until its need is met."""
    level, power_w = np.zeros(len(steps)), np.zeros(len(steps))
    left_wh = session.remaining_wh
    for step, old_step in enumerate(steps):
        if old_step is None or left_wh <= NOTHING_LEFT_WH:
            continue
        planned = min(_planned_level(plan, session, old_step), float(problem.level_max[index, step]))
        wh_per_level = float(problem.kwh_per_level[index, step]) * 1000.0
        if wh_per_level <= 0.0 or (session.is_ac and planned < LEAST_AC_CURRENT_A):
            continue
        level[step] = min(planned, left_wh / wh_per_level)
        if session.is_ac and step < EXECUTED_STEPS:
            level[step] = max(level[step], LEAST_AC_CURRENT_A)
        taken_wh = min(left_wh, level[step] * wh_per_level)
        power_w[step] = taken_wh / float(problem.grid.hours_h[step])
        left_wh -= taken_wh
    return level, power_w


def _planned_level(plan: Plan, session: Session, step: int) -> float:
    """What the old plan said for this very car: A per pin, or kW at a DC pole; nothing for a car it did not know."""
    planned = plan.devices.get(session.asset_id)
    owner = None if planned is None or planned.transaction_id is None else planned.transaction_id[step]
    if planned is None or owner != session.transaction_id:
        return 0.0
    if session.is_ac:
        return max((values[step] for values in (planned.current_a or {}).values()), default=0.0)
    return planned.power_w[step] / 1000.0


def _battery_w(problem: Problem, plan: Plan, index: int, steps: list[int | None]) -> FloatArray:
    """Power of a battery: as planned, until it is full or empty."""
    battery = problem.batteries[index]
    planned = plan.devices.get(battery.device.name)
    power_w, stored_wh = np.zeros(len(steps)), battery.stored_kwh * 1000.0
    capacity_wh = battery.capacity_kwh * 1000.0
    charging, discharging = battery.device.charging_efficiency, battery.device.discharging_efficiency
    for step, old_step in enumerate(steps):
        if old_step is None or planned is None:
            continue
        hours = float(problem.grid.hours_h[step])
        highest_w = (capacity_wh - stored_wh) / charging / hours
        lowest_w = -stored_wh * discharging / hours
        power_w[step] = min(max(planned.power_w[old_step], lowest_w), highest_w)
        stored_wh += hours * (max(power_w[step], 0.0) * charging + min(power_w[step], 0.0) / discharging)
    return power_w
