"""The turns of planning in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, and_, case, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.planning_turns import planning_turns
from kwartier.adapters.sql.tables.sites import sites
from kwartier.service.planning_turn import LONGEST_LEASE, DueSite, PlanningTurn

_table = planning_turns.c


class SqlPlanningTurns:
    """Implements `kwartier.service.ports.PlanningTurns`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, partner_id: str, site_id: str, at: datetime) -> None:
        """Have an existing site planned again from `at` on; where an earlier moment stands already, that stays."""
        earlier = case((_table.asked_at < at, _table.asked_at), else_=at)
        again = update(planning_turns).where(*_own(partner_id, site_id)).values(asked_at=earlier)
        try:
            with self._database.writing(partner_id) as connection:
                if not connection.execute(again).rowcount:
                    _open(connection, partner_id, site_id, asked_at=at)
        except IntegrityError:  # another one opened it in this moment
            with self._database.writing(partner_id) as connection:
                connection.execute(again)

    def list_due(self, partner_id: str, quarter_number: int, now: datetime) -> Sequence[DueSite]:
        """The active sites of a partner that nobody plans and that wait for a plan, by id."""
        asked_at = case((_is_changed(), sites.c.changed_at), (_table.asked_at <= now, _table.asked_at))
        query = (
            select(sites.c.partner_id, sites.c.site_id, asked_at)
            .select_from(sites.outerjoin(planning_turns, _same_site()))
            .where(
                sites.c.partner_id == partner_id,
                sites.c.deleted_at.is_(None),
                _is_free(now),
                or_(_is_due(quarter_number, now), _is_changed()),
                sites.c.document["active"].as_boolean(),
            )
            .order_by(sites.c.site_id)
        )
        with self._database.reading(partner_id) as connection:
            return [DueSite(*row) for row in connection.execute(query)]

    def take(
        self, partner_id: str, site_id: str, quarter_number: int, now: datetime, until: datetime
    ) -> PlanningTurn | None:
        """The turn until then, with the next fencing number; None where another one holds it."""
        values = {
            "fence_number": _table.fence_number + 1,
            "taken_at": now,
            "leased_until": until,
            "asked_at": case((_table.asked_at <= now, None), else_=_table.asked_at),
        }
        changed = exists(select(sites.c.site_id).where(_same_site(), _is_changed()))
        is_due = or_(_is_due(quarter_number, now), changed)
        own = (*_own(partner_id, site_id), _is_free(now), is_due)
        taken = update(planning_turns).where(*own).values(values).returning(_table.fence_number)
        try:
            with self._database.writing(partner_id) as connection:
                number = connection.scalar(taken)
                if number is None and not _is_open(connection, partner_id, site_id):
                    number = 1
                    first = {"fence_number": number, "taken_at": now, "leased_until": until}
                    _open(connection, partner_id, site_id, **first)
        except IntegrityError:  # another one took it in this moment
            return None
        return None if number is None else PlanningTurn(partner_id, site_id, quarter_number, number)

    def end(self, turn: PlanningTurn) -> bool:
        """Give the turn back, its quarter-hour done; False where it had gone to somebody else."""
        with self._database.writing(turn.partner_id) as connection:
            return end_turn(connection, turn)

    def drop(self, turn: PlanningTurn, again_at: datetime) -> bool:
        """Give the turn back, nothing done, to be taken again from a moment on."""
        given_back = _held(turn).values(leased_until=again_at, asked_at=again_at)
        with self._database.writing(turn.partner_id) as connection:
            return connection.execute(given_back).rowcount == 1


def end_turn(connection: Connection, turn: PlanningTurn) -> bool:
    """End a turn in the transaction that writes what it made; False where it had gone to somebody else."""
    done = _held(turn).values(leased_until=None, planned_quarter=turn.quarter_number)
    return connection.execute(done).rowcount == 1


def _held(turn: PlanningTurn) -> Update:
    own = _own(turn.partner_id, turn.site_id)
    return update(planning_turns).where(*own, _table.fence_number == turn.fence_number)


def _open(connection: Connection, partner_id: str, site_id: str, **values: Any) -> None:
    row = {"partner_id": partner_id, "site_id": site_id, "fence_number": 0, **values}
    connection.execute(insert(planning_turns).values(row))


def _is_open(connection: Connection, partner_id: str, site_id: str) -> bool:
    query = select(_table.site_id).where(*_own(partner_id, site_id))
    return connection.execute(query).first() is not None


def _own(partner_id: str, site_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _table.partner_id == partner_id, _table.site_id == site_id


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody holds the turn; a lease that goes on for longer than any was taken by a clock that was ahead (R33)."""
    until = _table.leased_until
    return or_(until.is_(None), until <= now, until > now + LONGEST_LEASE)


def _same_site() -> ColumnElement[bool]:
    return and_(sites.c.partner_id == _table.partner_id, sites.c.site_id == _table.site_id)


def _is_changed() -> ColumnElement[bool]:
    """Whether the document is newer than the last turn, or there has been none."""
    return or_(_table.taken_at.is_(None), sites.c.changed_at > _table.taken_at)


def _is_due(quarter_number: int, now: datetime) -> ColumnElement[bool]:
    """Not planned for this quarter-hour, or asked for; one after the next one was planned by a wrong clock."""
    return or_(
        _table.planned_quarter.is_(None),
        _table.planned_quarter < quarter_number,
        _table.planned_quarter > quarter_number + 1,
        _table.asked_at <= now,
    )
