"""Events of sites in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.events import site_events
from kwartier.adapters.sql.webhook_store import post_event
from kwartier.service.site_event import EventKind, SiteEvent

# Who was away for longer reads plans and status anew; without a bound the table would only grow.
KEPT_COUNT = 1_000
# Two processes may want the same number; more collisions in a row than this are not.
MOST_ATTEMPTS = 5


class SqlEventLog:
    """Implements `kwartier.service.ports.EventLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self,
        partner_id: str,
        site_id: str,
        kind: EventKind,
        occurred_at: datetime,
        content: Mapping[str, Any],
    ) -> SiteEvent:
        """Store an event with the next number of its site, and forget what is far behind."""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                with self._database.writing(partner_id) as connection:
                    number = _last_number(connection, partner_id, site_id) + 1
                    event = SiteEvent(partner_id, site_id, number, kind, occurred_at, dict(content))
                    connection.execute(insert(site_events).values(vars(event)))
                    post_event(connection, event)
                    _forget(connection, partner_id, site_id, number - KEPT_COUNT)
            except IntegrityError:
                if attempt == MOST_ATTEMPTS:
                    raise
            else:
                return event
        raise AssertionError("the last attempt returns or raises")

    def list_after(
        self, partner_id: str, site_id: str, after_number: int, limit_count: int
    ) -> Sequence[SiteEvent]:
        """At most so many events of a site in their order, those with a number behind `after_number`."""
        table = site_events.c
        query = (
            select(site_events)
            .where(
                table.partner_id == partner_id, table.site_id == site_id, table.event_number > after_number
            )
            .order_by(table.event_number)
            .limit(limit_count)
        )
        with self._database.reading(partner_id) as connection:
            return [SiteEvent(*row) for row in connection.execute(query)]


def _last_number(connection: Connection, partner_id: str, site_id: str) -> int:
    table = site_events.c
    query = select(func.max(table.event_number)).where(
        table.partner_id == partner_id, table.site_id == site_id
    )
    return connection.scalar(query) or 0


def _forget(connection: Connection, partner_id: str, site_id: str, last_number: int) -> None:
    table = site_events.c
    old = delete(site_events).where(
        table.partner_id == partner_id, table.site_id == site_id, table.event_number <= last_number
    )
    connection.execute(old)
