"""Local times of a file as quarter-hours: days of 92, 96 or 100, and the hour that the clock shows twice."""

import re
from collections.abc import Hashable
from datetime import date, tzinfo
from functools import cache

import numpy as np

from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.units.local_quarters import local_days_and_quarters
from kwartier.units.quarter_hour import QUARTER_S

_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_QUARTERS_PER_DAY = 96
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@cache
def quarters_of_day(day: date, timezone: tzinfo) -> dict[int, list[int]]:
    """The quarter-hours (counted from 1970, UTC) of a local day by the second of the day at which they start.

    A time that the clock shows twice has two, in their order; one that it skips has none.
    """
    first = (day.toordinal() - _EPOCH_ORDINAL - 1) * _QUARTERS_PER_DAY
    around = np.arange(first, first + 3 * _QUARTERS_PER_DAY, dtype=np.int64)
    days, quarters = local_days_and_quarters(around * QUARTER_S, timezone)
    found: dict[int, list[int]] = {}
    for index, quarter in zip(
        around[days == day.toordinal()].tolist(), quarters[days == day.toordinal()], strict=True
    ):
        found.setdefault(int(quarter) * QUARTER_S, []).append(index)
    return found


@cache
def read_day(text: str) -> date | None:
    """The day that 02-09-2025, 02/09/2025 or 2025-09-02 names, None for anything else."""
    match = _DAY.fullmatch(text)
    iso = _ISO_DAY.fullmatch(text)
    parts = (match[3], match[2], match[1]) if match else iso.groups() if iso else None
    try:
        return date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None


@cache
def read_second_of_day(text: str) -> int | None:
    """The second of the day that 00:15 or 00:15:00 names, None for anything else."""
    match = _TIME.fullmatch(text)
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (24, 0, 0)
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 and second < 60 else None


class LocalOrder:
    """Tells the two quarter-hours of one local time apart by their order in the file, for each register."""

    def __init__(self, timezone: tzinfo) -> None:
        self.timezone = timezone
        self._count_by_key: dict[tuple[Hashable, date, int], int] = {}

    def quarter_index(
        self, day_text: str, time_text: str, register: Hashable, place: Place, report: Report
    ) -> int | None:
        """The quarter-hour that a local time names, None with a finding where there is none."""
        day, second = read_day(day_text), read_second_of_day(time_text)
        text = f"{day_text} {time_text}"
        if day is None or second is None:
            report.error("time", place, f"{text!r} is no local time such as 02-09-2025 00:15:00", text)
            return None
        choices = quarters_of_day(day, self.timezone).get(second)
        if choices is None:
            what = "no start of a quarter-hour" if second % QUARTER_S else "a time that the clock skipped"
            report.error("time", place, f"{text} is {what}: correct the time", text)
            return None
        if len(choices) == 1:
            return choices[0]
        count = self._count_by_key[register, day, second] = (
            self._count_by_key.get((register, day, second), 0) + 1
        )
        return choices[min(count, len(choices)) - 1]
