"""The port to the leases of the control."""

from datetime import datetime
from typing import Protocol

from kwartier.service.control_lease import ControlLease


class ControlLeases(Protocol):
    """Who controls the sites of each partner. Each call is one transaction of the database."""

    def take(self, partner_id: str, holder_id: str, now: datetime, until: datetime) -> ControlLease | None:
        """The lease until then, taken, renewed or taken over with the next number; None while another one holds it."""
        ...

    def give_back(self, lease: ControlLease, now: datetime) -> None:
        """Let another one take it at once; nothing happens where one has already."""
        ...
