"""Plan a request that a caller makes up; nothing is stored."""

from kwartier.planning.plan import Plan
from kwartier.planning.problem import InvalidRequest
from kwartier.planning.request import PlanRequest
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports.planner import Planner, PlannerBusy


def what_if(request: PlanRequest, *, planner: Planner) -> Plan | NotPlannable | PlannerBusy:
    """The plan; by the planner's deadline, then the fallback plan with the reason in its warnings."""
    try:
        return planner.plan(request)
    except InvalidRequest as refused:
        return NotPlannable(tuple(refused.findings))
