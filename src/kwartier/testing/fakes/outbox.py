"""Messages that wait to be sent, in memory."""

from collections.abc import Sequence

from kwartier.service.control_lease import ControlLease
from kwartier.service.outgoing_message import OutgoingMessage, first_messages
from kwartier.testing.fakes.control_leases import FakeControlLeases


class FakeOutbox:
    """Implements `kwartier.service.ports.Outbox`."""

    def __init__(self, leases: FakeControlLeases) -> None:
        self._leases = leases
        self._messages: list[OutgoingMessage] = []

    def post(
        self, partner_id: str, messages: Sequence[OutgoingMessage], lease: ControlLease | None = None
    ) -> bool:
        """Have these wait instead of earlier ones about their subjects; False where the lease has gone to another."""
        if lease is not None and not self._leases.is_held(lease):
            return False
        firsts = [one for one in first_messages(messages) if one.partner_id == partner_id]
        kept = [one for one in self._messages if not any(first.overtakes(one) for first in firsts)]
        self._messages = [*kept, *messages]
        return True

    def list_sites(self, partner_id: str) -> Sequence[str]:
        """The sites for which something waits, by id."""
        return sorted({one.subject.site_id for one in self._messages if one.partner_id == partner_id})

    def list_waiting(self, partner_id: str, site_id: str) -> Sequence[OutgoingMessage]:
        """What waits for a site, in the order in which it is to be sent."""
        own = [
            one for one in self._messages if (one.partner_id, one.subject.site_id) == (partner_id, site_id)
        ]
        return sorted(own, key=lambda one: (one.send_at, one.subject.kind, one.subject.asset_id))

    def settle(self, partner_id: str, messages: Sequence[OutgoingMessage]) -> None:
        """These need not be sent any more; what was posted since stays."""
        done = set(messages)
        self._messages = [one for one in self._messages if one.partner_id != partner_id or one not in done]
