"""The port to those who listen now."""

from collections.abc import Callable
from typing import Protocol

from kwartier.service.site_event import SiteEvent


class EventChannel(Protocol):
    """Hands events on within this process."""

    def publish(self, event: SiteEvent) -> None:
        """Hand an event to every listener; returns at once, from any thread."""
        ...

    def listen(self, receiver: Callable[[SiteEvent], None]) -> Callable[[], None]:
        """Have a function called with every event, in the publishing thread, without blocking; the result ends it."""
        ...
