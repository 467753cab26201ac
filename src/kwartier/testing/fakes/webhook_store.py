"""Webhooks in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kwartier.service.site_event import SiteEvent
from kwartier.service.webhook import KEPT_FOR, Delivery, Webhook, WebhookStanding, delivery_of


@dataclass(frozen=True)
class _Waiting:
    delivery: Delivery
    due_at: datetime | None
    last_failure: str | None = None


class FakeWebhookStore:
    """Implements `kwartier.service.ports.WebhookStore`."""

    def __init__(self) -> None:
        self._webhooks: dict[tuple[str, str], Webhook] = {}
        self._waiting: list[_Waiting] = []

    def keep(self, webhook: Webhook) -> None:
        """Store a webhook in place of the one of its id."""
        self._webhooks[webhook.partner_id, webhook.webhook_id] = webhook

    def get(self, partner_id: str, webhook_id: str) -> Webhook | None:
        """A webhook; None where the partner has none of that id."""
        return self._webhooks.get((partner_id, webhook_id))

    def list_all(self, partner_id: str) -> Sequence[Webhook]:
        """All of them, by id."""
        return [one for key, one in sorted(self._webhooks.items()) if key[0] == partner_id]

    def remove(self, partner_id: str, webhook_id: str) -> bool:
        """Take one away with all that waits for it."""
        self._waiting = [one for one in self._waiting if not _is_for(one, partner_id, webhook_id)]
        return self._webhooks.pop((partner_id, webhook_id), None) is not None

    def standing(self, partner_id: str, webhook_id: str) -> WebhookStanding:
        """What waits for a webhook, and what was given up."""
        own = [one for one in self._waiting if _is_for(one, partner_id, webhook_id)]
        failed = [one for one in own if one.last_failure is not None]
        last = max(
            failed, key=lambda one: (one.delivery.attempt_count, one.delivery.created_at), default=None
        )
        dead_count = sum(one.due_at is None for one in own)
        return WebhookStanding(len(own) - dead_count, dead_count, None if last is None else last.last_failure)

    def take_due(
        self, partner_id: str, now: datetime, until: datetime, limit_count: int
    ) -> Sequence[Delivery]:
        """At most so many deliveries that are due, the oldest first."""
        due = [
            one
            for one in self._waiting
            if one.delivery.partner_id == partner_id and one.due_at is not None and one.due_at <= now
        ]
        due.sort(key=lambda one: (one.delivery.created_at, one.delivery.event_number))
        for one in due[:limit_count]:
            self._change(one.delivery, replace(one, due_at=until))
        return [one.delivery for one in due[:limit_count]]

    def arrived(self, delivery: Delivery) -> None:
        """It need not be sent any more."""
        self._change(delivery, None)

    def failed(self, delivery: Delivery, again_at: datetime | None, failure: str) -> None:
        """It is due again then, or given up."""
        again = replace(delivery, attempt_count=delivery.attempt_count + 1)
        self._change(delivery, _Waiting(again, again_at, failure))

    def revived_count(self, partner_id: str, webhook_id: str, now: datetime) -> int:
        """Have all that was given up be sent again."""
        dead = [one for one in self._waiting if _is_for(one, partner_id, webhook_id) and one.due_at is None]
        for one in dead:
            again = replace(one.delivery, created_at=now, attempt_count=0)
            self._change(one.delivery, replace(one, delivery=again, due_at=now))
        return len(dead)

    def post_event(self, event: SiteEvent) -> None:
        """Have an event wait for each webhook that wants it; forget what is old."""
        last = event.occurred_at - KEPT_FOR
        self._waiting = [one for one in self._waiting if one.delivery.created_at >= last]
        wanting = [one for one in self.list_all(event.partner_id) if one.wants(event.kind)]
        self._waiting += [_Waiting(delivery_of(one, event), event.occurred_at) for one in wanting]

    def _change(self, delivery: Delivery, changed: _Waiting | None) -> None:
        place = next(index for index, one in enumerate(self._waiting) if _is_same(one.delivery, delivery))
        self._waiting[place : place + 1] = [] if changed is None else [changed]


def _is_for(one: _Waiting, partner_id: str, webhook_id: str) -> bool:
    return (one.delivery.partner_id, one.delivery.webhook_id) == (partner_id, webhook_id)


def _is_same(one: Delivery, other: Delivery) -> bool:
    return (one.webhook_id, one.site_id, one.event_number) == (
        other.webhook_id,
        other.site_id,
        other.event_number,
    )
