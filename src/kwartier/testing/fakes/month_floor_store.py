"""The peaks that months are expected to have, in memory."""

from collections.abc import Sequence
from datetime import datetime

from kwartier.service.month_floors.month_floor import LONGEST_WAIT, MonthFloor
from kwartier.testing.fakes.site_store import FakeSiteStore


class FakeMonthFloorStore:
    """Implements `kwartier.service.ports.MonthFloorStore`."""

    def __init__(self, sites: FakeSiteStore) -> None:
        self._sites = sites
        self._floors: dict[tuple[str, str], MonthFloor] = {}
        self._again_at: dict[tuple[str, str], datetime] = {}

    def get(self, partner_id: str, site_id: str) -> MonthFloor | None:
        """The floor that was kept last; None where none was ever made."""
        return self._floors.get((partner_id, site_id))

    def list_due(self, partner_id: str, now: datetime) -> Sequence[str]:
        """The active sites whose next floor is to be made, and nobody makes, by id."""
        return [
            record.site_id
            for record in self._sites.list_after(partner_id, None, 10**6)
            if record.document.get("active") and self._is_due(partner_id, record.site_id, now)
        ]

    def take(self, partner_id: str, site_id: str, now: datetime, until: datetime) -> bool:
        """Have it made by nobody else until then; False where somebody else makes it, or it is not due."""
        if not self._is_due(partner_id, site_id, now):
            return False
        self._again_at[partner_id, site_id] = until
        return True

    def keep(self, partner_id: str, site_id: str, floor: MonthFloor, again_at: datetime) -> None:
        """Store the floor of an existing site in place of the one before; the next one is due at `again_at`."""
        self._floors[partner_id, site_id] = floor
        self._again_at[partner_id, site_id] = again_at

    def _is_due(self, partner_id: str, site_id: str, now: datetime) -> bool:
        again_at = self._again_at.get((partner_id, site_id))
        return again_at is None or not now < again_at <= now + LONGEST_WAIT
