"""POST /v1/planning: what would the plan be?"""

from fastapi import APIRouter, Response

from kwartier.adapters.http.bodies import Body, body_of, read_document
from kwartier.adapters.http.callers import Access, AccessTable
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.planning.example import EXAMPLE_REQUEST
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import UNPLANNABLE, refusal
from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports.planner import PlannerBusy
from kwartier.service.what_if import what_if

ACCESS: AccessTable = {("POST", "/v1/planning"): Access.READ}
router = APIRouter(tags=["planning"])


@router.post(
    "/v1/planning",
    summary="Plan a request without storing anything",
    response_model=Plan,
    responses=answers(UNPLANNABLE, PlannerBusy),
    openapi_extra=body_of(PlanRequest, EXAMPLE_REQUEST),
)
def plan(ports: PortsOf, body: Body) -> Response:
    """The plan of the request in the body: a site, a moment, and what is known of prices, forecasts, state and cars.

    What is missing is assumed as the plan's `warnings` say. A plan that is not ready by the deadline is of status
    `fallback`, with the reason in its warnings.
    """
    outcome = what_if(read_document(PlanRequest, body), planner=ports.planner)
    match outcome:
        case Plan():
            return Response(outcome.model_dump_json().encode(), media_type="application/json")
        case NotPlannable(findings):
            raise refused_for(UNPLANNABLE, findings)
        case PlannerBusy():
            raise refusal(outcome)
