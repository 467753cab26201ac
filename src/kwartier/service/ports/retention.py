"""The port to the forgetting of what is old."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Forgotten:
    """How much was forgotten."""

    measurement_count: int
    plan_count: int


class Retention(Protocol):
    """Deletes what is older than it has to be kept, also of sites that were deleted."""

    def forget(self, partner_id: str, *, measured_before: datetime, planned_before: datetime) -> Forgotten:
        """Delete a partner's measurements, with what was corrected in them, and plans.

        In transactions so short that nobody waits long for one. The newest plan of a site stays.
        """
        ...
