"""Plans of a site, and plans of requests that nothing is stored of."""

from kwartier.adapters.http.plans.documents import (
    PlanOrder,
    PlanPage,
    PlanSummaryDocument,
    PlanWithRequest,
)
from kwartier.client.call import Call, Listing, document_of, json_of, sending
from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanOptions, PlanRequest

ALL = "/v1/sites/{site_id}/plans"


def plan_now(site_id: str, options: PlanOptions | None = None) -> Call[Plan]:
    """The plan of the site from now on, stored with all that it was made from; without options, as the cycle plans."""
    body = {} if options is None else sending(json_of(PlanOrder(options=options)))
    return Call("POST", ALL, read=document_of(Plan), ids={"site_id": site_id}, **body)


def list_all(site_id: str, *, page_size: int = 100) -> Listing[PlanSummaryDocument]:
    """The plans of a site, the latest first."""
    return Listing(
        lambda after: Call(
            "GET",
            ALL,
            read=document_of(PlanPage),
            ids={"site_id": site_id},
            query={"after": after, "page_size": page_size},
        )
    )


def latest(site_id: str) -> Call[Plan]:
    """The latest plan of a site."""
    return Call("GET", f"{ALL}/latest", read=document_of(Plan), ids={"site_id": site_id})


def read(site_id: str, plan_id: str) -> Call[Plan]:
    """A plan."""
    return Call("GET", f"{ALL}/{{plan_id}}", read=document_of(Plan), ids=_ids(site_id, plan_id))


def with_request(site_id: str, plan_id: str) -> Call[PlanWithRequest]:
    """A plan with everything that it was made from; `kwartier.plan(found.request)` makes it again."""
    return Call(
        "GET",
        f"{ALL}/{{plan_id}}",
        read=document_of(PlanWithRequest),
        ids=_ids(site_id, plan_id),
        query={"include": "request"},
    )


def what_if(request: PlanRequest) -> Call[Plan]:
    """The plan of a request of which nothing is stored."""
    return Call("POST", "/v1/planning", read=document_of(Plan), **sending(json_of(request)))


def _ids(site_id: str, plan_id: str) -> dict[str, str]:
    return {"site_id": site_id, "plan_id": plan_id}
