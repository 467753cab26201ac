"""The port to stored plans."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.plan_record import PlanRecord, PlanSummary


class PlanKey(NamedTuple):
    """The place of a plan in the list of its site."""

    planned_from: datetime
    plan_id: str


class PlanStore(Protocol):
    """The plans of one partner at a time, each with its full request."""

    def keep(self, record: PlanRecord, messages: Sequence[OutgoingMessage] = ()) -> PlanRecord:
        """Store a plan; this very record, or the earlier one where its id was there already.

        What is to be sent with it is posted in the same transaction, or not where the plan was there.
        """
        ...

    def get(self, partner_id: str, site_id: str, plan_id: str) -> PlanRecord | None:
        """A plan; None where this site of this partner has none of that id."""
        ...

    def latest(self, partner_id: str, site_id: str, *, only_safe: bool = False) -> PlanRecord | None:
        """The plan that was made for the latest moment; with `only_safe` of those that passed the check."""
        ...

    def list_before(
        self, partner_id: str, site_id: str, before: PlanKey | None, limit_count: int
    ) -> Sequence[PlanSummary]:
        """At most so many plans, the latest first, those made for moments before the key."""
        ...
