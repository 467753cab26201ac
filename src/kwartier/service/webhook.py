"""A partner's own address that is told of events, and an event on its way there."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.service.site_event import EventKind, SiteEvent
from kwartier.units.instant import format_instant

# Ours: the first attempt again after ten seconds, then twice as long each time up to an hour, for a day in all.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)
# A dead letter can be sent again for so long.
KEPT_FOR = timedelta(days=7)
# After a rotation a receiver has so long to learn the new secret: until then both sign.
OVERLAP = timedelta(days=1)
MOST_WEBHOOKS_COUNT = 20


@dataclass(frozen=True)
class Webhook:
    """Where events are sent: of these kinds, of all where none is named. Its secrets are numbered, and never stored."""

    partner_id: str
    webhook_id: str
    url: str
    kinds: tuple[EventKind, ...]
    created_at: datetime
    secret_number: int = 1
    rotated_at: datetime | None = None

    def wants(self, kind: EventKind) -> bool:
        """Whether events of a kind are sent."""
        return not self.kinds or kind in self.kinds

    def secret_numbers(self, at: datetime) -> Sequence[int]:
        """The secrets that sign now: the newest, and after a rotation for a while the one before."""
        is_overlap = self.rotated_at is not None and at < self.rotated_at + OVERLAP
        return (self.secret_number, *([self.secret_number - 1] if is_overlap else []))


@dataclass(frozen=True)
class WebhookStanding:
    """How it goes with a webhook's deliveries; `last_failure` is that of those which have not arrived."""

    waiting_count: int
    dead_count: int
    last_failure: str | None


@dataclass(frozen=True)
class Delivery:
    """An event that waits to be sent to a webhook; `attempt_count` attempts have failed."""

    partner_id: str
    webhook_id: str
    site_id: str
    event_number: int
    body: bytes
    created_at: datetime
    attempt_count: int = 0

    def next_attempt_at(self, now: datetime) -> datetime | None:
        """When to try again after a failure now; None where it has been tried for long enough."""
        if now - self.created_at >= GIVEN_UP_AFTER:
            return None
        doublings = min(self.attempt_count, 20)  # far beyond the longest wait
        return now + min(LONGEST_WAIT, FIRST_WAIT * int(2**doublings))


def delivery_of(webhook: Webhook, event: SiteEvent) -> Delivery:
    """An event on its way to a webhook."""
    content = {
        "site_id": event.site_id,
        "event_number": event.event_number,
        "kind": event.kind,
        "occurred_at": format_instant(event.occurred_at),
        "content": event.content,
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Delivery(
        webhook.partner_id, webhook.webhook_id, event.site_id, event.event_number, body, event.occurred_at
    )


def signature(secret: str, sent_s: int, body: bytes) -> str:
    """What proves who sent a body and when: HMAC-SHA256 over `{sent_s}.{body}`, in hexadecimal.

    >>> signature("secret", 1772434800, b"{}")[:16]
    'eb46706ac316ea45'
    """
    return hmac.new(secret.encode(), f"{sent_s}.".encode() + body, hashlib.sha256).hexdigest()
