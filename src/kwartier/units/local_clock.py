"""What the clocks of a place show, and when they show it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def days_later(moment: datetime, days_count: int, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the clocks show the same so many days later, or earlier where that is negative.

    Of two moments the earlier one never comes out later.

    >>> summer = datetime(2025, 10, 3, 5, tzinfo=UTC)  # 07:00 in Belgium, in winter an hour later in UTC
    >>> days_later(summer, 60, ZoneInfo("Europe/Brussels")).isoformat()
    '2025-12-02T06:00:00+00:00'
    """
    return local_to_utc(moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days_count), zone)


def local_to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local clock reading (naive).

    A reading that does not exist moves to the next minute that does; one that exists twice means the first.

    >>> local_to_utc(datetime(2025, 3, 30, 2, 30), ZoneInfo("Europe/Brussels")).isoformat()
    '2025-03-30T01:00:00+00:00'
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    # In a gap fold 1 gives a moment before the change and fold 0 one after it: the change lies between.
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = before, first
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
            low = middle
        else:
            high = middle
    return (high + timedelta(seconds=1)).replace(microsecond=0, second=0)
