"""Clock readings on the days on which clocks in Belgium change, by hand: 29 March and 25 October 2026, at 01:00 UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kwartier.units.local_clock import days_later

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("moment", "days_count", "moved"),
    [
        (datetime(2026, 3, 28, 6, 7, 8, tzinfo=UTC), 2, datetime(2026, 3, 30, 5, 7, 8, tzinfo=UTC)),
        (datetime(2026, 10, 24, 5, tzinfo=UTC), 2, datetime(2026, 10, 26, 6, tzinfo=UTC)),
        (datetime(2026, 10, 26, 6, tzinfo=UTC), -2, datetime(2026, 10, 24, 5, tzinfo=UTC)),
        # 02:30 is skipped on 29 March: it becomes 03:00.
        (datetime(2026, 3, 28, 1, 30, tzinfo=UTC), 1, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # 02:30 comes twice on 25 October: it is the first, two hours ahead of UTC.
        (datetime(2026, 10, 24, 0, 30, tzinfo=UTC), 1, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_moved_moment_shows_the_same_clock_time(moment: datetime, days_count: int, moved: datetime) -> None:
    assert days_later(moment, days_count, BRUSSELS) == moved


@pytest.mark.parametrize("day", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_what_comes_later_stays_later(day: datetime) -> None:
    moments = [day + timedelta(minutes=number) for number in range(24 * 60)]
    moved = [days_later(moment, 1, BRUSSELS) for moment in moments]
    assert moved == sorted(moved)
