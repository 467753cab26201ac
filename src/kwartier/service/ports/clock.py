"""The port to time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how much has passed."""

    def now(self) -> datetime:
        """This moment in UTC; it may jump when somebody sets the machine's clock."""
        ...

    def monotonic_s(self) -> float:
        """Seconds since some moment; it never jumps, so waiting times are measured with it."""
        ...

    def waiting_s(self, duration_s: float) -> float:
        """How long a thread has to wait until so much has passed on this clock; seconds both."""
        ...
