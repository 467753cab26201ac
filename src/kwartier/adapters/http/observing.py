"""Around every request: an id, a line in the log, figures for the monitoring, and the last resort for a mistake."""

import re
import time
from random import getrandbits
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kwartier.adapters.http.problems import HEADERS_TOO_LARGE, OWN_FAULT, Problem, problem_response

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADERS_LIMIT_BYTES = 16 * 2**10  # reliability.md, R39

# Seconds; the bars for single posts are 0.1 and 0.25 s (ingest.md), 2 s is where a caller gives up.
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)

# Anybody may invent a method; a figure of the monitoring for each would grow without a bound.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

NO_SNIFFING, NO_STORE = (b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")

log = structlog.get_logger("kwartier.http")


class Figures:
    """What the monitoring reads at /metrics; routes go by their template, so no tenant shows in them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter(
            "kwartier_http_requests_total", "Answered requests.", labels, registry=self.registry
        )
        self.durations = Histogram(
            "kwartier_http_request_duration_seconds",
            "From the request's first byte to the answer's last.",
            ("method", "route"),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        # To find a figure by its labels costs more than to count.
        self._by_labels: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str, status_code: int, duration_s: float) -> None:
        """Count one request."""
        labels = (method, route, status_code)
        if labels not in self._by_labels:
            self._by_labels[labels] = (self.requests.labels(*labels), self.durations.labels(method, route))
        requests, durations = self._by_labels[labels]
        requests.inc()
        durations.observe(duration_s)


class Observing:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; everything else (start and stop) goes straight through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        answer = _Answer(send, request_id)
        start_s = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._answer(scope, receive, answer)
        finally:
            self._record(scope, answer.status, time.perf_counter() - start_s)
            structlog.contextvars.unbind_contextvars("request_id")

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_LIMIT_BYTES:
            await _send_problem(HEADERS_TOO_LARGE, scope, receive, answer)
            return
        try:
            await self._app(scope, receive, answer)
        except Exception:  # whatever is left is a mistake of ours: logged, and never shown
            log.exception("own fault")
            if not answer.is_started:
                await _send_problem(OWN_FAULT, scope, receive, answer)

    def _record(self, scope: Scope, status: int, duration_s: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._figures.count(method, route, status, duration_s)
        if status < 400 and not getattr(scope.get("route"), "is_logged_when_good", True):
            return
        caller = scope.get("state", {}).get("caller")
        facts: dict[str, Any] = {"method": method, "route": route, "status": status}
        if caller is not None:
            facts |= {"partner_id": caller.partner_id, "client_id": caller.client_id}
        log.info("request", **facts, duration_ms=round(duration_s * 1000, 1))


class _Answer:
    """The way out, which adds the headers that every answer has, and remembers the status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send, self._request_id = send, request_id
        self.status = 500
        self.is_started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.is_started = message["status"], True
            given = list(message.get("headers", ()))
            own = [(b"x-request-id", self._request_id.encode()), NO_SNIFFING]
            # Only the files of the dashboard say themselves how long they last.
            if not any(name == NO_STORE[0] for name, _ in given):
                own.append(NO_STORE)
            message = {**message, "headers": [*given, *own]}
        await self._send(message)


async def _send_problem(problem: Problem, scope: Scope, receive: Receive, answer: _Answer) -> None:
    await problem_response(problem, headers={"Connection": "close"})(scope, receive, answer)


def _request_id(scope: Scope) -> str:
    """The caller's own id where it is a harmless one, so that both logs go by it; else a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    # An id must be unlike the others; nobody has to be unable to guess it.
    text = given.decode("latin-1")
    return text if REQUEST_ID.fullmatch(text) else f"{getrandbits(128):032x}"
