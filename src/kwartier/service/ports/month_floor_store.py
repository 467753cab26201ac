"""The port to the peaks that months are expected to have."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kwartier.service.month_floors.month_floor import MonthFloor


class MonthFloorStore(Protocol):
    """The last floor of each site of one partner at a time, and when the next one is to be made."""

    def get(self, partner_id: str, site_id: str) -> MonthFloor | None:
        """The floor that was kept last; None where none was ever made."""
        ...

    def list_due(self, partner_id: str, now: datetime) -> Sequence[str]:
        """The active sites whose next floor is to be made, and nobody makes, by id."""
        ...

    def take(self, partner_id: str, site_id: str, now: datetime, until: datetime) -> bool:
        """Have it made by nobody else until then; False where somebody else makes it, or it is not due."""
        ...

    def keep(self, partner_id: str, site_id: str, floor: MonthFloor, again_at: datetime) -> None:
        """Store the floor of an existing site in place of the one before; the next one is due at `again_at`."""
        ...
