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
