"""Requests that are known by a key of the caller's own, in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.idempotency import idempotency_keys
from kwartier.service.ports.idempotency_store import (
    Claim,
    Claimed,
    InFlight,
    KeptAnswer,
    KeyReused,
    RequestKey,
)

_table = idempotency_keys.c


class SqlIdempotencyStore:
    """Implements `kwartier.service.ports.IdempotencyStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, request: RequestKey, now: datetime, *, forgotten: datetime, given_up: datetime) -> Claim:
        """Take a key, or say what became of the request that has it."""
        try:
            with self._database.writing(request.partner_id) as connection:
                connection.execute(
                    delete(idempotency_keys).where(
                        _table.partner_id == request.partner_id, _table.claimed_at < forgotten
                    )
                )
                return _claimed(connection, request, now, given_up)
        except IntegrityError:  # another one took it between our look and our row
            return InFlight()

    def keep(self, request: RequestKey, answer: KeptAnswer) -> None:
        """Store the answer to the request that has claimed the key."""
        values = {"status_code": answer.status_code, "headers": dict(answer.headers), "body": answer.body}
        with self._database.writing(request.partner_id) as connection:
            connection.execute(update(idempotency_keys).where(*_own(request)).values(values))

    def release(self, request: RequestKey) -> None:
        """Forget a key that was claimed."""
        with self._database.writing(request.partner_id) as connection:
            connection.execute(delete(idempotency_keys).where(*_own(request), _table.status_code.is_(None)))


def _claimed(connection: Connection, request: RequestKey, now: datetime, given_up: datetime) -> Claim:
    found = connection.execute(select(idempotency_keys).where(*_own(request)).with_for_update()).first()
    if found is None:
        row = {**vars(request), "claimed_at": now}
        connection.execute(insert(idempotency_keys).values(row))
        return Claimed()
    if found.fingerprint != request.fingerprint:
        return KeyReused()
    if found.status_code is not None:
        return _answer(found)
    if found.claimed_at >= given_up:
        return InFlight()
    connection.execute(update(idempotency_keys).where(*_own(request)).values(claimed_at=now))
    return Claimed()


def _answer(row: Row[tuple[object, ...]]) -> KeptAnswer:
    return KeptAnswer(row.status_code, row.headers, row.body)


def _own(request: RequestKey) -> list[ColumnElement[bool]]:
    return [_table.partner_id == request.partner_id, _table.key == request.key]
