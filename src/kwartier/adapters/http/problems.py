"""Every «no» and every failure as a problem document (RFC 9457): the one table from what happened to a status.

422 means: not what the description allows, `detail` lists every place. 400 means: allowed by the description, and
impossible all the same, such as a cursor that was never given out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi.responses import JSONResponse

from kwartier.service.create_site import SiteExists
from kwartier.service.create_webhook import PlainWebhook, TooManyWebhooks, UnknownWebhook
from kwartier.service.faults import StoreFull, StoreUnavailable
from kwartier.service.ingest_measurements import InTheFuture
from kwartier.service.log_in import BadCredentials, TooManyFailures
from kwartier.service.money.connection_meter import NotBillable
from kwartier.service.outcomes import DocumentTooLarge, RevisionConflict, SiteIdDiffers, UnknownSite
from kwartier.service.override_session import UnknownSession
from kwartier.service.planning_outcomes import NotPlannable, UnknownPlan
from kwartier.service.ports.idempotency_store import InFlight, KeyReused
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.service.ports.planner import PlannerBusy
from kwartier.service.read_measurements import TooManyRows
from kwartier.service.read_prices import MOST_DAYS_COUNT, NoPrices, SpanTooLong
from kwartier.service.set_grid_limits import NoGridLimits

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """How something is answered. `code` is for programs, `detail` for people; neither holds anything of the request."""

    status_code: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)


UNAUTHENTICATED = Problem(
    401,
    "unauthenticated",
    "a valid access token is needed: log in at POST /v1/identity/client-login and send "
    "Authorization: Bearer ACCESS_TOKEN",
    {"WWW-Authenticate": 'Bearer realm="kwartier"'},
)
FORBIDDEN = Problem(403, "forbidden", "this client's scope does not allow that; use one with a wider scope")
NOT_FOUND = Problem(404, "not_found", "there is nothing at this address")
METHOD_NOT_ALLOWED = Problem(
    405, "method_not_allowed", "this address does not know that method; see the Allow header"
)
TIMEOUT = Problem(408, "timeout", "the request did not arrive in time; send it again")
TOO_LARGE = Problem(
    413, "too_large", "the body is larger than this address takes; send less, in several parts"
)
MEDIA_TYPE_UNKNOWN = Problem(
    415, "media_type", "the body must be what the description of this address says, without Content-Encoding"
)
UNPROCESSABLE = Problem(422, "invalid", "the request is not valid")
UNPLANNABLE = Problem(422, "not_plannable", "there is no plan for this request")
NOTHING_TAKEN = Problem(
    400, "nothing_taken", "no item could be taken: each names an unknown site, or lies in the future"
)
BAD_SPAN = Problem(400, "bad_span", "`to` must lie behind `from`, by at most 367 days")
BAD_CURSOR = Problem(
    400, "bad_cursor", "no cursor that this list has given out; leave it away to start from the beginning"
)
HEADERS_TOO_LARGE = Problem(
    431, "headers_too_large", "the headers together are larger than 16 KiB; send fewer"
)
BAD_KEY = Problem(400, "bad_key", "Idempotency-Key must be 1 to 200 visible ASCII characters")
OWN_FAULT = Problem(500, "own_fault", "a mistake in kwartier; it is logged under the id in X-Request-ID")
BAD_EVENT_ID = Problem(400, "bad_event_id", "Last-Event-ID must be an id as it was sent; leave it away")
TOO_MANY_LISTENERS = Problem(
    503, "too_many_listeners", "too many listen already; come back later", {"Retry-After": "30"}
)
PRECONDITION = Problem(
    412,
    "revision_conflict",
    "the site is no longer at that revision: read it again, and send the change anew",
)
BAD_PRECONDITION = Problem(
    400, "bad_precondition", 'If-Match must be one ETag as it was given out, such as "3", or *'
)

PROBLEM_BY_OUTCOME: dict[type, Problem] = {
    UnknownSite: Problem(404, "unknown_site", "there is no such site"),
    SiteExists: Problem(
        409, "site_exists", "there is a site with this site_id; PUT or PATCH it, or choose another id"
    ),
    RevisionConflict: PRECONDITION,
    SiteIdDiffers: Problem(400, "site_id_differs", "the site_id in the body is not the one in the address"),
    DocumentTooLarge: Problem(413, "document_too_large", "the document would be larger than 1 MiB"),
    InTheFuture: Problem(
        400, "timestamp_future", "the time is more than 5 min in the future: set the sender's clock"
    ),
    QueueFull: Problem(
        503,
        "queue_full",
        "more arrives than can be stored; nothing of this request was taken, send it again later",
        {"Retry-After": "1"},
    ),
    BadCredentials: Problem(
        401,
        "invalid_client",
        "the client id or its secret is wrong, expired or revoked",
        {"WWW-Authenticate": 'Basic realm="kwartier"'},
    ),
    NoGridLimits: Problem(
        404, "no_grid_limits", "no limits of a grid operator were set for this site; PUT them first"
    ),
    InFlight: Problem(
        409,
        "in_flight",
        "the first request with this Idempotency-Key is still being carried out; send it again a little later",
        {"Retry-After": "1"},
    ),
    KeyReused: Problem(
        422, "key_reused", "this Idempotency-Key came with another request before; use a new one"
    ),
    NoPrices: Problem(404, "no_prices", "no prices are known of these days in this bidding zone"),
    SpanTooLong: Problem(
        400, "span_too_long", f"from first_day to last_day are 1 to {MOST_DAYS_COUNT} days; ask for fewer"
    ),
    TooManyRows: Problem(
        422,
        "too_many_rows",
        "the table would have more than 1,000,000 rows; ask for it in parts: a shorter time with `from` and `to` (each "
        "part begins where the one before ends), one asset with `asset_id`, or a coarser `resolution`",
    ),
    NotPlannable: Problem(
        409, "not_plannable", "the site cannot be planned as it is; each entry of `detail` says why"
    ),
    NotBillable: Problem(
        409, "not_billable", "a bill would leave something out; each entry of `detail` says what"
    ),
    UnknownSession: Problem(
        404, "unknown_session", "the site has no session of that id at that asset, or it is over"
    ),
    UnknownPlan: Problem(404, "unknown_plan", "the site has no such plan"),
    UnknownWebhook: Problem(404, "unknown_webhook", "there is no such webhook"),
    TooManyWebhooks: Problem(409, "too_many_webhooks", "a partner has at most 20 webhooks; delete one first"),
    PlainWebhook: Problem(
        400, "plain_webhook", "the address must begin with https; KWARTIER_WEBHOOKS_ALLOW_PRIVATE allows http"
    ),
    PlannerBusy: Problem(
        503, "planner_busy", "too many plans are being made; send the same request again after Retry-After"
    ),
    TooManyFailures: Problem(
        429, "too_many_failures", "too many failed logins; wait as long as Retry-After says"
    ),
}
"""The answers «no» of the use cases."""

PROBLEM_BY_FAULT: dict[type[Exception], Problem] = {
    StoreUnavailable: Problem(
        503,
        "store_unavailable",
        "the database does not answer; send the same request again later",
        {"Retry-After": "2"},
    ),
    StoreFull: Problem(
        507,
        "store_full",
        "there is no space left to store this; nothing of it was stored",
        {"Retry-After": "30"},
    ),
}
"""What may break below; anything else is a mistake in kwartier and answered as `OWN_FAULT`."""

_TITLE_BY_STATUS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
    507: "Insufficient Storage",
}


class Refused(Exception):
    """Raised at the edge to answer with a problem; the error handlers of `api` turn it into the response."""

    def __init__(
        self, problem: Problem, *, details: list[dict[str, Any]] | None = None, **headers: str
    ) -> None:
        super().__init__(problem.code)
        self.problem, self.details = problem, details
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def refusal(outcome: object) -> Refused:
    """The exception to raise for a use case's «no», from the table; a wait goes into Retry-After."""
    problem = PROBLEM_BY_OUTCOME[type(outcome)]
    if isinstance(outcome, TooManyFailures | PlannerBusy):
        return Refused(problem, Retry_After=str(math.ceil(outcome.retry_after_s)))
    return Refused(problem)


def problem_document(problem: Problem, details: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The problem document; of a 422, `detail` is the list that FastAPI's users know, without their input."""
    return {
        "type": "about:blank",
        "title": _TITLE_BY_STATUS[problem.status_code],
        "status": problem.status_code,
        "code": problem.code,
        "detail": problem.detail if details is None else details,
    }


def problem_response(
    problem: Problem, *, details: list[dict[str, Any]] | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The response with the problem document and its headers."""
    return JSONResponse(
        problem_document(problem, details),
        problem.status_code,
        headers={**problem.headers, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def refused_response(error: Refused) -> JSONResponse:
    """The response of what was refused at the edge."""
    return problem_response(error.problem, details=error.details, headers=error.headers)


def fault_response(error: Exception) -> JSONResponse:
    """The response where something in PROBLEM_BY_FAULT broke below."""
    return problem_response(PROBLEM_BY_FAULT[type(error)])
