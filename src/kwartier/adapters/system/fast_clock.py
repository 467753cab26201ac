"""A clock that goes faster than the machine's, for a service that is looked at and not relied upon."""

import time
from datetime import datetime, timedelta


class FastClock:
    """Stands at `start` until it is set going, then goes `speed_factor` times as fast as the machine's.

    >>> from datetime import UTC
    >>> clock = FastClock(datetime(2025, 10, 3, 7, tzinfo=UTC), 30.0)
    >>> clock.waiting_s(900.0)
    30.0
    """

    def __init__(self, start: datetime, speed_factor: float) -> None:
        self._start, self.speed_factor = start, speed_factor
        self._begun_s: float | None = None

    def begin(self) -> None:
        """Go."""
        self._begun_s = time.monotonic()

    def now(self) -> datetime:
        """Its moment, in UTC where `start` is."""
        return self._start + timedelta(seconds=self.monotonic_s())

    def monotonic_s(self) -> float:
        """Its seconds since it was set going, never jumping."""
        return 0.0 if self._begun_s is None else (time.monotonic() - self._begun_s) * self.speed_factor

    def waiting_s(self, duration_s: float) -> float:
        """How long the machine takes for so many of its seconds."""
        return duration_s / self.speed_factor
