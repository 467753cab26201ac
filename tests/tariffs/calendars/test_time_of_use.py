"""The tariff periods of single moments and of whole days, counted by hand from the hours in their sources."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from pydantic import ValidationError

from kwartier.site.public_holidays import public_holidays
from kwartier.tariffs.calendars import CALENDAR_IDS, TimeOfUseCalendar, calendar_named

BRUSSELS = ZoneInfo("Europe/Brussels")
QUARTER_S = 900


def period(calendar_id: str, local: str) -> str:
    """The period at a Brussels clock reading."""
    calendar = calendar_named(calendar_id)
    moment = datetime.fromisoformat(local).replace(tzinfo=BRUSSELS)
    index = calendar.period_index(np.array([int(moment.timestamp())], dtype=np.int64))
    return calendar.periods[int(index[0])]


def quarters_of(day: date) -> np.ndarray:
    """The starts of a local day's quarter-hours."""
    first, last = (
        int(datetime(one.year, one.month, one.day, tzinfo=BRUSSELS).timestamp())
        for one in (day, day + timedelta(days=1))
    )
    return np.arange(first, last, QUARTER_S, dtype=np.int64)


def counts(calendar_id: str, day: date) -> dict[str, int]:
    """How many quarter-hours of a local day lie in each period."""
    calendar = calendar_named(calendar_id)
    found = np.bincount(calendar.period_index(quarters_of(day)), minlength=len(calendar.periods))
    return {name: int(count) for name, count in zip(calendar.periods, found, strict=True) if count}


@pytest.mark.parametrize(
    ("calendar_id", "local", "expected"),
    [
        # Wallonia, low voltage: Monday to Friday 7-22 until the end of 2025; every day 7-11 and 17-22 since.
        ("walloon-bihoraire", "2025-12-31T21:45", "HP"),
        ("walloon-bihoraire", "2025-12-31T22:00", "HC"),
        ("walloon-bihoraire", "2025-12-31T12:00", "HP"),
        ("walloon-bihoraire", "2026-01-02T12:00", "HC"),
        ("walloon-bihoraire", "2026-01-01T07:00", "HP"),  # a holiday, like every day
        ("walloon-bihoraire", "2025-12-25T12:00", "HP"),  # Christmas 2025, a Thursday, like every Thursday
        ("walloon-bihoraire", "2025-12-28T12:00", "HC"),  # a Sunday of 2025
        ("walloon-bihoraire", "2026-01-04T10:45", "HP"),  # a Sunday of 2026
        ("walloon-bihoraire", "2026-01-04T11:00", "HC"),
        # IMPACT: 17-22, then 7-11 and 22-1, the rest.
        ("walloon-impact", "2026-01-01T00:45", "MEDIUM"),
        ("walloon-impact", "2026-01-01T01:00", "ECO"),
        ("walloon-impact", "2026-07-05T16:45", "ECO"),
        ("walloon-impact", "2026-07-05T17:00", "PIC"),
        ("walloon-impact", "2026-07-05T22:00", "MEDIUM"),
        # Wallonia, medium voltage: off-peak 22:30-7:30, weekends and holidays.
        ("walloon-mv", "2026-03-02T07:15", "HC"),
        ("walloon-mv", "2026-03-02T07:30", "HP"),
        ("walloon-mv", "2026-03-02T22:15", "HP"),
        ("walloon-mv", "2026-03-02T22:30", "HC"),
        ("walloon-mv", "2026-05-14T12:00", "HC"),  # Ascension Day 2026, a Thursday
        # Brussels: night is 22-7, weekends and holidays.
        ("sibelga-day-night", "2026-04-06T12:00", "night"),  # Easter Monday 2026
        ("sibelga-day-night", "2026-04-07T12:00", "day"),
        ("sibelga-mv-hi-lo", "2026-07-21T12:00", "LO"),  # the national holiday, a Tuesday
        ("sibelga-mv-hi-lo", "2026-07-22T06:45", "LO"),
        ("sibelga-mv-hi-lo", "2026-07-22T07:00", "HI"),
        # Flanders: a holiday is like its weekday, a weekend is night.
        ("flanders-day-night", "2026-04-06T12:00", "day"),
        ("flanders-day-night", "2026-04-05T12:00", "night"),
    ],
)
def test_a_moment_lies_in_its_period(calendar_id: str, local: str, expected: str) -> None:
    assert period(calendar_id, local) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 5), {"HP": 36, "HC": 60}),  # 4 h + 5 h of 24
        (date(2026, 3, 29), {"HP": 36, "HC": 56}),  # the hour from 2 to 3 does not exist: 92 quarter-hours
        (date(2026, 10, 25), {"HP": 36, "HC": 64}),  # the hour from 2 to 3 comes twice: 100 quarter-hours
        (date(2025, 3, 30), {"HC": 92}),  # a Sunday under the hours of 2025
    ],
)
def test_a_local_day_has_92_96_or_100_quarter_hours(day: date, expected: dict[str, int]) -> None:
    assert counts("walloon-bihoraire", day) == expected


def test_a_week_has_105_off_peak_hours_in_wallonia_and_had_93() -> None:
    # The figures of the reform, as athinfos quotes ORES.
    weeks = {year: [date(year, 2, 3) + timedelta(days=day) for day in range(7)] for year in (2025, 2026)}
    hours = {
        year: sum(counts("walloon-bihoraire", day)["HC"] for day in days) / 4 for year, days in weeks.items()
    }
    assert hours == {2025: 93, 2026: 105}


def test_another_time_zone_may_be_asked_for() -> None:
    calendar = calendar_named("flanders-day-night")
    moment = np.array([int(datetime(2026, 3, 2, 6, 0, tzinfo=UTC).timestamp())], dtype=np.int64)
    assert calendar.is_in(moment, ["day"]).tolist() == [True]  # 7 h in Brussels
    assert calendar.is_in(moment, ["day"], ZoneInfo("UTC")).tolist() == [False]


def test_no_moments_have_no_periods() -> None:
    assert calendar_named("walloon-mv").period_index(np.array([], dtype=np.int64)).shape == (0,)


def test_a_moment_before_the_first_hours_is_refused() -> None:
    with pytest.raises(
        ValueError, match="walloon-impact has no hours for 2025-12-31; it holds from 2026-01-01"
    ):
        period("walloon-impact", "2025-12-31T12:00")


def test_an_unknown_calendar_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no calendar 'nights'; write one of flanders-day-night"):
        calendar_named("nights")


@pytest.mark.parametrize("calendar_id", CALENDAR_IDS)
def test_every_calendar_of_the_package_names_a_source_for_each_version(calendar_id: str) -> None:
    calendar = calendar_named(calendar_id)
    assert calendar.id == calendar_id
    assert {version.source for version in calendar.versions} == set(calendar.sources)


def test_the_holidays_of_2026_are_the_ten_of_the_law_and_two_sundays() -> None:
    # Law of 4 January 1974 and royal decree of 18 April 1974; Easter 2026 is 5 April.
    easter = date(2026, 4, 5)
    moving = {easter + timedelta(days=days) for days in (1, 39, 50)}
    fixed = {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}
    sundays = {easter, easter + timedelta(days=49)}
    assert public_holidays("BE", 2026) == moving | sundays | {date(2026, month, day) for month, day in fixed}


VERSION = {
    "rest": "night",
    "periods": {"day": ["Mon-Fri 07:00-22:00"]},
    "holidays": "rest",
    "source": "a",
    "confidence": "S",
}
SOURCES = {"a": {"title": "A list", "retrieved": date(2026, 11, 22)}}


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ([VERSION | {"periods": {"day": ["Mon-Fri 7-22"]}}], "names no hours; write such as"),
        ([VERSION | {"periods": {"day": ["every 22:00-07:00"]}}], "names no hours"),
        ([VERSION | {"periods": {"day": ["every 07:00-22:10"]}}], "names no hours"),
        (
            [VERSION | {"periods": {"a": ["every 07:00-12:00"], "b": ["Mon 11:00-13:00"]}}],
            "an hour stands under two periods",
        ),
        (
            [VERSION | {"valid_to": date(2025, 12, 31)}, VERSION | {"valid_from": date(2026, 1, 2)}],
            "must begin on the day after",
        ),
        ([VERSION | {"source": "b"}], "stand in no"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(versions: list[dict[str, object]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TimeOfUseCalendar.model_validate(
            {
                "id": "x",
                "title": "x",
                "timezone": "Europe/Brussels",
                "sources": SOURCES,
                "versions": versions,
            }
        )
