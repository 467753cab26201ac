"""The forgetting of what is old, in memory."""

from datetime import datetime

from kwartier.service.ports.retention import Forgotten


class FakeRetention:
    """Implements `kwartier.service.ports.Retention`; remembers what it was asked, and forgets nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime, datetime]] = []

    def forget(self, partner_id: str, *, measured_before: datetime, planned_before: datetime) -> Forgotten:
        """Nothing."""
        self.asked.append((partner_id, measured_before, planned_before))
        return Forgotten(0, 0)
