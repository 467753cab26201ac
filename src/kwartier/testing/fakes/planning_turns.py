"""Turns of planning in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kwartier.service.planning_turn import LONGEST_LEASE, DueSite, PlanningTurn
from kwartier.testing.fakes.site_store import FakeSiteStore


@dataclass
class _Row:
    planned_quarter: int | None = None
    asked_at: datetime | None = None
    taken_at: datetime | None = None
    fence_number: int = 0
    leased_until: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        return self.leased_until is None or not now < self.leased_until <= now + LONGEST_LEASE

    def waits_since(self, changed_at: datetime, now: datetime) -> datetime | None:
        if self.taken_at is None or changed_at > self.taken_at:
            return changed_at
        return self.asked_at if self.asked_at is not None and self.asked_at <= now else None

    def lacks(self, quarter_number: int) -> bool:
        planned = self.planned_quarter
        return planned is None or not quarter_number <= planned <= quarter_number + 1


class FakePlanningTurns:
    """Implements `kwartier.service.ports.PlanningTurns`."""

    def __init__(self, sites: FakeSiteStore) -> None:
        self._sites = sites
        self._rows: dict[tuple[str, str], _Row] = {}

    def ask(self, partner_id: str, site_id: str, at: datetime) -> None:
        """Have an existing site planned again from `at` on; where an earlier moment stands already, that stays."""
        row = self._row(partner_id, site_id)
        row.asked_at = at if row.asked_at is None else min(row.asked_at, at)

    def list_due(self, partner_id: str, quarter_number: int, now: datetime) -> Sequence[DueSite]:
        """The active sites of a partner that nobody plans and that wait for a plan, by id."""
        waiting = []
        for record in self._sites.list_after(partner_id, None, 10**6):
            row = self._row(partner_id, record.site_id)
            since = row.waits_since(record.changed_at, now)
            if record.document.get("active") and row.is_free(now) and (since or row.lacks(quarter_number)):
                waiting.append(DueSite(partner_id, record.site_id, since))
        return waiting

    def take(
        self, partner_id: str, site_id: str, quarter_number: int, now: datetime, until: datetime
    ) -> PlanningTurn | None:
        """The turn until then, with the next fencing number; None where another one holds it."""
        row, record = self._row(partner_id, site_id), self._sites.get(partner_id, site_id)
        since = None if record is None else row.waits_since(record.changed_at, now)
        if not (row.is_free(now) and (since or row.lacks(quarter_number))):
            return None
        row.fence_number += 1
        row.taken_at, row.leased_until = now, until
        row.asked_at = None if row.asked_at is None or row.asked_at <= now else row.asked_at
        return PlanningTurn(partner_id, site_id, quarter_number, row.fence_number)

    def end(self, turn: PlanningTurn) -> bool:
        """Give the turn back, its quarter-hour done; False where it had gone to somebody else."""
        row = self._held(turn)
        if row is not None:
            row.leased_until, row.planned_quarter = None, turn.quarter_number
        return row is not None

    def drop(self, turn: PlanningTurn, again_at: datetime) -> bool:
        """Give the turn back, nothing done; nobody takes it before that moment."""
        row = self._held(turn)
        if row is not None:
            row.leased_until = row.asked_at = again_at
        return row is not None

    def _row(self, partner_id: str, site_id: str) -> _Row:
        return self._rows.setdefault((partner_id, site_id), _Row())

    def _held(self, turn: PlanningTurn) -> _Row | None:
        row = self._row(turn.partner_id, turn.site_id)
        return row if row.fence_number == turn.fence_number else None
