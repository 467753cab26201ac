"""The answer that goes on: missed events first, then new ones as they come, and a sign of life in between."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from anyio import CancelScope, create_task_group
from fastapi import Response
from starlette.types import Receive, Scope, Send

from kwartier.adapters.http.events.broadcast import Encoded, Listener

# Proxies close a connection that is silent for a minute; and a token that is revoked counts for 60 s (R47).
HEARTBEAT_S = 15.0
HEARTBEAT = b": here\n\n"
# How long a client waits before it comes back after a break.
RETRY = b"retry: 3000\n\n"


class EventStream(Response):
    """Server-sent events, until the client goes, is dropped, may no longer listen, or the service stops."""

    def __init__(
        self,
        join: Callable[[Listener], Awaitable[Iterable[Encoded]]],
        leave: Callable[[Listener], None],
        may_listen: Callable[[], Awaitable[bool]],
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        """`join` lets a listener hear, and gives what was missed; `may_listen` is asked with each sign of life."""
        # nginx would hold events back
        super().__init__(headers={"X-Accel-Buffering": "no"}, media_type="text/event-stream")
        del self.headers["content-length"]
        self._join, self._leave, self._may_listen = join, leave, may_listen
        self._heartbeat_s = heartbeat_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until it ends."""
        del scope
        async with create_task_group() as group:
            listener = Listener(group.cancel_scope.cancel)
            try:
                group.start_soon(_wait_until_gone, receive, group.cancel_scope)
                await self._send_all(listener, send)
                group.cancel_scope.cancel()
            finally:
                self._leave(listener)

    async def _send_all(self, listener: Listener, send: Send) -> None:
        missed = list(await self._join(listener))
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await _send_part(send, RETRY + b"".join(event.text for event in missed))
        last_number = missed[-1].event_number if missed else 0
        while True:
            try:
                event = await asyncio.wait_for(listener.next_event(), self._heartbeat_s)
            except TimeoutError:
                if not await self._may_listen():
                    break
                await _send_part(send, HEARTBEAT)
                continue
            if event is None:
                break
            if event.event_number > last_number:  # it may have come both ways
                last_number = event.event_number
                await _send_part(send, event.text)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_part(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _wait_until_gone(receive: Receive, scope: CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
