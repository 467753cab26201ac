"""The quarter-hour grid: clock-aligned, named by its start, counted in UTC since 1970."""

from datetime import UTC, datetime

QUARTER_S = 900
QUARTER_H = 0.25


def epoch_s(moment: datetime) -> float:
    """Seconds since 1970-01-01T00:00Z of an aware datetime."""
    return moment.timestamp()


def from_epoch_s(moment_s: float) -> datetime:
    """The UTC datetime of seconds since 1970."""
    return datetime.fromtimestamp(moment_s, UTC)


def quarter_start_s(moment_s: float) -> int:
    """Start (epoch seconds) of the quarter-hour in which a moment lies; a boundary belongs to the quarter it opens.

    >>> quarter_start_s(950.0)
    900
    """
    return int(moment_s // QUARTER_S) * QUARTER_S
