"""Plans in memory."""

from collections.abc import Sequence

from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.plan_record import PlanRecord, PlanSummary
from kwartier.service.ports.plan_store import PlanKey
from kwartier.testing.fakes.outbox import FakeOutbox


class FakePlanStore:
    """Implements `kwartier.service.ports.PlanStore`."""

    def __init__(self, outbox: FakeOutbox) -> None:
        self._outbox = outbox
        self._plans: dict[tuple[str, str, str], PlanRecord] = {}

    def keep(self, record: PlanRecord, messages: Sequence[OutgoingMessage] = ()) -> PlanRecord:
        """Store a plan with its messages; this very record, or the earlier one where its id was there already."""
        key = (record.partner_id, record.site_id, record.plan_id)
        if key in self._plans:
            return self._plans[key]
        self._plans[key] = record
        self._outbox.post(record.partner_id, messages)
        return record

    def get(self, partner_id: str, site_id: str, plan_id: str) -> PlanRecord | None:
        """A plan; None where this site of this partner has none of that id."""
        return self._plans.get((partner_id, site_id, plan_id))

    def latest(self, partner_id: str, site_id: str, *, only_safe: bool = False) -> PlanRecord | None:
        """The plan that was made for the latest moment; with `only_safe` of those that passed the check."""
        return next((one for one in self._own(partner_id, site_id) if one.is_safe or not only_safe), None)

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
