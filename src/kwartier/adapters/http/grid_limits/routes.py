"""The routes under /v1/sites/{site_id}/grid-limits."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.bodies import Body, body_of, read_document
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.grid_limits.documents import (
    EXAMPLE_LIMITS,
    GridLimitsDocument,
    GridLimitsKept,
    grid_limits_document,
)
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_OUTCOME, UNPROCESSABLE, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.operator_limits import OperatorLimits
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.set_grid_limits import (
    GridLimitsRefused,
    NoGridLimits,
    hear_grid_operator,
    read_grid_limits,
    set_grid_limits,
)

PATH = "/v1/sites/{site_id}/grid-limits"
ACCESS: AccessTable = {
    ("PUT", PATH): Access.WRITE,
    ("GET", PATH): Access.READ,
    ("POST", f"{PATH}/heartbeat"): Access.WRITE,
}
router = APIRouter(tags=["grid limits"])


@router.put(
    PATH,
    summary="Set what the grid operator allows",
    response_model=GridLimitsKept,
    responses=answers(UNPROCESSABLE, UnknownSite, NotPlannable),
    openapi_extra=body_of(GridLimitsDocument, EXAMPLE_LIMITS),
)
def put(caller: CallerOf, ports: PortsOf, site_id: SiteId, body: Body) -> Response:
    """The limits in force: they come before everything but the fuses, and the site is planned with them at once.

    With a failsafe value the sender has to be heard at least every 120 s, by this call or by a heartbeat.
    """
    document = read_document(GridLimitsDocument, body)
    outcome = set_grid_limits(caller, site_id, document.limits, document.failsafe, ports=ports)
    match outcome:
        case OperatorLimits():
            return json_response(grid_limits_document(outcome))
        case GridLimitsRefused(findings):
            raise refused_for(UNPROCESSABLE, findings)
        case NotPlannable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[NotPlannable], findings)
        case UnknownSite():
            raise refusal(outcome)


@router.post(
    f"{PATH}/heartbeat",
    summary="Say that the grid operator is there",
    response_model=GridLimitsKept,
    responses=answers(UnknownSite, NoGridLimits),
)
def beat(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The limits that stand. After a silence of more than 120 s the failsafe value stays until limits are set again."""
    outcome = hear_grid_operator(caller, site_id, ports=ports)
    match outcome:
        case OperatorLimits():
            return json_response(grid_limits_document(outcome))
        case UnknownSite() | NoGridLimits():
            raise refusal(outcome)


@router.get(
    PATH,
    summary="Read what the grid operator allows",
    response_model=GridLimitsKept,
    responses=answers(UnknownSite, NoGridLimits),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The limits as they were set last, past ones too."""
    outcome = read_grid_limits(caller, site_id, sites=ports.sites, operator_limits=ports.operator_limits)
    match outcome:
        case OperatorLimits():
            return json_response(grid_limits_document(outcome))
        case UnknownSite() | NoGridLimits():
            raise refusal(outcome)
