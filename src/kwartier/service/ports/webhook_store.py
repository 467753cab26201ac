"""The port to partners' webhooks and what waits to be sent to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kwartier.service.webhook import Delivery, Webhook, WebhookStanding


class WebhookStore(Protocol):
    """The webhooks of one partner at a time; `EventLog.append` posts each event to those that want it."""

    def keep(self, webhook: Webhook) -> None:
        """Store a webhook in place of the one of its id; its partner must be known."""
        ...

    def get(self, partner_id: str, webhook_id: str) -> Webhook | None:
        """A webhook; None where the partner has none of that id."""
        ...

    def list_all(self, partner_id: str) -> Sequence[Webhook]:
        """All of them, by id."""
        ...

    def remove(self, partner_id: str, webhook_id: str) -> bool:
        """Take one away with all that waits for it; False where the partner has none of that id."""
        ...

    def standing(self, partner_id: str, webhook_id: str) -> WebhookStanding:
        """What waits for a webhook, and what was given up."""
        ...

    def take_due(
        self, partner_id: str, now: datetime, until: datetime, limit_count: int
    ) -> Sequence[Delivery]:
        """At most so many deliveries that are due, the oldest first; nobody else gets them before `until`."""
        ...

    def arrived(self, delivery: Delivery) -> None:
        """It need not be sent any more."""
        ...

    def failed(self, delivery: Delivery, again_at: datetime | None, failure: str) -> None:
        """It is due again then, or given up."""
        ...

    def revived_count(self, partner_id: str, webhook_id: str, now: datetime) -> int:
        """Have all that was given up be sent again; how many that are."""
        ...
