"""The peaks that months are expected to have, in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.month_floors import month_floors
from kwartier.adapters.sql.tables.sites import sites
from kwartier.service.month_floors.month_floor import LONGEST_WAIT, MonthFloor
from kwartier.tariffs import LocalMonth

_table = month_floors.c


class SqlMonthFloorStore:
    """Implements `kwartier.service.ports.MonthFloorStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, partner_id: str, site_id: str) -> MonthFloor | None:
        """The floor that was kept last; None where none was ever made."""
        query = select(month_floors).where(*_own(partner_id, site_id))
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        if row is None or row.month is None:
            return None
        return MonthFloor(LocalMonth.parse(row.month), row.made_at, row.highest_w_by_root, row.reason)

    def list_due(self, partner_id: str, now: datetime) -> Sequence[str]:
        """The active sites whose next floor is to be made, and nobody makes, by id."""
        same_site = and_(sites.c.partner_id == _table.partner_id, sites.c.site_id == _table.site_id)
        query = (
            select(sites.c.site_id)
            .select_from(sites.outerjoin(month_floors, same_site))
            .where(
                sites.c.partner_id == partner_id,
                sites.c.deleted_at.is_(None),
                or_(_table.again_at.is_(None), _is_due(now)),
                sites.c.document["active"].as_boolean(),
            )
            .order_by(sites.c.site_id)
        )
        with self._database.reading(partner_id) as connection:
            return list(connection.scalars(query))

    def take(self, partner_id: str, site_id: str, now: datetime, until: datetime) -> bool:
        """Have it made by nobody else until then; False where somebody else makes it, or it is not due."""
        own = _own(partner_id, site_id)
        try:
            with self._database.writing(partner_id) as connection:
                taken = update(month_floors).where(*own, _is_due(now)).values(again_at=until)
                if connection.execute(taken).rowcount:
                    return True
                if connection.execute(select(_table.site_id).where(*own)).first() is not None:
                    return False
                row = {"partner_id": partner_id, "site_id": site_id, "again_at": until}
                connection.execute(insert(month_floors).values(row))
                return True
        except IntegrityError:  # another one took it in this moment
            return False

    def keep(self, partner_id: str, site_id: str, floor: MonthFloor, again_at: datetime) -> None:
        """Store the floor of an existing site in place of the one before; the next one is due at `again_at`."""
        values: dict[str, Any] = {
            "again_at": again_at,
            "month": str(floor.month),
            "made_at": floor.made_at,
            "highest_w_by_root": dict(floor.highest_w_by_root),
            "reason": floor.reason,
        }
        with self._database.writing(partner_id) as connection:
            before = update(month_floors).where(*_own(partner_id, site_id)).values(values)
            if not connection.execute(before).rowcount:
                row = {"partner_id": partner_id, "site_id": site_id, **values}
                connection.execute(insert(month_floors).values(row))


def _own(partner_id: str, site_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _table.partner_id == partner_id, _table.site_id == site_id


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(_table.again_at <= now, _table.again_at > now + LONGEST_WAIT)
