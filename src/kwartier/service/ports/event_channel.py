"""The port to those who listen now."""

from typing import Protocol

from kwartier.service.site_event import SiteEvent


class EventChannel(Protocol):
    """Tells everybody who listens to a site."""

    def publish(self, event: SiteEvent) -> None:
        """Tell them; returns at once, from any thread. Who cannot keep up is dropped, and can come back to the log."""
        ...
