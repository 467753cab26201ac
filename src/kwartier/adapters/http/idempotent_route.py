"""A route that gives the first answer again to a request that comes with the same `Idempotency-Key`."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import Message

from kwartier.adapters.http.bodies import LIMIT_BYTES, read_body
from kwartier.adapters.http.callers import authorise
from kwartier.adapters.http.problems import BAD_KEY, Refused, refusal
from kwartier.service.ports import Ports
from kwartier.service.ports.idempotency_store import Claimed, InFlight, KeptAnswer, KeyReused, RequestKey
from kwartier.service.remember_answer import claim_key, request_key

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,200}")

KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "A name of your own for this request, such as a random UUID. Sent again with the same key within 48 h, it is "
        "not carried out twice but answered as the first time. What was refused is not remembered."
    ),
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "example": "0b5f0d6e-4f0c-4f55-9d7c-0d1f6f0f8a11",
}

NO_TO_KEYS = (BAD_KEY, InFlight, KeyReused)
"""What a route that takes a key may answer because of it."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class IdempotentRoute(APIRoute):
    """For routers with POSTs that make something; without the header, and for all else, a route like any other."""

    def get_route_handler(self) -> Handler:
        """The endpoint, or its first answer."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method != "POST":
                return await handler(request)
            return await _once(request, key, handler)

        return handle


def keyed(extra: dict[str, Any]) -> dict[str, Any]:
    """The same `openapi_extra` for a route that takes a key."""
    return {**extra, "parameters": [KEY_PARAMETER]}


async def _once(request: Request, key: str, handler: Handler) -> Response:
    if not KEY.fullmatch(key):
        raise Refused(BAD_KEY)
    await authorise(request)
    body = await read_body(request, limit_bytes=LIMIT_BYTES)
    own = request_key(request.state.caller, key, f"{request.method} {request.url.path}", body)
    ports: Ports = request.app.state.ports
    claim = await run_in_threadpool(claim_key, own, idempotency=ports.idempotency, clock=ports.clock)
    match claim:
        case KeptAnswer(status_code, headers, kept):
            return Response(kept, status_code, dict(headers))
        case InFlight() | KeyReused():
            raise refusal(claim)
        case Claimed():
            return await _first(_with_body(request, body), handler, own, ports)


async def _first(request: Request, handler: Handler, own: RequestKey, ports: Ports) -> Response:
    """Carry the request out. One that ends in no answer of its own has made nothing, and its key is free again."""
    try:
        response = await handler(request)
    except Exception:
        await run_in_threadpool(ports.idempotency.release, own)
        raise
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    answer = KeptAnswer(response.status_code, headers, bytes(response.body))
    await run_in_threadpool(ports.idempotency.keep, own, answer)
    return response


def _with_body(request: Request, body: bytes) -> Request:
    """The same request, whose body can be read once more."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
