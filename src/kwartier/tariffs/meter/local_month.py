"""A month on the clocks of a place: what a bill is for."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property, lru_cache

from kwartier.units.instant import FIRST_YEAR, LAST_YEAR
from kwartier.units.quarter_hour import QUARTER_S

_TEXT = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class LocalMonth:
    """A calendar month, 1 to 12, of a year in local time; months are ordered as they come."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "LocalMonth":
        """The month that "2026-03" names; raises ValueError, with what is allowed, for any other text.

        >>> LocalMonth.parse("2026-03")
        LocalMonth(year=2026, month=3)
        """
        match = _TEXT.fullmatch(text)
        if match is None or not FIRST_YEAR < int(match[1]) < LAST_YEAR:
            raise ValueError(f"{text!r} is no month; write it as 2026-03")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of_quarter(cls, quarter_index: int, timezone: tzinfo) -> "LocalMonth":
        """The local month in which a quarter-hour (counted from 1970-01-01T00:00Z) starts."""
        return _of_quarter(quarter_index, timezone)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @cached_property
    def days(self) -> int:
        """How many days the month has, 28 to 31."""
        return monthrange(self.year, self.month)[1]

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year, self.month, self.days)

    def later(self, by_months: int) -> "LocalMonth":
        """The month that comes so many months later, or earlier where the number is negative.

        >>> str(LocalMonth(2026, 1).later(-1))
        '2025-12'
        """
        return _numbered(self.year * 12 + self.month - 1 + by_months)

    def last(self, months: int) -> list["LocalMonth"]:
        """So many months that end with this one, the earliest first."""
        return [self.later(back) for back in range(1 - months, 1)]

    def quarter_indices(self, timezone: tzinfo) -> range:
        """Its quarter-hours, counted from 1970-01-01T00:00Z; 4 fewer or more where the clocks change.

        >>> from zoneinfo import ZoneInfo
        >>> len(LocalMonth(2026, 3).quarter_indices(ZoneInfo("Europe/Brussels")))
        2972
        """
        return range(_first_quarter_index(self, timezone), _first_quarter_index(self.later(1), timezone))


# Kept: meters, prices and peaks all ask for the month of the same few quarter-hours.
@lru_cache(maxsize=1024)
def _of_quarter(quarter_index: int, timezone: tzinfo) -> LocalMonth:
    local = datetime.fromtimestamp(quarter_index * QUARTER_S, UTC).astimezone(timezone)
    return LocalMonth(local.year, local.month)


@lru_cache(maxsize=1024)
def _numbered(number: int) -> LocalMonth:
    """The month of a year x 12 + month - 1; kept, since each plan counts months ahead."""
    return LocalMonth(number // 12, number % 12 + 1)


def _first_quarter_index(month: LocalMonth, timezone: tzinfo) -> int:
    return int(datetime(month.year, month.month, 1, tzinfo=timezone).timestamp()) // QUARTER_S
