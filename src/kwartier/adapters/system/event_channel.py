"""Events within one process."""

from collections.abc import Callable
from threading import Lock

from kwartier.service.site_event import SiteEvent


class InProcessChannel:
    """Implements `kwartier.service.ports.EventChannel`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._receivers: tuple[Callable[[SiteEvent], None], ...] = ()

    def publish(self, event: SiteEvent) -> None:
        """Hand an event to every listener."""
        for receiver in self._receivers:
            receiver(event)

    def listen(self, receiver: Callable[[SiteEvent], None]) -> Callable[[], None]:
        """Have a function called with every event, until what is returned is called."""
        with self._lock:
            self._receivers = (*self._receivers, receiver)

        def stop() -> None:
            with self._lock:
                self._receivers = tuple(one for one in self._receivers if one is not receiver)

        return stop
