"""The control's outbox: what the store has no space for goes out all the same."""

from collections.abc import Callable, Sequence

from kwartier.service.control_lease import ControlLease
from kwartier.service.faults import StoreFull
from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.ports import Outbox


class DirectOutbox:
    """Implements `kwartier.service.ports.Outbox` over another one; `send` gets what that one could not keep.

    A fuse does not wait for a disk (reliability.md, R11): a setpoint is worth sending once even where it cannot be
    repeated after a death of the service. The devices' fallbacks are what that is for. A lease that has gone to another
    process is seen by a read, before anything is written, so none goes out without it.
    """

    def __init__(self, kept: Outbox, send: Callable[[Sequence[OutgoingMessage]], None]) -> None:
        self._kept, self._send = kept, send

    def post(
        self, partner_id: str, messages: Sequence[OutgoingMessage], lease: ControlLease | None = None
    ) -> bool:
        """Have these wait, or send them without; False where the lease has gone to another."""
        try:
            return self._kept.post(partner_id, messages, lease)
        except StoreFull:
            self._send(messages)
            return True

    def list_sites(self, partner_id: str) -> Sequence[str]:
        """The sites for which something waits, by id."""
        return self._kept.list_sites(partner_id)

    def list_waiting(self, partner_id: str, site_id: str) -> Sequence[OutgoingMessage]:
        """What waits for a site, in the order in which it is to be sent."""
        return self._kept.list_waiting(partner_id, site_id)

    def settle(self, partner_id: str, messages: Sequence[OutgoingMessage]) -> None:
        """These need not be sent any more."""
        self._kept.settle(partner_id, messages)
