"""The port to the events of a site, for those who come back and missed some."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from kwartier.service.site_event import EventKind, SiteEvent


class EventLog(Protocol):
    """The events of one partner at a time."""

    def append(
        self,
        partner_id: str,
        site_id: str,
        kind: EventKind,
        occurred_at: datetime,
        content: Mapping[str, Any],
    ) -> SiteEvent:
        """Store an event with the next number of its site."""
        ...

    def list_after(
        self, partner_id: str, site_id: str, after_number: int, limit_count: int
    ) -> Sequence[SiteEvent]:
        """At most so many events of a site in their order, those with a number behind `after_number`."""
        ...
