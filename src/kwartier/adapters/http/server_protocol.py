"""uvicorn's HTTP protocol with bounds on what a connection may cost before its request has a head.

Once there is a head, the app's own limits hold: `observing` for its size, `bodies` for what follows.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Collection
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kwartier.adapters.http.observing import HEADERS_LIMIT_BYTES
from kwartier.adapters.http.problems import HEADERS_TOO_LARGE, MEDIA_TYPE, TIMEOUT, Problem, problem_document

CONNECTIONS_PER_ADDRESS_COUNT = 50  # reliability.md, R39
# A head that is not complete by then is not coming (as slow as 13 bits a second for 16 KiB would be); R37: slow body.
HEAD_PATIENCE_S = 10.0
# What is buffered of an incomplete head; the request line may be as long as the headers.
HEAD_LIMIT_BYTES = 2 * HEADERS_LIMIT_BYTES

TOO_MANY_CONNECTIONS = Problem(
    429, "too_many_connections", f"at most {CONNECTIONS_PER_ADDRESS_COUNT} connections at a time from one address",
    {"Retry-After": "1"},
)  # fmt: skip
BAD_REQUEST = Problem(400, "not_http", "this is no HTTP/1.1 request")


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `connections` counts those of each address, for all connections of one server."""

    connections_by_address: ClassVar[Counter[str]]
    trusted_proxies: ClassVar[frozenset[str]]

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Count the connection, and wait for its first head."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self.connections_by_address[self._address] += 1
        is_counted = self._address not in self.trusted_proxies
        if is_counted and self.connections_by_address[self._address] > CONNECTIONS_PER_ADDRESS_COUNT:
            self._refuse(TOO_MANY_CONNECTIONS)
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        self._forget_connection()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Let go of a connection that becomes a socket: the server bounds those of all together."""
        self._stop_timer()
        self._forget_connection()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Read on, and give up on a head that grows too long."""
        if self._head_timer is None and getattr(self.cycle, "response_complete", True):
            self._await_head()  # the next request on a connection that was kept open
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_timer is not None and self._head_bytes > HEAD_LIMIT_BYTES:
            self._refuse(HEADERS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The head is here in time."""
        self._stop_timer()
        super().on_headers_complete()

    def send_400_response(self, _msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(BAD_REQUEST)

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_timer = self.loop.call_later(HEAD_PATIENCE_S, self._refuse, TIMEOUT)

    def _forget_connection(self) -> None:
        self.connections_by_address[self._address] -= 1
        if self.connections_by_address[self._address] <= 0:
            del self.connections_by_address[self._address]

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, problem: Problem) -> None:
        self._stop_timer()
        if not self.transport.is_closing():
            self.transport.write(_raw_answer(problem))
            self.transport.close()


def bounded_protocol(trusted_proxies: Collection[str]) -> type[asyncio.Protocol]:
    """The protocol class for one server; connections of trusted proxies are not counted, they stand for many."""
    own = {"connections_by_address": Counter(), "trusted_proxies": frozenset(trusted_proxies)}
    return type("BoundedProtocolOfServer", (BoundedProtocol,), own)


def _raw_answer(problem: Problem) -> bytes:
    body = json.dumps(problem_document(problem)).encode()
    headers: dict[str, Any] = {
        **problem.headers,
        "Content-Type": MEDIA_TYPE,
        "Content-Length": len(body),
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return STATUS_LINE[problem.status_code] + lines.encode() + b"\r\n" + body
