"""Plans in memory."""

from collections.abc import Sequence
from datetime import datetime

from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.plan_record import PlanRecord, PlanSummary
from kwartier.service.planning_turn import PlanningTurn, StaleTurn
from kwartier.service.ports.plan_store import PlanKey
from kwartier.testing.fakes.outbox import FakeOutbox
from kwartier.testing.fakes.planning_turns import FakePlanningTurns


class FakePlanStore:
    """Implements `kwartier.service.ports.PlanStore`."""

    def __init__(self, turns: FakePlanningTurns, outbox: FakeOutbox) -> None:
        self._turns, self._outbox = turns, outbox
        self._plans: dict[tuple[str, str, str], PlanRecord] = {}

    def keep(self, record: PlanRecord, messages: Sequence[OutgoingMessage] = ()) -> PlanRecord:
        """Store a plan with its messages; this very record, or the earlier one where its id was there already."""
        key = (record.partner_id, record.site_id, record.plan_id)
        if key in self._plans:
            return self._plans[key]
        self._plans[key] = record
        self._outbox.post(record.partner_id, messages)
        return record

    def keep_in_turn(
        self, record: PlanRecord, turn: PlanningTurn, messages: Sequence[OutgoingMessage] = ()
    ) -> PlanRecord | StaleTurn:
        """The same, and end the turn in which it was made; nothing is stored where the turn has gone to another."""
        return self.keep(record, messages) if self._turns.end(turn) else StaleTurn()

    def get(self, partner_id: str, site_id: str, plan_id: str) -> PlanRecord | None:
        """A plan; None where this site of this partner has none of that id."""
        return self._plans.get((partner_id, site_id, plan_id))

    def latest(self, partner_id: str, site_id: str) -> PlanRecord | None:
        """The plan that was made for the latest moment; of several for one moment the one stored last."""
        return max(self._own(partner_id, site_id), key=_place, default=None)

    def in_force(self, partner_id: str, site_id: str, at: datetime) -> PlanRecord | None:
        """The latest plan that begins by `at` and passed the check."""
        begun = (one for one in self._own(partner_id, site_id) if one.is_safe and one.planned_from <= at)
        return max(begun, key=_place, default=None)

    def list_latest(self, partner_id: str) -> dict[str, PlanSummary]:
        """The plan that was made for the latest moment of each site that has one, by site."""
        sites = {site_id for owner, site_id, _ in self._plans if owner == partner_id}
        return {site_id: self._own(partner_id, site_id)[0].summary for site_id in sites}

    def list_before(
        self, partner_id: str, site_id: str, before: PlanKey | None, limit_count: int
    ) -> Sequence[PlanSummary]:
        """At most so many plans, the latest first, those made for moments before the key."""
        own = self._own(partner_id, site_id)
        behind = [one for one in own if before is None or (one.planned_from, one.plan_id) < before]
        return [one.summary for one in behind[:limit_count]]

    def _own(self, partner_id: str, site_id: str) -> list[PlanRecord]:
        own = [one for (owner, site, _), one in self._plans.items() if (owner, site) == (partner_id, site_id)]
        return sorted(own, key=lambda one: (one.planned_from, one.plan_id), reverse=True)


def _place(record: PlanRecord) -> tuple[datetime, datetime, str]:
    return record.planned_from, record.stored_at, record.plan_id
