"""GET /v1/sites/{site_id}/bill."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from kwartier.adapters.http.bills.documents import BillDocument
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_OUTCOME, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.bill_correction import BillAsKnown
from kwartier.service.bill_site import bill_site, bill_site_as_known
from kwartier.service.money.connection_meter import NotBillable
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.tariffs import Bill, LocalMonth
from kwartier.units.instant import Instant

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/bill"): Access.READ}
router = APIRouter(tags=["bills"])


Month = Annotated[
    Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] | None,
    Query(description="YYYY-MM in the site's own time; absent: the running month.", examples=["2026-03"]),
]
CollectorName = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    Query(description="The root collector whose connection is billed; needed where a site has several."),
]
KnownAt = Annotated[
    Instant | None,
    Query(
        description="The moment at which a bill was made: it is read as it was then. Absent: as all is known now.",
        examples=["2026-04-02T08:00:00Z"],
    ),
]


@router.get(
    "/v1/sites/{site_id}/bill",
    summary="Read a month's bill",
    response_model=BillDocument,
    responses=answers(UnknownSite, NotPlannable, NotBillable),
)
def read(
    caller: CallerOf,
    ports: PortsOf,
    site_id: SiteId,
    month: Month = None,
    collector: CollectorName = None,
    known_at: KnownAt = None,
) -> Response:
    """The bill of the connection from the measurements of its root collector's meter, to the cent.

    Every component that applies has its line, also at quantity 0. Where a bill would leave something out there is none.
    With `known_at` it is the bill as it was made at that moment, and `correction` says what late readings change in it.
    """
    asked = None if month is None else LocalMonth.parse(month)
    outcome: Bill | BillAsKnown | UnknownSite | NotPlannable | NotBillable
    if known_at is None:
        outcome = bill_site(caller, site_id, asked, collector, ports=ports)
    else:
        outcome = bill_site_as_known(caller, site_id, asked, collector, known_at, ports=ports)
    match outcome:
        case Bill() | BillAsKnown():
            return json_response(outcome.to_json())
        case NotPlannable(findings) | NotBillable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[type(outcome)], findings)
        case UnknownSite():
            raise refusal(outcome)
