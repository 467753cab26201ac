"""The routes under /v1/sites/{site_id}/plans."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from kwartier.adapters.http.bodies import Body, body_of, optional, read_document
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.idempotent_route import NO_TO_KEYS, IdempotentRoute, keyed
from kwartier.adapters.http.paging import Paging, page_document
from kwartier.adapters.http.plans.documents import (
    EXAMPLE_ORDER,
    PlanOrder,
    PlanPage,
    PlanWithRequest,
    summary_document,
    with_request,
)
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BAD_CURSOR, PROBLEM_BY_OUTCOME, Refused, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.planning.plan import Plan
from kwartier.service.outcomes import UnknownSite
from kwartier.service.page import Page
from kwartier.service.plan_record import PlanRecord
from kwartier.service.plan_site import SitePlanned, plan_site
from kwartier.service.planning_outcomes import NotPlannable, UnknownPlan
from kwartier.service.ports.plan_store import PlanKey
from kwartier.service.ports.planner import PlannerBusy
from kwartier.service.read_plans import list_plans, read_plan
from kwartier.units.instant import format_instant, parse_instant

ACCESS: AccessTable = {
    ("POST", "/v1/sites/{site_id}/plans"): Access.WRITE,
    ("GET", "/v1/sites/{site_id}/plans"): Access.READ,
    ("GET", "/v1/sites/{site_id}/plans/latest"): Access.READ,
    ("GET", "/v1/sites/{site_id}/plans/{plan_id}"): Access.READ,
}
router = APIRouter(tags=["plans"], route_class=IdempotentRoute)

PlanId = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{32}$", description="The plan's id.", examples=["2d9d9629bffa2b502b0030a75dc933a4"]
    ),
]
Include = Annotated[
    Literal["request"] | None,
    Query(description="`request`: the plan together with the full request that it answers."),
]


@router.post(
    "/v1/sites/{site_id}/plans",
    status_code=201,
    summary="Plan a site now",
    response_model=Plan,
    responses={200: {"model": Plan}, **answers(UnknownSite, NotPlannable, PlannerBusy, *NO_TO_KEYS)},
    openapi_extra=keyed(optional(body_of(PlanOrder, EXAMPLE_ORDER))),
)
def plan_now(caller: CallerOf, ports: PortsOf, site_id: SiteId, body: Body) -> Response:
    """The plan from this second on, made of what is stored: measurements, transactions, prices. No body is needed.

    It is checked, stored with its request, and told to those who listen. The very same request within the same second
    gives the stored plan (200). A plan that is not ready by the deadline is of status `fallback`.
    """
    order = read_document(PlanOrder, body) if body else PlanOrder()
    outcome = plan_site(caller, site_id, order.options, ports=ports)
    match outcome:
        case SitePlanned(record, is_new):
            return _plan_response(record, 201 if is_new else 200)
        case NotPlannable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[NotPlannable], findings)
        case UnknownSite() | PlannerBusy():
            raise refusal(outcome)


@router.get(
    "/v1/sites/{site_id}/plans",
    summary="List a site's plans",
    response_model=PlanPage,
    responses=answers(UnknownSite, BAD_CURSOR),
)
def list_page(caller: CallerOf, ports: PortsOf, site_id: SiteId, paging: Paging) -> Response:
    """A page of the plans, the latest first."""
    outcome = list_plans(
        caller,
        site_id,
        before=_key(paging.after_key),
        page_size=paging.page_size,
        sites=ports.sites,
        plans=ports.plans,
    )
    match outcome:
        case Page(items, has_next_page):
            last = f"{format_instant(items[-1].planned_from)} {items[-1].plan_id}" if items else None
            data = [summary_document(plan) for plan in items]
            return json_response(page_document(data, paging, last_key=last, has_next_page=has_next_page))
        case UnknownSite():
            raise refusal(outcome)


@router.get(
    "/v1/sites/{site_id}/plans/latest",
    summary="Read a site's latest plan",
    response_model=Plan | PlanWithRequest,
    responses=answers(UnknownSite, UnknownPlan),
)
def read_latest(caller: CallerOf, ports: PortsOf, site_id: SiteId, include: Include = None) -> Response:
    """The plan that was made for the latest moment."""
    return _read(caller, ports, site_id, None, include)


@router.get(
    "/v1/sites/{site_id}/plans/{plan_id}",
    summary="Read a plan",
    response_model=Plan | PlanWithRequest,
    responses=answers(UnknownSite, UnknownPlan),
)
def read(
    caller: CallerOf, ports: PortsOf, site_id: SiteId, plan_id: PlanId, include: Include = None
) -> Response:
    """The plan as it was made; with `include=request` all that it was made from, so that it can be made again."""
    return _read(caller, ports, site_id, plan_id, include)


def _read(
    caller: CallerOf, ports: PortsOf, site_id: str, plan_id: str | None, include: str | None
) -> Response:
    outcome = read_plan(caller, site_id, plan_id, sites=ports.sites, plans=ports.plans)
    match outcome:
        case PlanRecord():
            if include is None:
                return _plan_response(outcome, 200)
            return Response(with_request(outcome), media_type="application/json")
        case UnknownSite() | UnknownPlan():
            raise refusal(outcome)


def _plan_response(record: PlanRecord, status_code: int) -> Response:
    return Response(record.plan_json, status_code, media_type="application/json")


def _key(key: str | None) -> PlanKey | None:
    """The plan that a cursor of this list stands for; a cursor of another list is none."""
    if key is None:
        return None
    moment, _, plan_id = key.partition(" ")
    try:
        return PlanKey(parse_instant(moment), plan_id)
    except ValueError:
        raise Refused(BAD_CURSOR) from None
