"""The market day: midnight to midnight in central European time, whatever a zone's own clocks show.

Source: the single day-ahead coupling (SDAC) clears one delivery day of 23, 24 or 25 hours in CET/CEST for all zones.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from kwartier.units.quarter_hour import QUARTER_S, from_epoch_s

MARKET_TIMEZONE = ZoneInfo("Europe/Brussels")

PriceResolution = Literal["PT15M", "PT60M"]
RESOLUTION_S: dict[PriceResolution, int] = {"PT15M": QUARTER_S, "PT60M": 3600}

# SDAC trades quarter-hours since the delivery day 1 October 2025 (all NEMO committee, go-live of 30 September 2025).
FIRST_QUARTER_HOURLY_DAY = date(2025, 10, 1)


def market_day_of(moment: datetime) -> date:
    """The delivery day in which a moment lies.

    >>> market_day_of(datetime(2026, 3, 28, 23, 0, tzinfo=UTC)).isoformat()
    '2026-03-29'
    """
    return moment.astimezone(MARKET_TIMEZONE).date()


def day_start(day: date) -> datetime:
    """The moment at which a delivery day starts, UTC.

    >>> day_start(date(2026, 3, 29)).isoformat()
    '2026-03-28T23:00:00+00:00'
    """
    return datetime.combine(day, time(), MARKET_TIMEZONE).astimezone(UTC)


def day_end(day: date) -> datetime:
    """The moment at which a delivery day ends and the next one starts, UTC."""
    return day_start(day + timedelta(days=1))


def allowed_resolutions(day: date) -> tuple[PriceResolution, ...]:
    """The resolutions in which prices of a day may be delivered; quarter-hours only since the market trades them."""
    return ("PT15M",) if day >= FIRST_QUARTER_HOURLY_DAY else ("PT60M", "PT15M")


def step_starts(day: date, resolution: PriceResolution) -> tuple[datetime, ...]:
    """The start of every step of a day, UTC: 92, 96 or 100 quarter-hours, or 23, 24 or 25 hours.

    >>> [
    ...     len(step_starts(date(2026, month, number), "PT15M"))
    ...     for month, number in ((3, 29), (7, 1), (10, 25))
    ... ]
    [92, 96, 100]
    """
    first_s, end_s = int(day_start(day).timestamp()), int(day_end(day).timestamp())
    return tuple(from_epoch_s(moment_s) for moment_s in range(first_s, end_s, RESOLUTION_S[resolution]))
