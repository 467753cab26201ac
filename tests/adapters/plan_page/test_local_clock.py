"""Local time on the page, in winter, and on the two days a year when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kwartier.adapters.plan_page.local_clock import LocalClock, parse_time

_BRUSSELS = ZoneInfo("Europe/Brussels")


def _day_from(start: datetime) -> LocalClock:
    return LocalClock(_BRUSSELS, start, start + timedelta(hours=24))


def test_a_span_names_the_second_date_only_where_it_differs() -> None:
    clock = _day_from(datetime(2025, 3, 3, 7, tzinfo=UTC))
    evening = datetime(2025, 3, 3, 22, 45, tzinfo=UTC)
    assert clock.span(evening - timedelta(minutes=15), evening) == "Mon 3 Mar 23:30–23:45"
    assert clock.span(evening, evening + timedelta(minutes=15)) == "Mon 3 Mar 23:45–Tue 4 Mar 00:00"


@pytest.mark.parametrize(
    ("start", "sentence", "ticks_per_local_hour_two"),
    [
        # EU Directive 2000/84/EC: the change is at 01:00 UTC on the last Sundays of March and October.
        (datetime(2025, 3, 29, 18, tzinfo=UTC), "The clocks go forward on Sun 30 Mar, to 03:00 CEST.", 0),
        (datetime(2025, 10, 25, 18, tzinfo=UTC), "The clocks go back on Sun 26 Oct, to 02:00 CET.", 8),
        (datetime(2025, 7, 1, 18, tzinfo=UTC), "", 4),
    ],
)
def test_the_change_of_the_clocks(start: datetime, sentence: str, ticks_per_local_hour_two: int) -> None:
    clock = _day_from(start)
    assert clock.change_sentence() == sentence
    assert sum(tick.minute_of_day // 60 == 2 for tick in clock.ticks()) == ticks_per_local_hour_two


def test_times_name_their_offset_only_where_the_clocks_change() -> None:
    twice = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    clock = _day_from(datetime(2025, 10, 25, 18, tzinfo=UTC))
    assert (clock.time(twice), clock.time(twice + timedelta(hours=1))) == ("02:30 CEST", "02:30 CET")
    assert _day_from(datetime(2025, 7, 1, tzinfo=UTC)).time(datetime(2025, 7, 1, 6, tzinfo=UTC)) == "08:00"


def test_ticks_are_clock_aligned_and_midnight_carries_the_date() -> None:
    ticks = _day_from(datetime(2025, 3, 3, 6, 52, 10, tzinfo=UTC)).ticks()
    assert (ticks[0].label, len(ticks)) == ("08:00", 96)
    assert [tick.label for tick in ticks if tick.minute_of_day == 0] == ["<b>Tue 4</b>"]


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        parse_time("2025-03-03T07:00:00")
