"""The routes of charging sessions and of what is decided about them."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.bodies import Body, body_of, read_document
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.paging import Paging, page_document
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BAD_CURSOR, PROBLEM_BY_OUTCOME, UNPROCESSABLE, Refused, refusal
from kwartier.adapters.http.sessions.documents import (
    EXAMPLE_OVERRIDE,
    OverrideDocument,
    OverrideKept,
    OverridePage,
    SessionsDocument,
    override_document,
    sessions_document,
)
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.list_session_overrides import list_session_overrides
from kwartier.service.outcomes import UnknownSite
from kwartier.service.override_session import OverrideRefused, UnknownSession, override_session
from kwartier.service.page import Page
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.read_sessions import SiteSessions, read_sessions
from kwartier.service.session_override import NumberedOverride, SessionKey

SESSIONS = "/v1/sites/{site_id}/sessions"
OVERRIDES = "/v1/sites/{site_id}/session-overrides"
ACCESS: AccessTable = {
    ("GET", SESSIONS): Access.READ,
    ("POST", OVERRIDES): Access.WRITE,
    ("GET", OVERRIDES): Access.READ,
}
router = APIRouter(tags=["sessions"])


@router.get(
    SESSIONS,
    summary="Read the charging sessions of a site, with what they cost and whether they will be ready",
    response_model=SessionsDocument,
    responses=answers(UnknownSite, NotPlannable),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The sessions that run, and those that ended in the last 24 h.

    Everything that runs in a quarter-hour has the same share of the sun in it. Costs are of energy alone: contract,
    grid and levies. What a peak costs belongs to the month.
    """
    outcome = read_sessions(caller, site_id, ports=ports)
    match outcome:
        case SiteSessions():
            return json_response(sessions_document(outcome))
        case NotPlannable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[NotPlannable], findings)
        case UnknownSite():
            raise refusal(outcome)


@router.post(
    OVERRIDES,
    status_code=201,
    summary="Decide about a charging session in place of its car",
    response_model=OverrideKept,
    responses=answers(UNPROCESSABLE, UnknownSite, UnknownSession),
    openapi_extra=body_of(OverrideDocument, EXAMPLE_OVERRIDE),
)
def override(caller: CallerOf, ports: PortsOf, site_id: SiteId, body: Body) -> Response:
    """The entry in the site's record. It replaces what was decided before, and the site is planned with it at once.

    No fuse and no minimum of another car yields to it.
    """
    asked = read_document(OverrideDocument, body)
    outcome = override_session(
        caller,
        site_id,
        SessionKey(asked.asset_id, asked.transaction_id),
        asked.wish,
        departure_time=asked.departure_time,
        minimum_energy_wh=asked.minimum_energy_wh,
        ports=ports,
    )
    match outcome:
        case NumberedOverride():
            return json_response(override_document(outcome), 201)
        case OverrideRefused(findings):
            raise refused_for(UNPROCESSABLE, findings)
        case UnknownSite() | UnknownSession():
            raise refusal(outcome)


@router.get(
    OVERRIDES,
    summary="List what was decided about a site's sessions, by whom and when",
    response_model=OverridePage,
    responses=answers(UnknownSite, BAD_CURSOR),
)
def list_page(caller: CallerOf, ports: PortsOf, site_id: SiteId, paging: Paging) -> Response:
    """A page of the record, newest first; also of sessions that are over."""
    outcome = list_session_overrides(
        caller,
        site_id,
        before_number=_number(paging.after_key),
        page_size=paging.page_size,
        sites=ports.sites,
        session_overrides=ports.session_overrides,
    )
    match outcome:
        case Page(items, has_next_page):
            last = str(items[-1].override_number) if items else None
            data = [override_document(one) for one in items]
            return json_response(page_document(data, paging, last_key=last, has_next_page=has_next_page))
        case UnknownSite():
            raise refusal(outcome)


def _number(key: str | None) -> int | None:
    """The entry that a cursor of the record stands for; a cursor of another list is none."""
    if key is None:
        return None
    if not (key.isascii() and key.isdecimal() and len(key) <= 9):
        raise Refused(BAD_CURSOR)
    return int(key)
