"""The port to stored plans."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.plan_record import PlanRecord, PlanSummary
from kwartier.service.planning_turn import PlanningTurn, StaleTurn


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

    def keep_in_turn(
        self, record: PlanRecord, turn: PlanningTurn, messages: Sequence[OutgoingMessage] = ()
    ) -> PlanRecord | StaleTurn:
        """The same, and end the turn in which it was made; nothing is stored where the turn has gone to another."""
        ...

    def get(self, partner_id: str, site_id: str, plan_id: str) -> PlanRecord | None:
        """A plan; None where this site of this partner has none of that id."""
        ...

    def latest(self, partner_id: str, site_id: str) -> PlanRecord | None:
        """The plan that was made for the latest moment; of several for one moment the one stored last."""
        ...

    def in_force(self, partner_id: str, site_id: str, at: datetime) -> PlanRecord | None:
        """The latest plan that begins by `at` and passed the check: what the devices follow."""
        ...

    def list_latest(self, partner_id: str) -> Mapping[str, PlanSummary]:
        """The plan that was made for the latest moment of each site that has one, by site."""
        ...

    def list_before(
        self, partner_id: str, site_id: str, before: PlanKey | None, limit_count: int
    ) -> Sequence[PlanSummary]:
        """At most so many plans, the latest first, those made for moments before the key."""
        ...
