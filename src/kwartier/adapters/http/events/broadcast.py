"""One event to many listeners: encoded once, a bounded queue for each, and who cannot keep up is dropped.

The text is that of the HTML standard, section 9.2 (server-sent events).
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from kwartier.service.site_event import SiteEvent
from kwartier.units.instant import format_instant

# Events are rare (a plan each quarter-hour, some changes of status); a listener so far behind has stopped reading.
QUEUE_COUNT = 64
# Each listener holds a connection; server_protocol bounds them per address, this bounds them in all.
MOST_LISTENERS_COUNT = 500


@dataclass(frozen=True)
class Encoded:
    """An event as it is sent."""

    event_number: int
    text: bytes


def encoded(event: SiteEvent) -> Encoded:
    """The event's text: its number, its kind, and a line of JSON."""
    document = {"site_id": event.site_id, "occurred_at": format_instant(event.occurred_at), **event.content}
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Encoded(
        event.event_number, f"id: {event.event_number}\nevent: {event.kind}\ndata: {data}\n\n".encode()
    )


class Listener:
    """One connection: its queue, and what to call when it falls too far behind. It belongs to the running loop."""

    def __init__(self, on_drop: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Encoded | None] = asyncio.Queue(QUEUE_COUNT)
        self._on_drop = on_drop
        self.is_dropped = False

    def offer(self, event: Encoded) -> None:
        """Hand over an event, from any thread; never waits."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, event)

    def end(self) -> None:
        """Let it end after what it was offered before, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, None)

    async def next_event(self) -> Encoded | None:
        """The next event, when there is one; None at the end."""
        return await self._queue.get()

    def _put(self, event: Encoded | None) -> None:
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._drop()

    def _drop(self) -> None:
        if not self.is_dropped:
            self.is_dropped = True
            self._on_drop()


class Broadcast:
    """Who listens to which site."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: defaultdict[tuple[str, str], list[Listener]] = defaultdict(list)
        self._is_closed = False

    @property
    def listener_count(self) -> int:
        """How many listen, to whatever site."""
        with self._lock:
            return sum(map(len, self._listeners.values()))

    @property
    def is_full(self) -> bool:
        """Whether nobody may join now."""
        return self._is_closed or self.listener_count >= MOST_LISTENERS_COUNT

    def receive(self, event: SiteEvent) -> None:
        """Hand an event to those who listen to its site; returns at once, from any thread."""
        with self._lock:
            listeners = list(self._listeners.get((event.partner_id, event.site_id), ()))
        if listeners:
            text = encoded(event)
            for listener in listeners:
                listener.offer(text)

    def join(self, partner_id: str, site_id: str, listener: Listener) -> bool:
        """Have a listener hear of a site; False where there are too many, or the service stops."""
        with self._lock:
            if self._is_closed or sum(map(len, self._listeners.values())) >= MOST_LISTENERS_COUNT:
                return False
            self._listeners[partner_id, site_id].append(listener)
            return True

    def leave(self, partner_id: str, site_id: str, listener: Listener) -> None:
        """Forget a listener."""
        with self._lock:
            own = self._listeners[partner_id, site_id]
            if listener in own:
                own.remove(listener)
            if not own:
                del self._listeners[partner_id, site_id]

    def close(self) -> None:
        """End every listener, so that the service can stop; nobody can join any more."""
        with self._lock:
            self._is_closed = True
            everybody = [one for own in self._listeners.values() for one in own]
        for listener in everybody:
            listener.end()
