"""Events in memory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kwartier.service.site_event import EventKind, SiteEvent
from kwartier.testing.fakes.webhook_store import FakeWebhookStore


class FakeEventLog:
    """Implements `kwartier.service.ports.EventLog`; it forgets nothing."""

    def __init__(self, webhooks: FakeWebhookStore) -> None:
        self._webhooks = webhooks
        self._events: defaultdict[tuple[str, str], list[SiteEvent]] = defaultdict(list)

    def append(
        self,
        partner_id: str,
        site_id: str,
        kind: EventKind,
        occurred_at: datetime,
        content: Mapping[str, Any],
    ) -> SiteEvent:
        """Store an event with the next number of its site."""
        own = self._events[partner_id, site_id]
        own.append(SiteEvent(partner_id, site_id, len(own) + 1, kind, occurred_at, dict(content)))
        self._webhooks.post_event(own[-1])
        return own[-1]

    def list_after(
        self, partner_id: str, site_id: str, after_number: int, limit_count: int
    ) -> Sequence[SiteEvent]:
        """At most so many events of a site in their order, those with a number behind `after_number`."""
        return self._events[partner_id, site_id][after_number : after_number + limit_count]
