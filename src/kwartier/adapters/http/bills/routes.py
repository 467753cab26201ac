"""GET /v1/sites/{site_id}/bill."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, Field

from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_OUTCOME, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.bill_site import NotBillable, bill_site
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.tariffs import Bill, LocalMonth
from kwartier.units.wire import WireModel

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/bill"): Access.READ}
router = APIRouter(tags=["bills"])


def _is_month(text: str) -> str:
    LocalMonth.parse(text)
    return text


Month = Annotated[
    Annotated[str, AfterValidator(_is_month)] | None,
    Query(description="YYYY-MM in the site's own time; absent: the running month.", examples=["2026-03"]),
]
CollectorName = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    Query(description="The root collector whose connection is billed; needed where a site has several."),
]


class BillLineDocument(WireModel):
    """One line: quantity × unit price, EUR without VAT; a payment to the site is negative."""

    component: str
    group: str
    quantity: float
    unit: str
    unit_price_eur: float
    amount_eur: float
    source: str


class BillDocument(WireModel):
    """The bill of a month, EUR."""

    lines: list[BillLineDocument]
    total_excl_vat_eur: float
    vat_eur: float
    total_eur: float
    provisional: bool = Field(description="Quarter-hours of the month are not measured, or not yet.")
    warnings: list[str]


@router.get(
    "/v1/sites/{site_id}/bill",
    summary="Read a month's bill",
    response_model=BillDocument,
    responses=answers(UnknownSite, NotPlannable, NotBillable),
)
def read(
    caller: CallerOf, ports: PortsOf, site_id: SiteId, month: Month = None, collector: CollectorName = None
) -> Response:
    """The bill of the connection from the measurements of its root collector's meter, to the cent.

    Every component that applies has its line, also at quantity 0. Where a bill would leave something out there is none.
    """
    asked = None if month is None else LocalMonth.parse(month)
    outcome = bill_site(caller, site_id, asked, collector, ports=ports)
    match outcome:
        case Bill():
            return json_response(outcome.to_json())
        case NotPlannable(findings) | NotBillable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[type(outcome)], findings)
        case UnknownSite():
            raise refusal(outcome)
