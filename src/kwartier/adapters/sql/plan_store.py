"""Plans and their requests in the database."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, or_, select

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.outbox import post
from kwartier.adapters.sql.planning_turns import end_turn
from kwartier.adapters.sql.tables.plans import plans
from kwartier.adapters.sql.tables.sites import sites
from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.plan_record import PlanRecord, PlanSummary
from kwartier.service.planning_turn import PlanningTurn, StaleTurn
from kwartier.service.ports.plan_store import PlanKey

_SUMMARY = (plans.c.plan_id, plans.c.planned_from, plans.c.stored_at, plans.c.status, plans.c.is_safe)


class SqlPlanStore:
    """Implements `kwartier.service.ports.PlanStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, record: PlanRecord, messages: Sequence[OutgoingMessage] = ()) -> PlanRecord:
        """Store a plan with its messages; this very record, or the earlier one where its id was there already."""
        with self._database.writing(record.partner_id) as connection:
            return _keep(connection, record, messages)

    def keep_in_turn(
        self, record: PlanRecord, turn: PlanningTurn, messages: Sequence[OutgoingMessage] = ()
    ) -> PlanRecord | StaleTurn:
        """The same, and end the turn; the turn's row keeps others out until the plan is there."""
        with self._database.writing(record.partner_id) as connection:
            if not end_turn(connection, turn):
                return StaleTurn()
            return _keep(connection, record, messages)

    def get(self, partner_id: str, site_id: str, plan_id: str) -> PlanRecord | None:
        """A plan; None where this site of this partner has none of that id."""
        query = select(plans).where(*_own(partner_id, site_id), plans.c.plan_id == plan_id)
        return self._first(partner_id, query)

    def latest(self, partner_id: str, site_id: str) -> PlanRecord | None:
        """The plan that was made for the latest moment; of several for one moment the one stored last."""
        return self._first(partner_id, _last_word(select(plans).where(*_own(partner_id, site_id))))

    def in_force(self, partner_id: str, site_id: str, at: datetime) -> PlanRecord | None:
        """The latest plan that begins by `at` and passed the check."""
        begun = (*_own(partner_id, site_id), plans.c.is_safe, plans.c.planned_from <= at)
        return self._first(partner_id, _last_word(select(plans).where(*begun)))

    def list_before(
        self, partner_id: str, site_id: str, before: PlanKey | None, limit_count: int
    ) -> Sequence[PlanSummary]:
        """At most so many plans, the latest first, those made for moments before the key."""
        query = select(*_SUMMARY).where(*_own(partner_id, site_id))
        if before is not None:
            moment, plan_id = before
            query = query.where(
                or_(
                    plans.c.planned_from < moment,
                    and_(plans.c.planned_from == moment, plans.c.plan_id < plan_id),
                )
            )
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(_newest_first(query).limit(limit_count))
            return [PlanSummary(*row) for row in rows]

    def list_latest(self, partner_id: str) -> dict[str, PlanSummary]:
        """The plan that was made for the latest moment of each site, found by a leap into the index per site."""
        newest = (
            select(plans.c.plan_id)
            .where(plans.c.partner_id == sites.c.partner_id, plans.c.site_id == sites.c.site_id)
            .order_by(plans.c.planned_from.desc(), plans.c.plan_id.desc())
            .limit(1)
            .correlate(sites)
            .scalar_subquery()
        )
        query = (
            select(plans.c.site_id, *_SUMMARY)
            .join(sites, (plans.c.partner_id == sites.c.partner_id) & (plans.c.site_id == sites.c.site_id))
            .where(sites.c.partner_id == partner_id, plans.c.plan_id == newest)
        )
        with self._database.reading(partner_id) as connection:
            return {row[0]: PlanSummary(*row[1:]) for row in connection.execute(query)}

    def _first(self, partner_id: str, query: Select[Any]) -> PlanRecord | None:
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query.limit(1)).first()
        return None if row is None else _record(row)


def _keep(connection: Connection, record: PlanRecord, messages: Sequence[OutgoingMessage]) -> PlanRecord:
    own = (*_own(record.partner_id, record.site_id), plans.c.plan_id == record.plan_id)
    row = connection.execute(select(plans).where(*own)).first()
    if row is not None:
        return _record(row)
    connection.execute(insert(plans).values(_values(record)))
    post(connection, messages)
    return record


def _own(partner_id: str, site_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return plans.c.partner_id == partner_id, plans.c.site_id == site_id


def _newest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(plans.c.planned_from.desc(), plans.c.plan_id.desc())


def _last_word(query: Select[Any]) -> Select[Any]:
    return query.order_by(plans.c.planned_from.desc(), plans.c.stored_at.desc(), plans.c.plan_id.desc())


def _values(record: PlanRecord) -> dict[str, Any]:
    return {
        "partner_id": record.partner_id,
        "site_id": record.site_id,
        "plan_id": record.plan_id,
        "planned_from": record.planned_from,
        "stored_at": record.stored_at,
        "status": record.status,
        "is_safe": record.is_safe,
        "request": zlib.compress(record.request_json),
        "notes": list(record.notes),
        "plan": zlib.compress(record.plan_json),
        "previous_plan_id": record.previous_plan_id,
    }


def _record(row: Row[Any]) -> PlanRecord:
    return PlanRecord(
        partner_id=row.partner_id,
        site_id=row.site_id,
        plan_id=row.plan_id,
        planned_from=row.planned_from,
        stored_at=row.stored_at,
        status=row.status,
        is_safe=row.is_safe,
        request_json=zlib.decompress(row.request),
        notes=tuple(row.notes),
        plan_json=zlib.decompress(row.plan),
        previous_plan_id=row.previous_plan_id,
    )
