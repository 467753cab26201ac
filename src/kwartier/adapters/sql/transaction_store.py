"""Charging transactions in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select, tuple_

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.sites import sites
from kwartier.adapters.sql.tables.transactions import transaction_messages, transactions
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports.transaction_store import (
    MessageKept,
    MessageOutcome,
    StoredMessage,
    TransactionKey,
)
from kwartier.site.transaction import Transaction
from kwartier.site.transaction_history import (
    TransactionHistory,
    rank,
    says_the_same,
    transaction_history,
    with_missing_stops,
)

# Of a pole, so many of the last sessions are looked at: the one that runs or ran last, and reservations behind it.
LATEST_COUNT = 8


class SqlTransactionStore:
    """Implements `kwartier.service.ports.TransactionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self, partner_id: str, site_id: str, message: Transaction, received_at: datetime
    ) -> MessageKept | UnknownSite:
        """Store a message, and what all messages of its transaction tell."""
        with self._database.writing(partner_id) as connection:
            if not _lock_site(connection, partner_id, site_id):
                return UnknownSite()
            name = (partner_id, site_id, message.asset_id, message.transaction_id)
            before = sorted(map(_message, connection.execute(_messages(*name))), key=_place)
            outcome, revision_number = _judged(before, message)
            if outcome != "unchanged":
                _insert_message(connection, name, message, received_at, revision_number)
            history = transaction_history([*(one.message for one in before), message])
            if outcome != "unchanged":
                _replace_transaction(connection, name, history)
        earlier = transaction_history([one.message for one in before]).latest if before else None
        return MessageKept(outcome, history, earlier)

    def list_after(
        self, partner_id: str, site_id: str, after: TransactionKey | None, limit_count: int
    ) -> Sequence[TransactionHistory]:
        """At most so many transactions by start, asset and id, those behind `after`."""
        place = tuple_(transactions.c.start_time, transactions.c.asset_id, transactions.c.transaction_id)
        query = _ordered(partner_id, site_id).limit(limit_count)
        return self._histories(partner_id, site_id, query if after is None else query.where(place > after))

    def list_running(self, partner_id: str, site_id: str) -> Sequence[TransactionHistory]:
        """The transactions that have not ended."""
        return self._histories(
            partner_id, site_id, _ordered(partner_id, site_id).where(transactions.c.is_running)
        )

    def list_messages(
        self, partner_id: str, site_id: str, asset_id: str, transaction_id: str
    ) -> Sequence[StoredMessage]:
        """Every message of a transaction in the order of a session, and what it said before it was corrected."""
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(_messages(partner_id, site_id, asset_id, transaction_id))
            return sorted(map(_message, rows), key=_place)

    def _histories(self, partner_id: str, site_id: str, query: Select[Any]) -> list[TransactionHistory]:
        with self._database.reading(partner_id) as connection:
            found = [_history(row) for row in connection.execute(query)]
            if not found:
                return []
            latest = _latest_at_poles(connection, partner_id, site_id, found)
        return with_missing_stops([*found, *latest])[: len(found)]


def _latest_at_poles(
    connection: Connection, partner_id: str, site_id: str, found: Sequence[TransactionHistory]
) -> list[TransactionHistory]:
    """The last sessions of each pole at which one of these runs: they tell whether it still can."""
    table = transactions.c
    latest = (
        select(transactions)
        .where(table.partner_id == partner_id, table.site_id == site_id)
        .order_by(table.start_time.desc())
        .limit(LATEST_COUNT)
    )
    busy = {one.latest.asset_id for one in found if one.is_running}
    return [
        _history(row)
        for asset_id in sorted(busy)
        for row in connection.execute(latest.where(table.asset_id == asset_id))
    ]


def _lock_site(connection: Connection, partner_id: str, site_id: str) -> bool:
    """Keep others from telling transactions of this site meanwhile; False where there is no such site."""
    own = (sites.c.partner_id == partner_id, sites.c.site_id == site_id, sites.c.deleted_at.is_(None))
    return connection.execute(select(sites.c.site_id).where(*own).with_for_update()).first() is not None


def _judged(before: Sequence[StoredMessage], message: Transaction) -> tuple[MessageOutcome, int]:
    """What a message is to those that are stored, and its revision."""
    same = [
        one
        for one in before
        if (one.message.timestamp, rank(one.message)) == (message.timestamp, rank(message))
    ]
    if not same:
        return "stored", 0
    if says_the_same(same[-1].message, message):
        return "unchanged", same[-1].revision_number
    return "corrected", same[-1].revision_number + 1


def _place(stored: StoredMessage) -> tuple[datetime, int, int]:
    return stored.message.timestamp, rank(stored.message), stored.revision_number


def _messages(partner_id: str, site_id: str, asset_id: str, transaction_id: str) -> Select[Any]:
    table = transaction_messages.c
    is_one = (
        table.partner_id == partner_id,
        table.site_id == site_id,
        table.asset_id == asset_id,
        table.transaction_id == transaction_id,
    )
    return select(transaction_messages).where(*is_one)


def _insert_message(
    connection: Connection,
    name: tuple[str, str, str, str],
    message: Transaction,
    received_at: datetime,
    revision_number: int,
) -> None:
    row = {
        **_named(name),
        "sent_at": message.timestamp,
        "state": message.transaction_state,
        "revision_number": revision_number,
        "received_at": received_at,
        "document": message.model_dump(mode="json", exclude_none=True),
    }
    connection.execute(insert(transaction_messages).values(row))


def _replace_transaction(
    connection: Connection, name: tuple[str, str, str, str], history: TransactionHistory
) -> None:
    own: list[ColumnElement[bool]] = [
        transactions.c[column] == value for column, value in _named(name).items()
    ]
    row = {
        **_named(name),
        "start_time": history.latest.start_time,
        "is_running": history.is_running,
        "document": history.latest.model_dump(mode="json", exclude_none=True),
        "message_count": history.message_count,
        "irregularities": list(history.irregularities),
    }
    connection.execute(delete(transactions).where(*own))
    connection.execute(insert(transactions).values(row))


def _named(name: tuple[str, str, str, str]) -> dict[str, str]:
    return dict(zip(("partner_id", "site_id", "asset_id", "transaction_id"), name, strict=True))


def _ordered(partner_id: str, site_id: str) -> Select[Any]:
    table = transactions.c
    own = select(transactions).where(table.partner_id == partner_id, table.site_id == site_id)
    return own.order_by(table.start_time, table.asset_id, table.transaction_id)


def _message(row: Row[Any]) -> StoredMessage:
    return StoredMessage(Transaction.model_validate(row.document), row.received_at, row.revision_number)


def _history(row: Row[Any]) -> TransactionHistory:
    return TransactionHistory(
        Transaction.model_validate(row.document), row.message_count, tuple(row.irregularities)
    )
