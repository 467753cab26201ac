"""The plan that needs no solver: every car at full power on arrival within the limits, batteries idle."""

from typing import Literal

from kwartier.planning.document import PlanFacts, plan_document
from kwartier.planning.identity import plan_id
from kwartier.planning.plan import Plan, SolveFacts
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.request import PlanRequest
from kwartier.planning.schedule import make_schedule
from kwartier.planning.uncontrolled import uncontrolled

STATUS: Literal["fallback"] = "fallback"


def fallback_of(problem: Problem, why: str, solve: SolveFacts) -> Plan:
    """The fallback plan of a problem; `why` says in its warnings what kept a better plan from being made."""
    reference = uncontrolled(problem)
    schedule = make_schedule(problem, reference.level, reference.session_w, reference.battery_w)
    facts = PlanFacts(
        plan_id=plan_id(problem.request),
        status=STATUS,
        solve=solve,
        warnings=(f"this is the fallback plan, charging on arrival within the limits: {why}",),
    )
    return plan_document(problem, schedule, reference, facts)


def fallback_plan(request: PlanRequest, why: str) -> Plan:
    """A safe plan without solving, in milliseconds: no limit broken that the fixed load does not break alone.

    Raises InvalidRequest like `plan`. Example: `fallback_plan(request, "the solver did not answer in 10 s")`.
    """
    return fallback_of(build_problem(request), why, SolveFacts(status=STATUS, gap=1.0))
