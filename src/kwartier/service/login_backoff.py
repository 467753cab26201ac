"""How often somebody may fail to log in."""

from collections import OrderedDict, deque
from threading import Lock

# reliability.md, R47: 5 failures a minute, then 429.
MOST_FAILURES_COUNT = 5
WINDOW_S = 60.0
# Who fails is remembered for at most so many; the one that failed longest ago is forgotten first.
MOST_REMEMBERED_COUNT = 10_000


class LoginBackoff:
    """Counts failed logins by who tried; safe to use from several threads."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, who: str, now_s: float) -> float:
        """Seconds (of a monotonic clock) until the next try; 0 where one is allowed now."""
        with self._lock:
            failures = self._failures.get(who, deque())
            while failures and failures[0] <= now_s - WINDOW_S:
                failures.popleft()
            return failures[0] + WINDOW_S - now_s if len(failures) >= MOST_FAILURES_COUNT else 0.0

    def has_failed(self, who: str, now_s: float) -> None:
        """Count a failure."""
        with self._lock:
            self._failures.setdefault(who, deque(maxlen=MOST_FAILURES_COUNT)).append(now_s)
            self._failures.move_to_end(who)
            if len(self._failures) > MOST_REMEMBERED_COUNT:
                self._failures.popitem(last=False)
