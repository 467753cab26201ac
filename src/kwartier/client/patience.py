"""How often a call is repeated, and how long is waited in between."""

from dataclasses import dataclass

import httpx

# 429: too many requests; 503: the database or the queue is busy. The service promises that nothing was done.
BUSY_STATUSES = frozenset({429, 503})
# A gateway in front of the service lost it; whether anything was done is not known.
LOST_STATUSES = frozenset({502, 504})


@dataclass(frozen=True)
class Patience:
    """At most `most_attempts_count` times in all; a wait of more than `longest_wait_s` is not waited for.

    Without Retry-After the waits double from `first_wait_s` on.
    """

    most_attempts_count: int = 5
    first_wait_s: float = 0.5
    longest_wait_s: float = 60.0

    def wait_s(
        self, outcome: "httpx.Response | httpx.TransportError", attempt_number: int, *, is_repeatable: bool
    ) -> float | None:
        """Seconds until the next attempt after this one (from 1); None where there is to be none.

        >>> Patience().wait_s(httpx.Response(503, headers={"Retry-After": "2"}), 1, is_repeatable=False)
        2.0
        """
        if attempt_number >= self.most_attempts_count or not _may_help(outcome, is_repeatable=is_repeatable):
            return None
        wait_s = self.first_wait_s * 2 ** (attempt_number - 1)
        if isinstance(outcome, httpx.Response):
            asked = outcome.headers.get("retry-after", "")
            wait_s = float(asked) if asked.isascii() and asked.isdecimal() else wait_s
        return wait_s if wait_s <= self.longest_wait_s else None


def _may_help(outcome: "httpx.Response | httpx.TransportError", *, is_repeatable: bool) -> bool:
    if isinstance(outcome, httpx.ConnectError):
        return True  # it never left
    if isinstance(outcome, httpx.TransportError):
        return is_repeatable
    return outcome.status_code in BUSY_STATUSES or (is_repeatable and outcome.status_code in LOST_STATUSES)
