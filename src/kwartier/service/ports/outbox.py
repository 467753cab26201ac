"""The port to messages that wait to be sent to sites."""

from collections.abc import Sequence
from typing import Protocol

from kwartier.service.control_lease import ControlLease
from kwartier.service.outgoing_message import OutgoingMessage


class Outbox(Protocol):
    """The waiting messages of one partner at a time; `PlanStore.keep` posts a plan's own with the plan.

    A post takes the place of earlier messages about its subjects from its first moment on, and of those that are over,
    so there are never more than devices and the moments ahead.
    """

    def post(
        self, partner_id: str, messages: Sequence[OutgoingMessage], lease: ControlLease | None = None
    ) -> bool:
        """Have these wait, all or none; see `OutgoingMessage.overtakes`. False where the lease has gone to another."""
        ...

    def list_sites(self, partner_id: str) -> Sequence[str]:
        """The sites for which something waits, by id."""
        ...

    def list_waiting(self, partner_id: str, site_id: str) -> Sequence[OutgoingMessage]:
        """What waits for a site, in the order in which it is to be sent."""
        ...

    def settle(self, partner_id: str, messages: Sequence[OutgoingMessage]) -> None:
        """These need not be sent any more; what was posted since stays."""
        ...
