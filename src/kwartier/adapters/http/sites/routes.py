"""The routes under /v1/sites."""

from dataclasses import replace as replaced
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel

from kwartier.adapters.http.bodies import Body, body_of, read_document, read_object, shape_details
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.idempotent_route import NO_TO_KEYS, IdempotentRoute, keyed
from kwartier.adapters.http.paging import Paging, page_document
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BAD_CURSOR, BAD_PRECONDITION, UNPROCESSABLE, Refused, refusal
from kwartier.adapters.http.revisions import ETAG_HEADER, IF_MATCH_PARAMETER, IfMatch, etag_of
from kwartier.adapters.http.sites.documents import (
    SitePage,
    SiteRevisionPage,
    revision_document,
    site_document,
)
from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.change_site import ChangeOutcome, SiteChanged
from kwartier.service.create_site import SiteCreated, SiteExists, create_site
from kwartier.service.delete_site import SiteDeleted, delete_site
from kwartier.service.list_sites import list_sites
from kwartier.service.outcomes import DocumentTooLarge, RevisionConflict, SiteIdDiffers, UnknownSite
from kwartier.service.page import Page
from kwartier.service.patch_site import NotASite, patch_site
from kwartier.service.ports import Ports
from kwartier.service.read_site import read_site
from kwartier.service.read_site_history import read_site_history
from kwartier.service.replace_site import replace_site
from kwartier.service.revalidate_site import revalidate_site
from kwartier.service.site_record import SiteRecord
from kwartier.site.document import Site, SiteCreateDTO

ACCESS: AccessTable = {
    ("POST", "/v1/sites"): Access.WRITE,
    ("GET", "/v1/sites"): Access.READ,
    ("GET", "/v1/sites/{site_id}"): Access.READ,
    ("PUT", "/v1/sites/{site_id}"): Access.WRITE,
    ("PATCH", "/v1/sites/{site_id}"): Access.WRITE,
    ("DELETE", "/v1/sites/{site_id}"): Access.WRITE,
    ("GET", "/v1/sites/{site_id}/history"): Access.READ,
}
router = APIRouter(tags=["sites"], route_class=IdempotentRoute)

SiteId = Annotated[
    str, Path(pattern="^[a-zA-Z0-9_-]{1,64}$", description="The site's name.", examples=["brussels-hub"])
]
EXAMPLE_PATCH = {"configurations": {"optimization_configuration": {"planning_horizon": "P1D"}}}
IGNORED = ("validation_status",)
PATCH_TYPES = ("application/merge-patch+json", "application/json")


class SitePatch(BaseModel):
    """A JSON Merge Patch (RFC 7396): what is named is replaced, null removes, the rest stays."""

    model_config = {"extra": "allow"}


def _changing(extra: dict[str, Any]) -> dict[str, Any]:
    return {**extra, "parameters": [IF_MATCH_PARAMETER]}


@router.post(
    "/v1/sites",
    status_code=201,
    summary="Create a site",
    response_model=Site,
    responses={201: {"headers": ETAG_HEADER}, **answers(SiteExists, DocumentTooLarge, *NO_TO_KEYS)},
    openapi_extra=keyed(body_of(SiteCreateDTO, EXAMPLE_SITE, ignored=IGNORED)),
)
def create(caller: CallerOf, ports: PortsOf, body: Body) -> Response:
    """The new site, with its validation status. A document with errors is stored, and not planned."""
    document = read_document(SiteCreateDTO, body)
    outcome = create_site(caller, document, sites=ports.sites, clock=ports.clock, flags=ports.flags)
    match outcome:
        case SiteCreated(record):
            return _site_response(_validated(record, ports), 201)
        case SiteExists() | DocumentTooLarge():
            raise refusal(outcome)


@router.get("/v1/sites", summary="List the sites", response_model=SitePage, responses=answers(BAD_CURSOR))
def list_page(caller: CallerOf, ports: PortsOf, paging: Paging) -> Response:
    """A page of the partner's sites, by id."""
    page = list_sites(caller, after=paging.after_key, page_size=paging.page_size, sites=ports.sites)
    last = page.items[-1].site_id if page.items else None
    data = [site_document(record) for record in page.items]
    return json_response(page_document(data, paging, last_key=last, has_next_page=page.has_next_page))


@router.get(
    "/v1/sites/{site_id}",
    summary="Read a site",
    response_model=Site,
    responses={200: {"headers": ETAG_HEADER}, **answers(UnknownSite)},
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The site's document with every default, its validation status, and its MQTT topics."""
    outcome = read_site(caller, site_id, sites=ports.sites)
    match outcome:
        case SiteRecord():
            return _site_response(outcome)
        case UnknownSite():
            raise refusal(outcome)


@router.put(
    "/v1/sites/{site_id}",
    summary="Replace a site's document",
    response_model=Site,
    responses={
        200: {"headers": ETAG_HEADER},
        **answers(UnknownSite, SiteIdDiffers, RevisionConflict, DocumentTooLarge, BAD_PRECONDITION),
    },
    openapi_extra=_changing(body_of(Site, EXAMPLE_SITE, ignored=IGNORED)),
)
def replace(
    caller: CallerOf, ports: PortsOf, site_id: SiteId, based_on_number: IfMatch, body: Body
) -> Response:
    """The site with the new document: a SiteUpdateDTO, or a Site as it was read.

    Without `active` the site stays as active as it is. What the server computes is ignored where it is sent.
    """
    return _changed_response(
        ports,
        replace_site(
            caller,
            site_id,
            read_document(Site, body),
            based_on_number=based_on_number,
            sites=ports.sites,
            clock=ports.clock,
            flags=ports.flags,
        ),
    )


@router.patch(
    "/v1/sites/{site_id}",
    summary="Change parts of a site's document",
    response_model=Site,
    responses={
        200: {"headers": ETAG_HEADER},
        **answers(UnknownSite, SiteIdDiffers, RevisionConflict, DocumentTooLarge, BAD_PRECONDITION),
    },
    openapi_extra=_changing(body_of(SitePatch, EXAMPLE_PATCH, media_types=PATCH_TYPES)),
)
def patch(
    caller: CallerOf, ports: PortsOf, site_id: SiteId, based_on_number: IfMatch, body: Body
) -> Response:
    """The site with a JSON Merge Patch (RFC 7396) applied: null removes a field, a list is replaced whole."""
    outcome = patch_site(
        caller,
        site_id,
        read_object(body),
        based_on_number=based_on_number,
        sites=ports.sites,
        clock=ports.clock,
        flags=ports.flags,
    )
    if isinstance(outcome, NotASite):
        raise Refused(UNPROCESSABLE, details=shape_details(Site, outcome.error))
    return _changed_response(ports, outcome)


@router.delete(
    "/v1/sites/{site_id}",
    status_code=204,
    summary="Delete a site",
    responses=answers(UnknownSite, RevisionConflict, BAD_PRECONDITION),
    openapi_extra={"parameters": [IF_MATCH_PARAMETER]},
)
def delete(caller: CallerOf, ports: PortsOf, site_id: SiteId, based_on_number: IfMatch) -> Response:
    """The site is gone. Its history stays readable, so that it can be created again from there."""
    outcome = delete_site(
        caller, site_id, based_on_number=based_on_number, sites=ports.sites, clock=ports.clock
    )
    match outcome:
        case SiteDeleted():
            return Response(status_code=204)
        case UnknownSite() | RevisionConflict():
            raise refusal(outcome)


@router.get(
    "/v1/sites/{site_id}/history",
    summary="Read what a site's document was, who changed it and when",
    response_model=SiteRevisionPage,
    responses=answers(UnknownSite, BAD_CURSOR),
)
def read_history(caller: CallerOf, ports: PortsOf, site_id: SiteId, paging: Paging) -> Response:
    """A page of the history, newest first; also of a deleted site."""
    before_number = _revision_number(paging.after_key)
    outcome = read_site_history(
        caller, site_id, before_number=before_number, page_size=paging.page_size, sites=ports.sites
    )
    match outcome:
        case Page(items, has_next_page):
            last = str(items[-1].revision_number) if items else None
            data = [revision_document(revision) for revision in items]
            return json_response(page_document(data, paging, last_key=last, has_next_page=has_next_page))
        case UnknownSite():
            raise refusal(outcome)


def _revision_number(key: str | None) -> int | None:
    """The revision that a cursor of the history stands for; a cursor of another list is none."""
    if key is None:
        return None
    if not (key.isascii() and key.isdecimal() and len(key) <= 9):
        raise Refused(BAD_CURSOR)
    return int(key)


def _validated(record: SiteRecord, ports: Ports) -> SiteRecord:
    """The site with the status that its new document and what was received make."""
    return replaced(record, validation_status=revalidate_site(record, ports=ports).status)


def _changed_response(ports: Ports, outcome: ChangeOutcome) -> Response:
    match outcome:
        case SiteChanged(record):
            return _site_response(_validated(record, ports))
        case UnknownSite() | SiteIdDiffers() | RevisionConflict() | DocumentTooLarge():
            raise refusal(outcome)


def _site_response(record: SiteRecord, status_code: int = 200) -> Response:
    return json_response(site_document(record), status_code, {"ETag": etag_of(record.revision_number)})
