"""Partners' webhooks in the database."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.webhooks import webhook_deliveries, webhooks
from kwartier.service.site_event import SiteEvent
from kwartier.service.webhook import KEPT_FOR, Delivery, Webhook, WebhookStanding, delivery_of

_hooks, _waiting = webhooks.c, webhook_deliveries.c


class SqlWebhookStore:
    """Implements `kwartier.service.ports.WebhookStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, webhook: Webhook) -> None:
        """Store a webhook in place of the one of its id."""
        row = vars(webhook) | {"kinds": list(webhook.kinds)}
        own = _own(webhook.partner_id, webhook.webhook_id)
        with self._database.writing(webhook.partner_id) as connection:
            if not connection.execute(update(webhooks).where(*own).values(row)).rowcount:
                connection.execute(insert(webhooks).values(row))

    def get(self, partner_id: str, webhook_id: str) -> Webhook | None:
        """A webhook; None where the partner has none of that id."""
        with self._database.reading(partner_id) as connection:
            row = connection.execute(select(webhooks).where(*_own(partner_id, webhook_id))).first()
        return None if row is None else _webhook(row)

    def list_all(self, partner_id: str) -> Sequence[Webhook]:
        """All of them, by id."""
        with self._database.reading(partner_id) as connection:
            return _all_of(connection, partner_id)

    def remove(self, partner_id: str, webhook_id: str) -> bool:
        """Take one away with all that waits for it."""
        with self._database.writing(partner_id) as connection:
            connection.execute(delete(webhook_deliveries).where(*_waiting_for(partner_id, webhook_id)))
            return connection.execute(delete(webhooks).where(*_own(partner_id, webhook_id))).rowcount > 0

    def standing(self, partner_id: str, webhook_id: str) -> WebhookStanding:
        """What waits for a webhook, and what was given up."""
        own = _waiting_for(partner_id, webhook_id)
        counts = select(func.count(_waiting.due_at), func.count()).where(*own)
        order = (_waiting.attempt_count.desc(), _waiting.created_at.desc())
        failure = (
            select(_waiting.last_failure).where(*own, _waiting.last_failure.is_not(None)).order_by(*order)
        )
        with self._database.reading(partner_id) as connection:
            waiting_count, count = connection.execute(counts).one()
            return WebhookStanding(waiting_count, count - waiting_count, connection.scalar(failure.limit(1)))

    def take_due(
        self, partner_id: str, now: datetime, until: datetime, limit_count: int
    ) -> Sequence[Delivery]:
        """At most so many deliveries that are due, the oldest first."""
        due = select(webhook_deliveries).where(_waiting.partner_id == partner_id, _waiting.due_at <= now)
        first = due.order_by(_waiting.created_at, _waiting.event_number).limit(limit_count)
        with self._database.writing(partner_id) as connection:
            rows = connection.execute(first.with_for_update(skip_locked=True)).all()
            found = [_delivery(row) for row in rows]
            for delivery in found:
                connection.execute(update(webhook_deliveries).where(*_same(delivery)).values(due_at=until))
        return found

    def arrived(self, delivery: Delivery) -> None:
        """It need not be sent any more."""
        with self._database.writing(delivery.partner_id) as connection:
            connection.execute(delete(webhook_deliveries).where(*_same(delivery)))

    def failed(self, delivery: Delivery, again_at: datetime | None, failure: str) -> None:
        """It is due again then, or given up."""
        values = {"due_at": again_at, "last_failure": failure, "attempt_count": delivery.attempt_count + 1}
        with self._database.writing(delivery.partner_id) as connection:
            connection.execute(update(webhook_deliveries).where(*_same(delivery)).values(values))

    def revived_count(self, partner_id: str, webhook_id: str, now: datetime) -> int:
        """Have all that was given up be sent again."""
        dead = (*_waiting_for(partner_id, webhook_id), _waiting.due_at.is_(None))
        values = {"due_at": now, "created_at": now, "attempt_count": 0}
        with self._database.writing(partner_id) as connection:
            return connection.execute(update(webhook_deliveries).where(*dead).values(values)).rowcount


def post_event(connection: Connection, event: SiteEvent) -> None:
    """Have an event wait for each webhook that wants it, in the transaction that stores it; forget what is old."""
    old = (_waiting.partner_id == event.partner_id, _waiting.created_at < event.occurred_at - KEPT_FOR)
    wanting = [one for one in _all_of(connection, event.partner_id) if one.wants(event.kind)]
    if wanting:
        connection.execute(delete(webhook_deliveries).where(*old))
        rows = [vars(delivery_of(one, event)) | {"due_at": event.occurred_at} for one in wanting]
        connection.execute(insert(webhook_deliveries), rows)


def _all_of(connection: Connection, partner_id: str) -> list[Webhook]:
    own = select(webhooks).where(_hooks.partner_id == partner_id).order_by(_hooks.webhook_id)
    return [_webhook(row) for row in connection.execute(own)]


def _own(partner_id: str, webhook_id: str) -> tuple[ColumnElement[bool], ...]:
    return _hooks.partner_id == partner_id, _hooks.webhook_id == webhook_id


def _waiting_for(partner_id: str, webhook_id: str) -> tuple[ColumnElement[bool], ...]:
    return _waiting.partner_id == partner_id, _waiting.webhook_id == webhook_id


def _same(delivery: Delivery) -> tuple[ColumnElement[bool], ...]:
    place = (_waiting.site_id == delivery.site_id, _waiting.event_number == delivery.event_number)
    return (*_waiting_for(delivery.partner_id, delivery.webhook_id), *place)


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(**row._asdict() | {"kinds": tuple(row.kinds)})


def _delivery(row: Row[Any]) -> Delivery:
    columns = row._asdict()
    return Delivery(**{field.name: columns[field.name] for field in fields(Delivery)})
