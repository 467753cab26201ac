"""Messages that wait to be sent, in the database."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select

from kwartier.adapters.sql.control_leases import is_held
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.outbox import outbox
from kwartier.service.control_lease import ControlLease
from kwartier.service.outgoing_message import MessageSubject, OutgoingMessage, first_messages

T = TypeVar("T")

# A statement about so many messages at once stays well below SQLite's limit of 32,766 values.
CHUNK_COUNT = 500


class SqlOutbox:
    """Implements `kwartier.service.ports.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def post(
        self, partner_id: str, messages: Sequence[OutgoingMessage], lease: ControlLease | None = None
    ) -> bool:
        """Have these wait instead of earlier ones about their subjects; False where the lease has gone to another."""
        with self._database.writing(partner_id) as connection:
            if lease is not None and not is_held(connection, lease):
                return False
            post(connection, messages)
        return True

    def list_sites(self, partner_id: str) -> Sequence[str]:
        """The sites for which something waits, by id."""
        sites = select(outbox.c.site_id).where(outbox.c.partner_id == partner_id).distinct()
        with self._database.reading(partner_id) as connection:
            return list(connection.scalars(sites.order_by(outbox.c.site_id)))

    def list_waiting(self, partner_id: str, site_id: str) -> Sequence[OutgoingMessage]:
        """What waits for a site, in the order in which it is to be sent."""
        own = (outbox.c.partner_id == partner_id, outbox.c.site_id == site_id)
        order = (outbox.c.send_at, outbox.c.kind, outbox.c.asset_id)
        with self._database.reading(partner_id) as connection:
            return [_message(row) for row in connection.execute(select(outbox).where(*own).order_by(*order))]

    def settle(self, partner_id: str, messages: Sequence[OutgoingMessage]) -> None:
        """These need not be sent any more; what was posted since stays."""
        with self._database.writing(partner_id) as connection:
            for chunk in _chunks(messages):
                same = or_(*(_is_same(message) for message in chunk))
                connection.execute(delete(outbox).where(outbox.c.partner_id == partner_id, same))


def post(connection: Connection, messages: Sequence[OutgoingMessage]) -> None:
    """Post messages in a transaction that does more than that."""
    for chunk in _chunks(first_messages(messages)):
        connection.execute(delete(outbox).where(or_(*(_is_overtaken_by(first) for first in chunk))))
    if messages:
        connection.execute(insert(outbox), [_values(message) for message in messages])


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + CHUNK_COUNT] for start in range(0, len(items), CHUNK_COUNT))


def _is_about(partner_id: str, subject: MessageSubject) -> ColumnElement[bool]:
    return and_(
        outbox.c.partner_id == partner_id,
        outbox.c.site_id == subject.site_id,
        outbox.c.kind == subject.kind,
        outbox.c.asset_id == subject.asset_id,
    )


def _is_overtaken_by(first: OutgoingMessage) -> ColumnElement[bool]:
    about = _is_about(first.partner_id, first.subject)
    if first.is_due_at_once:
        return about
    return and_(about, or_(outbox.c.send_at >= first.send_at, outbox.c.not_after <= first.posted_at))


def _is_same(message: OutgoingMessage) -> ColumnElement[bool]:
    return and_(
        _is_about(message.partner_id, message.subject),
        outbox.c.send_at == message.send_at,
        outbox.c.posted_at == message.posted_at,
    )


def _values(message: OutgoingMessage) -> dict[str, Any]:
    return {
        "partner_id": message.partner_id,
        **message.subject._asdict(),
        "send_at": message.send_at,
        "posted_at": message.posted_at,
        "not_after": message.not_after,
        "payload": message.payload,
    }


def _message(row: Row[Any]) -> OutgoingMessage:
    return OutgoingMessage(
        partner_id=row.partner_id,
        subject=MessageSubject(row.site_id, row.kind, row.asset_id),
        payload=row.payload,
        posted_at=row.posted_at,
        send_at=row.send_at,
        not_after=row.not_after,
    )
