"""The routes under /v1/sites/{site_id}/dry-run."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.bodies import Body, body_of, read_document
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.dry_run.documents import (
    EXAMPLE_DRY_RUN,
    DryRunDocument,
    DryRunKept,
    dry_run_document,
)
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.dry_run import DryRun
from kwartier.service.outcomes import UnknownSite
from kwartier.service.set_dry_run import read_dry_run, set_dry_run

PATH = "/v1/sites/{site_id}/dry-run"
ACCESS: AccessTable = {("PUT", PATH): Access.WRITE, ("GET", PATH): Access.READ}
router = APIRouter(tags=["dry run"])


@router.put(
    PATH,
    summary="Try a site out, or let it work",
    response_model=DryRunKept,
    responses=answers(UnknownSite),
    openapi_extra=body_of(DryRunDocument, EXAMPLE_DRY_RUN),
)
def put(caller: CallerOf, ports: PortsOf, site_id: SiteId, body: Body) -> Response:
    """The setting. In a dry run the site is planned, judged and watched, and its devices are told nothing.

    Setpoints that a device has end within five minutes; then it follows its fallback, and limits are its own affair.
    """
    document = read_document(DryRunDocument, body)
    outcome = set_dry_run(caller, site_id, is_on=document.dry_run, ports=ports)
    match outcome:
        case DryRun():
            return json_response(dry_run_document(outcome))
        case UnknownSite():
            raise refusal(outcome)


@router.get(
    PATH,
    summary="Read whether a site is only tried out",
    response_model=DryRunKept,
    responses=answers(UnknownSite),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The setting as it was made last; without one devices are told."""
    outcome = read_dry_run(caller, site_id, sites=ports.sites, dry_runs=ports.dry_runs)
    match outcome:
        case DryRun():
            return json_response(dry_run_document(outcome))
        case UnknownSite():
            raise refusal(outcome)
