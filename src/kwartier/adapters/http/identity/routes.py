"""POST /v1/identity/client-login: OAuth 2.0's client credentials grant (RFC 6749, section 4.4)."""

import base64
from typing import Any
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from kwartier.adapters.http.bodies import read_body
from kwartier.adapters.http.callers import Access, AccessTable
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.identity.documents import AccessTokenDocument
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import Problem, Refused, refusal
from kwartier.service.log_in import BadCredentials, Credentials, LoggedIn, TooManyFailures, log_in

ACCESS: AccessTable = {("POST", "/v1/identity/client-login"): Access.PUBLIC}
router = APIRouter(tags=["identity"])

FORM = "application/x-www-form-urlencoded"
FORM_LIMIT_BYTES = 4096
GRANT = "client_credentials"
# Hashing takes 19 MiB and a core each; two at a time leave the rest of the machine to the others.
MOST_AT_ONCE_COUNT = 2

BAD_GRANT = Problem(
    400, "unsupported_grant_type", "the body must be grant_type=client_credentials, as a form"
)

_LOGIN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {"grant_type": {"type": "string", "const": GRANT}},
                },
                "example": {"grant_type": GRANT},
            }
        },
    },
    "security": [{"client": []}],
}


@router.post(
    "/v1/identity/client-login",
    summary="Log in with a client id and its secret",
    response_model=AccessTokenDocument,
    responses=answers(BadCredentials, TooManyFailures, BAD_GRANT),
    openapi_extra=_LOGIN_BODY,
)
async def log_client_in(request: Request, ports: PortsOf) -> Response:
    """A token that is good for an hour. Client id and secret go into `Authorization: Basic`.

    After five failures of a client within a minute from one address, further tries are answered 429.
    """
    credentials = _credentials(request)
    form = parse_qs(
        (await read_body(request, limit_bytes=FORM_LIMIT_BYTES, media_types=(FORM,))).decode("latin-1")
    )
    if form.get("grant_type") != [GRANT]:
        raise Refused(BAD_GRANT)
    outcome = await to_thread.run_sync(
        lambda: log_in(
            credentials,
            clients=ports.clients,
            hasher=ports.hasher,
            tokens=ports.tokens,
            clock=ports.clock,
            backoff=request.app.state.backoff,
        ),
        limiter=_limiter(request),
    )
    match outcome:
        case LoggedIn(access_token, expires_in_s):
            document = AccessTokenDocument(access_token=access_token, expires_in=expires_in_s)
            return json_response(document.model_dump(mode="json"))
        case BadCredentials() | TooManyFailures():
            raise refusal(outcome)


def _credentials(request: Request) -> Credentials:
    """What stands in `Authorization: Basic` (RFC 7617); raises Refused where that is not readable."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError:  # no base64, or no UTF-8 in it
        pair = ""
    client_id, colon, secret = pair.partition(":")
    if kind.lower() != "basic" or not colon:
        raise refusal(BadCredentials())
    return Credentials(client_id, secret, request.client.host if request.client else "")


def _limiter(request: Request) -> CapacityLimiter:
    """One for each app; it belongs to the event loop, so it is made on it."""
    state = request.app.state
    if getattr(state, "login_limiter", None) is None:
        state.login_limiter = CapacityLimiter(MOST_AT_ONCE_COUNT)
    limiter: CapacityLimiter = state.login_limiter
    return limiter
