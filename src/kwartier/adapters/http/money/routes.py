"""GET /v1/sites/{site_id}/money and /v1/sites/{site_id}/tariff-comparison."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.bills.routes import CollectorName, Month
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.money.documents import (
    MoneyDocument,
    TariffComparisonDocument,
    comparison_document,
    money_document,
)
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_OUTCOME, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.compare_tariffs import TariffComparison, compare_tariffs
from kwartier.service.money.connection_meter import NotBillable
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.read_money import MoneyOutlook, read_money
from kwartier.tariffs import LocalMonth

MONEY = "/v1/sites/{site_id}/money"
COMPARISON = "/v1/sites/{site_id}/tariff-comparison"
ACCESS: AccessTable = {("GET", MONEY): Access.READ, ("GET", COMPARISON): Access.READ}
router = APIRouter(tags=["bills"])


@router.get(
    MONEY,
    summary="Read the running month: its bill so far and to its end, what control saved, its peaks",
    response_model=MoneyDocument,
    responses=answers(UnknownSite, NotPlannable, NotBillable),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId, collector: CollectorName = None) -> Response:
    """The month to its end is as planned, then as on the last day of the same kind; its prices are known or estimated.

    Savings compare with every car charging on arrival and batteries at rest, each ending with the same energy.
    Of a peak that counts for twelve months this month's bill holds a twelfth.
    """
    outcome = read_money(caller, site_id, collector, ports=ports)
    match outcome:
        case MoneyOutlook():
            return json_response(money_document(outcome))
        case NotPlannable(findings) | NotBillable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[type(outcome)], findings)
        case UnknownSite():
            raise refusal(outcome)


@router.get(
    COMPARISON,
    summary="Bill a month under other contracts and connections",
    response_model=TariffComparisonDocument,
    responses=answers(UnknownSite, NotPlannable, NotBillable),
)
def compare(
    caller: CallerOf, ports: PortsOf, site_id: SiteId, month: Month = None, collector: CollectorName = None
) -> Response:
    """The same quarter-hours under the contracts whose cards are known, and at the operator's other connections."""
    asked = None if month is None else LocalMonth.parse(month)
    outcome = compare_tariffs(caller, site_id, asked, collector, ports=ports)
    match outcome:
        case TariffComparison():
            return json_response(comparison_document(outcome))
        case NotPlannable(findings) | NotBillable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[type(outcome)], findings)
        case UnknownSite():
            raise refusal(outcome)
