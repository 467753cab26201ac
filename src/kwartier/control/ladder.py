"""The safety ladder of a site (R22): which rung is possible, and which is in force; down at once, up after two cycles.

| rung | holds while |
|---|---|
| optimal, feasible | the plan was decided at most a cycle and a grace ago |
| last_safe | an older plan, carried on and re-checked, for at most four cycles more |
| share | no plan, and the meter of every connection is fresh |
| floor | neither |
| stop | a protection signal |
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.control.events import RungChanged
from kwartier.control.facts import PlanInForce, TickFacts
from kwartier.control.memory import TickMemory
from kwartier.control.rows import usable_meter
from kwartier.control.setpoint import Rung
from kwartier.control.wiring import ControlSite

RUNGS: tuple[Rung, ...] = ("optimal", "feasible", "last_safe", "share", "floor", "stop")
PLAN_RUNGS = frozenset[Rung]({"optimal", "feasible", "last_safe"})

CYCLE = timedelta(minutes=15)
# R21: every plan is there 120 s after its quarter-hour began.
GRACE = timedelta(seconds=120)
# reliability.md, section 6.
LAST_SAFE_CYCLES = 4


@dataclass(frozen=True)
class Standing:
    """Where a site stands on the ladder, why, since when it could stand higher, and what changed."""

    rung: Rung
    reason: str
    better_since_s: float | None = None
    event: RungChanged | None = None


def possible_rung(site: ControlSite, facts: TickFacts) -> tuple[Rung, str]:
    """The best rung that the facts allow, and why it is no better one."""
    if facts.stop is not None:
        return "stop", facts.stop
    plan_rung, reason = _plan_rung(facts.plan, facts.at)
    if plan_rung is not None:
        return plan_rung, reason
    roots = {site.tree.boards[device.board].root for device in site.devices}
    silent = sorted(root for root in roots if usable_meter(facts, root) is None)
    if silent or not roots:
        return (
            "floor",
            f"{reason}; no fresh reading of the meter of {', '.join(silent)}" if silent else reason,
        )
    return "share", f"{reason}: an equal share of the measured room"


def _plan_rung(in_force: PlanInForce | None, at: datetime) -> tuple[Rung | None, str]:
    if in_force is None:
        return None, "there is no plan"
    plan, age = in_force.plan, at - in_force.decided_at
    if step_index(in_force, at) is None:
        return None, "the plan does not cover this moment"
    if in_force.origin == "new" and age <= CYCLE + GRACE:
        return ("optimal" if plan.status == "optimal" else "feasible"), f"as planned ({plan.status})"
    if in_force.origin == "last_safe" and age <= CYCLE + GRACE + LAST_SAFE_CYCLES * CYCLE:
        return "last_safe", f"no new plan since {in_force.decided_at:%H:%M} UTC: the last safe one goes on"
    return None, f"the plan of {in_force.decided_at:%H:%M} UTC is too old"


def step_index(in_force: PlanInForce, at: datetime) -> int | None:
    """The step of a plan that holds at a moment; None before its first and after its last."""
    for number, step in enumerate(in_force.plan.steps):
        if step.start <= at < step.start + timedelta(hours=step.hours):
            return number
    return None


def standing(site: ControlSite, facts: TickFacts, before: TickMemory) -> Standing:
    """The rung in force: a worse one at once, a better one after it was possible in two cycles."""
    possible, reason = possible_rung(site, facts)
    if before.rung is None or possible == before.rung:
        return Standing(possible, reason)
    if RUNGS.index(possible) > RUNGS.index(before.rung):
        return Standing(possible, reason, event=RungChanged(before.rung, possible, reason))
    since_s = facts.clock_s if before.better_since_s is None else before.better_since_s
    if facts.clock_s - since_s >= CYCLE.total_seconds():
        return Standing(possible, reason, event=RungChanged(before.rung, possible, reason))
    return Standing(
        before.rung, f"{possible} is possible again, and must be so in the next cycle too", since_s
    )
