"""GET /v1/sites/{site_id}/events."""

import re
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from kwartier.adapters.http.callers import Access, AccessTable, CallerOf, authorise
from kwartier.adapters.http.events.broadcast import Broadcast, Encoded, Listener, encoded
from kwartier.adapters.http.events.stream import EventStream
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BAD_EVENT_ID, TOO_MANY_LISTENERS, Refused, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.outcomes import UnknownSite
from kwartier.service.read_site import read_site

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/events"): Access.READ}
router = APIRouter(tags=["events"])

_EVENT_NUMBER = re.compile("[0-9]{1,9}")
# As many as the log keeps (adapters/sql/event_log.py).
MOST_MISSED_COUNT = 1_000

LastEventId = Annotated[
    str | None,
    Header(description="The `id` of the last event that was received; those after it come first."),
]


@router.get(
    "/v1/sites/{site_id}/events",
    summary="Listen to what happens at a site",
    response_class=Response,
    responses={
        200: {
            "description": "Server-sent events, without an end.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **answers(UnknownSite, BAD_EVENT_ID, TOO_MANY_LISTENERS),
    },
)
async def listen(
    request: Request, caller: CallerOf, ports: PortsOf, site_id: SiteId, last_event_id: LastEventId = None
) -> Response:
    """Server-sent events: `plan_made` (with its id), `validation_changed` (which part of the status, was and is).

    Of the control: `rung_changed`, `limit_violated`, `peak_at_risk`, `device_disobeys`, `device_obeys_again`,
    `operator_failsafe`, `clock_jumped`; one event when it begins.

    Each has an `id`, counted per site; the last 1,000 can be asked for again. A client that reads too slowly is cut
    off, and may come back with the last id it saw.
    """
    after = _number(last_event_id)
    outcome = await run_in_threadpool(read_site, caller, site_id, sites=ports.sites)
    if isinstance(outcome, UnknownSite):
        raise refusal(outcome)
    broadcast: Broadcast = request.app.state.broadcast
    partner_id = caller.partner_id

    async def join(listener: Listener) -> Iterable[Encoded]:
        if not broadcast.join(partner_id, site_id, listener):
            listener.end()
            return ()
        if after is None:
            return ()
        missed = await run_in_threadpool(
            ports.events.list_after, partner_id, site_id, after, MOST_MISSED_COUNT
        )
        return [encoded(event) for event in missed]

    async def may_listen() -> bool:
        try:
            await authorise(request)
        except Refused:
            return False
        return True

    if broadcast.is_full:
        raise Refused(TOO_MANY_LISTENERS)
    return EventStream(
        join,
        lambda listener: broadcast.leave(partner_id, site_id, listener),
        may_listen,
        request.app.state.heartbeat_s,
    )


def _number(last_event_id: str | None) -> int | None:
    if last_event_id is None:
        return None
    if _EVENT_NUMBER.fullmatch(last_event_id) is None:
        raise Refused(BAD_EVENT_ID)
    return int(last_event_id)
