"""Overrides of charging sessions in the database."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.session_overrides import session_overrides
from kwartier.service.session_override import NumberedOverride, SessionKey, SessionOverride

# Two people may decide at one moment; more collisions in a row than this are not.
MOST_ATTEMPTS = 5
_table = session_overrides.c


class SqlSessionOverrideStore:
    """Implements `kwartier.service.ports.SessionOverrideStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, partner_id: str, site_id: str, override: SessionOverride) -> NumberedOverride:
        """Store an override of an existing site with the next number of its site."""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                with self._database.writing(partner_id) as connection:
                    number = _last_number(connection, partner_id, site_id) + 1
                    row = _row(partner_id, site_id, number, override)
                    connection.execute(insert(session_overrides).values(row))
            except IntegrityError:
                if attempt == MOST_ATTEMPTS:
                    raise
            else:
                return NumberedOverride(number, override)
        raise AssertionError("the last attempt returns or raises")

    def latest_of(
        self, partner_id: str, site_id: str, sessions: Collection[SessionKey]
    ) -> Mapping[SessionKey, SessionOverride]:
        """The override that was asked last for each of these sessions that has one."""
        if not sessions:
            return {}
        query = (
            select(session_overrides)
            .where(
                _table.partner_id == partner_id,
                _table.site_id == site_id,
                _table.transaction_id.in_([one.transaction_id for one in sessions]),
            )
            .order_by(_table.override_number)
        )
        with self._database.reading(partner_id) as connection:
            found = [_numbered(row).override for row in connection.execute(query)]
        return {one.session: one for one in found if one.session in sessions}

    def list_before(
        self, partner_id: str, site_id: str, before_number: int | None, limit_count: int
    ) -> Sequence[NumberedOverride]:
        """At most so many overrides of a site, newest first, those before a number."""
        query = select(session_overrides).where(_table.partner_id == partner_id, _table.site_id == site_id)
        if before_number is not None:
            query = query.where(_table.override_number < before_number)
        query = query.order_by(_table.override_number.desc()).limit(limit_count)
        with self._database.reading(partner_id) as connection:
            return [_numbered(row) for row in connection.execute(query)]


def _last_number(connection: Connection, partner_id: str, site_id: str) -> int:
    query = select(func.max(_table.override_number)).where(
        _table.partner_id == partner_id, _table.site_id == site_id
    )
    return connection.scalar(query) or 0


def _row(partner_id: str, site_id: str, number: int, override: SessionOverride) -> dict[str, object]:
    return {
        "partner_id": partner_id,
        "site_id": site_id,
        "override_number": number,
        **override.session._asdict(),
        "wish": override.wish,
        "asked_by": override.asked_by,
        "asked_at": override.asked_at,
        "departure_time": override.departure_time,
        "minimum_energy_wh": override.minimum_energy_wh,
    }


def _numbered(row: Row[tuple[object, ...]]) -> NumberedOverride:
    override = SessionOverride(
        SessionKey(row.asset_id, row.transaction_id),
        row.wish,
        row.asked_by,
        row.asked_at,
        row.departure_time,
        row.minimum_energy_wh,
    )
    return NumberedOverride(row.override_number, override)
