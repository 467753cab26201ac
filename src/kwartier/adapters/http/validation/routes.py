"""GET /v1/sites/{site_id}/validation-status."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.adapters.http.validation.documents import ValidationStatusDocument
from kwartier.service.outcomes import UnknownSite
from kwartier.service.read_site import read_site
from kwartier.service.revalidate_site import revalidate_site
from kwartier.service.site_record import SiteRecord
from kwartier.units.instant import format_instant

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/validation-status"): Access.READ}
router = APIRouter(tags=["sites"])


@router.get(
    "/v1/sites/{site_id}/validation-status",
    summary="Read a site's validation status",
    response_model=ValidationStatusDocument,
    responses=answers(UnknownSite),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The status as it is now, computed from the document and from what was received.

    A parent's status is the worst of its children: ERROR, WARNING, UNKNOWN, OK. It is also computed at every change of
    the document and every quarter-hour; changes are told at `…/events`.
    """
    outcome = read_site(caller, site_id, sites=ports.sites)
    match outcome:
        case SiteRecord():
            state = revalidate_site(outcome, ports=ports)
            since = {path: format_instant(moment) for path, moment in state.since.items()}
            return json_response({**state.status.model_dump(mode="json"), "since": since})
        case UnknownSite():
            raise refusal(outcome)
