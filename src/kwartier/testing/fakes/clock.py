"""A clock that stands until it is moved."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Implements `kwartier.service.ports.Clock`."""

    def __init__(self, moment: datetime = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)) -> None:
        self._moment, self._passed_s = moment, 0.0

    def now(self) -> datetime:
        """The moment at which it stands."""
        return self._moment

    def waiting_s(self, duration_s: float) -> float:
        """The same: who waits does so on the machine's clock."""
        return duration_s

    def monotonic_s(self) -> float:
        """Seconds by which it has been moved forward."""
        return self._passed_s

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._moment += timedelta(seconds=seconds)
        self._passed_s += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back, as an operator would; no time passes."""
        self._moment += timedelta(seconds=seconds)
