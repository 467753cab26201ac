"""The leases of the control in memory."""

from dataclasses import dataclass
from datetime import datetime

from kwartier.service.control_lease import CONTROL_LEASE, ControlLease


@dataclass(frozen=True)
class _Row:
    holder_id: str
    fence_number: int
    leased_until: datetime


class FakeControlLeases:
    """Implements `kwartier.service.ports.ControlLeases`."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    def take(self, partner_id: str, holder_id: str, now: datetime, until: datetime) -> ControlLease | None:
        """The lease until then, taken, renewed or taken over; None while another one holds it."""
        row = self._rows.get(partner_id)
        is_held = row is not None and now < row.leased_until <= now + 4 * CONTROL_LEASE
        if row is not None and row.holder_id != holder_id and is_held:
            return None
        number = 1 if row is None else row.fence_number + (row.holder_id != holder_id)
        self._rows[partner_id] = _Row(holder_id, number, until)
        return ControlLease(partner_id, number)

    def give_back(self, lease: ControlLease, now: datetime) -> None:
        """Let another one take it at once."""
        if self.is_held(lease):
            row = self._rows[lease.partner_id]
            self._rows[lease.partner_id] = _Row(row.holder_id, row.fence_number, now)

    def is_held(self, lease: ControlLease) -> bool:
        """Whether nobody has taken a lease over."""
        row = self._rows.get(lease.partner_id)
        return row is not None and row.fence_number == lease.fence_number
