"""Time-of-use calendars: which tariff period a quarter-hour lies in.

The hours stand in the TOML files of this folder, each with validity, source and confidence.
"""

from collections.abc import Iterable
from datetime import date, tzinfo
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from kwartier.site.public_holidays import public_holidays
from kwartier.tariffs.calendars.hours import QUARTERS_PER_DAY_COUNT, quarters_of_week
from kwartier.tariffs.components.figure import Confidence
from kwartier.tariffs.source import Source
from kwartier.units.local_quarters import IntArray, local_days_and_quarters
from kwartier.units.wire import WireModel

Lines = Annotated[list[str], Field(min_length=1)]

_HOLIDAY_ROW = 7


class CalendarVersion(WireModel):
    """The hours of one span of days: `periods` names hours by period, every other hour is in the period `rest`.

    `holidays` says whether a legal Belgian holiday is like its weekday or wholly `rest`.
    """

    valid_from: date | None = None
    valid_to: date | None = None
    rest: str
    periods: dict[str, Lines]
    holidays: Literal["as their weekday", "rest"]
    source: str
    confidence: Confidence

    @model_validator(mode="after")
    def _no_hour_is_named_twice(self) -> Self:
        counts = sum(quarters_of_week(lines).astype(np.int64) for lines in self.periods.values())
        if np.any(np.asarray(counts) > 1):
            raise ValueError("an hour stands under two periods; keep it under one")
        return self

    def week_index(self, names: tuple[str, ...]) -> IntArray:
        """Index in `names` of the period of each quarter-hour, shape (8, 96): Monday to Sunday, then a holiday."""
        week = np.full((_HOLIDAY_ROW + 1, QUARTERS_PER_DAY_COUNT), names.index(self.rest), dtype=np.int64)
        for name, lines in self.periods.items():
            week[:_HOLIDAY_ROW][quarters_of_week(lines)] = names.index(name)
        return week


class TimeOfUseCalendar(WireModel):
    """A calendar: its versions follow one another without gap; the first and the last may be open."""

    id: str
    title: str
    timezone: str
    sources: dict[str, Source]
    versions: Annotated[list[CalendarVersion], Field(min_length=1)]

    @model_validator(mode="after")
    def _versions_follow_one_another(self) -> Self:
        for before, after in pairwise(self.versions):
            is_next = (
                before.valid_to is not None
                and after.valid_from is not None
                and after.valid_from.toordinal() == before.valid_to.toordinal() + 1
            )
            if not is_next:
                raise ValueError("a version must begin on the day after the one before it ends")
        if unknown := {version.source for version in self.versions} - self.sources.keys():
            raise ValueError(f"sources {sorted(unknown)} stand in no [sources]")
        return self

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The names of all periods, of all versions, in the order of the file."""
        names = [name for version in self.versions for name in (*version.periods, version.rest)]
        return tuple(dict.fromkeys(names))

    def periods_on(self, day: date) -> frozenset[str]:
        """The names of the periods in force on a local day; none where the calendar has no hours for it."""
        for version in self.versions:
            if (version.valid_from or date.min) <= day <= (version.valid_to or date.max):
                return frozenset((*version.periods, version.rest))
        return frozenset()

    def period_index(self, start_s: npt.NDArray[np.int64], timezone: tzinfo | None = None) -> IntArray:
        """The index in `periods` of the period that each moment lies in, shape as `start_s`.

        `start_s` is UTC epoch seconds, shape (n,). Hours are local legal time, in the calendar's own time zone unless
        another is given; that meters follow legal time across a clock change is an assumption, no text was found.
        Raises ValueError for moments outside the calendar's validity.
        """
        zone = timezone if timezone is not None else ZoneInfo(self.timezone)
        days, quarters = local_days_and_quarters(start_s, zone)
        index = np.full(start_s.shape, -1, dtype=np.int64)
        for version in self.versions:
            first = (version.valid_from or date.min).toordinal()
            last = (version.valid_to or date.max).toordinal()
            held = (days >= first) & (days <= last)
            if held.any():
                rows = _rows(days[held], with_holidays=version.holidays == "rest")
                index[held] = version.week_index(self.periods)[rows, quarters[held]]
        if (outside := days[index < 0]).size:
            raise ValueError(
                f"the calendar {self.id} has no hours for {date.fromordinal(int(outside[0]))}; it holds "
                f"{self.validity_words}"
            )
        return index

    def is_in(
        self, start_s: npt.NDArray[np.int64], names: Iterable[str], timezone: tzinfo | None = None
    ) -> npt.NDArray[np.bool_]:
        """Whether each moment lies in one of the named periods, shape as `start_s`; raises as `period_index`."""
        wanted = [self.periods.index(name) for name in names]
        return np.isin(self.period_index(start_s, timezone), wanted)

    @property
    def validity_words(self) -> str:
        """«from 2026-01-01», «until 2025-12-31», «always»."""
        first, last = self.versions[0].valid_from, self.versions[-1].valid_to
        words = [f"from {first}" if first else "", f"until {last}" if last else ""]
        return " ".join(word for word in words if word) or "always"


def _rows(days: IntArray, *, with_holidays: bool) -> IntArray:
    """The row of a week of each local day (ordinal): 0 is Monday, 7 a holiday."""
    rows = (days + 6) % 7  # the ordinal 1, 0001-01-01, is a Monday
    if with_holidays:
        present = np.unique(days)
        first_year, last_year = (date.fromordinal(int(day)).year for day in (present[0], present[-1]))
        free = [
            day.toordinal()
            for year in range(first_year, last_year + 1)
            for day in public_holidays("BE", year)
        ]
        rows[np.isin(days, free)] = _HOLIDAY_ROW
    return rows
