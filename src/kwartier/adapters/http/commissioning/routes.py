"""GET /v1/sites/{site_id}/commissioning."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.commissioning.documents import CommissioningDocument, commissioning_document
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.outcomes import UnknownSite
from kwartier.service.read_commissioning import Commissioning, read_commissioning

PATH = "/v1/sites/{site_id}/commissioning"
ACCESS: AccessTable = {("GET", PATH): Access.READ}
router = APIRouter(tags=["validation"])


@router.get(
    PATH,
    summary="Read which asset sends what, and which phase reacts to which pin",
    response_model=CommissioningDocument,
    responses=answers(UnknownSite),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """What each asset sent last and how often, and of AC poles the phase on which each pin seems to hang.

    A pin is judged by the moments of the last 6 h in which it alone changed its power. Those say how much of it a meter
    above shows on each phase; scatter of other loads makes the answer less certain.
    """
    outcome = read_commissioning(caller, site_id, ports=ports)
    match outcome:
        case Commissioning():
            return json_response(commissioning_document(outcome))
        case UnknownSite():
            raise refusal(outcome)
