"""GET /v1/sites/{site_id}/setpoints."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_OUTCOME, refusal
from kwartier.adapters.http.setpoints.documents import SetpointsDocument, setpoints_document
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.read_setpoints import SetpointsRead, read_setpoints

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/setpoints"): Access.READ}
router = APIRouter(tags=["setpoints"])


@router.get(
    "/v1/sites/{site_id}/setpoints",
    summary="Read what devices should do now",
    response_model=SetpointsDocument,
    responses=answers(UnknownSite, NotPlannable),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """What the control told each device last: the plan, as far as it fits now. Ask again before `validUntil`.

    Where no plan is in force, or where the control has fallen silent, the site goes down the safety ladder; on its
    floor every pole has the largest equal share that fits, and batteries idle. `told_at`: how old its word is.
    """
    outcome = read_setpoints(
        caller,
        site_id,
        sites=ports.sites,
        plans=ports.plans,
        standings=ports.standings,
        dry_runs=ports.dry_runs,
        clock=ports.clock,
        flags=ports.flags,
    )
    match outcome:
        case SetpointsRead():
            return json_response(setpoints_document(outcome))
        case NotPlannable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[NotPlannable], findings)
        case UnknownSite():
            raise refusal(outcome)
