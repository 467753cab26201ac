"""How old a message is that stands in the store, by the clock that never jumps (R33)."""

from datetime import datetime


class HeardAges:
    """Remembers when each message was first seen here; how old it was then, only the wall clock can say."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[datetime, float]] = {}

    def age_s(self, what: str, said_at: datetime, now: datetime, clock_s: float) -> float:
        """The age of the last message of a kind, s, zero or more; a new one is known by its moment.

        >>> ages, noon = HeardAges(), datetime(2026, 3, 3, 12)
        >>> ages.age_s("heartbeat", noon, noon, clock_s=100.0)
        0.0
        >>> ages.age_s("heartbeat", noon, noon.replace(hour=18), clock_s=130.0)  # the wall clock has jumped
        30.0
        """
        if self._said.get(what, (None, 0.0))[0] != said_at:
            self._said[what] = (said_at, clock_s - max(0.0, (now - said_at).total_seconds()))
        return clock_s - self._said[what][1]
