"""Whose turn it is to plan a site: one planner per site at a time, each quarter-hour once, and again when asked.

A turn is a lease with a fencing number (reliability.md, R53): who takes a turn over counts it on, and what the one
before still writes is refused. A process that was paused for an hour can so do no harm when it wakes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.units.quarter_hour import QUARTER_S, epoch_s, from_epoch_s

# Longer than the planner's deadline and its check take; then another one may take over (reliability.md, R53: 30 s).
LEASE = timedelta(seconds=30)
# No lease is longer, and no planner asks to be left alone for longer; clocks of several machines may differ a little.
LONGEST_LEASE = 4 * LEASE
# What happens within so short a time is planned for together: a car that arrives sends several messages.
DEBOUNCE = timedelta(seconds=5)


@dataclass(frozen=True)
class PlanningTurn:
    """The right to plan a site for a quarter-hour (counted in UTC since 1970) until the lease ends."""

    partner_id: str
    site_id: str
    quarter_number: int
    fence_number: int


@dataclass(frozen=True)
class DueSite:
    """A site that waits for its plan; `asked_at` since when it waits for one besides the cycle's.

    So waits a site of which `ask` was called, one whose document is newer than its last turn, and one without any.
    """

    partner_id: str
    site_id: str
    asked_at: datetime | None


@dataclass(frozen=True)
class StaleTurn:
    """The turn went to somebody else meanwhile: nothing was written."""


def quarter_number(moment: datetime) -> int:
    """The number of the quarter-hour in which a moment lies.

    >>> from datetime import UTC
    >>> quarter_number(datetime(1970, 1, 1, 1, 20, tzinfo=UTC))
    5
    """
    return int(epoch_s(moment) // QUARTER_S)


def quarter_starts_at(number: int) -> datetime:
    """The moment at which a quarter-hour begins."""
    return from_epoch_s(number * QUARTER_S)
