"""The machine's clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Time as the machine tells it."""

    def now(self) -> datetime:
        """This moment in UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Seconds since some moment, never jumping."""
        return time.monotonic()

    def waiting_s(self, duration_s: float) -> float:
        """The same: this clock goes as fast as the machine's."""
        return duration_s
