"""Times as a site manager reads them: in the site's own zone, also on the day the clocks change.

A chart's time axis runs in UTC, so that no hour is drawn twice or torn apart; only its labels are local.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_QUARTER = timedelta(minutes=15)


def parse_time(text: str) -> datetime:
    """An RFC 3339 time stamp as UTC; a time without an offset is a ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time without an offset: {text!r}")
    return moment.astimezone(UTC)


def axis_time(moment: datetime) -> str:
    """A moment as the chart's axis takes it: UTC, without an offset (a plotly date axis knows no zones)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True)
class Tick:
    """A place where the time axis may carry a label; `minute_of_day` (0–1439, local) says how round the time is."""

    moment: datetime
    minute_of_day: int
    label: str


@dataclass(frozen=True)
class LocalClock:
    """Writes UTC moments of the period `start`–`end` in `zone`."""

    zone: ZoneInfo
    start: datetime
    end: datetime

    @cached_property
    def change(self) -> datetime | None:
        """The quarter-hour in the period at which the clocks change, None on most days."""
        before = self.start.astimezone(self.zone).utcoffset()
        for quarter in self._quarters():
            if quarter.astimezone(self.zone).utcoffset() != before:
                return quarter
        return None

    def date(self, moment: datetime) -> str:
        """«Mon 3 Mar»."""
        local = moment.astimezone(self.zone)
        return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"

    def time(self, moment: datetime) -> str:
        """«07:45», with the zone's abbreviation where the clocks change within the period («02:45 CEST»)."""
        local = moment.astimezone(self.zone)
        suffix = f" {local.tzname()}" if self.change is not None else ""
        return f"{local:%H:%M}{suffix}"

    def moment(self, moment: datetime) -> str:
        """«Mon 3 Mar 07:45»."""
        return f"{self.date(moment)} {self.time(moment)}"

    def span(self, start: datetime, end: datetime) -> str:
        """«Mon 3 Mar 07:45–08:00»; the second date is named only where it differs."""
        same_day = self.date(start) == self.date(end)
        return f"{self.moment(start)}–{self.time(end) if same_day else self.moment(end)}"

    def abbreviation(self, moment: datetime) -> str:
        """The zone's abbreviation then, «CET»."""
        return moment.astimezone(self.zone).tzname() or ""

    def change_sentence(self) -> str:
        """What happens to the clocks within the period, empty on most days."""
        change = self.change
        if change is None:
            return ""
        before, after = change - _QUARTER, change
        gap = (after.astimezone(self.zone).utcoffset() or timedelta()) - (
            before.astimezone(self.zone).utcoffset() or timedelta()
        )
        direction = "forward" if gap > timedelta() else "back"
        return f"The clocks go {direction} on {self.date(change)}, to {self.time(change)}."

    def ticks(self) -> list[Tick]:
        """Every local quarter-hour of the period, midnight with its date; the page shows as many as fit."""
        ticks = []
        for quarter in self._quarters():
            local = quarter.astimezone(self.zone)
            minute_of_day = 60 * local.hour + local.minute
            label = f"<b>{_DAYS[local.weekday()]} {local.day}</b>" if minute_of_day == 0 else f"{local:%H:%M}"
            ticks.append(Tick(quarter, minute_of_day, label))
        return ticks

    def _quarters(self) -> Iterator[datetime]:
        """The clock-aligned quarter-hours from `start` to `end`, both included where they are aligned."""
        quarter = self.start - timedelta(
            minutes=self.start.minute % 15, seconds=self.start.second, microseconds=self.start.microsecond
        )
        if quarter < self.start:
            quarter += _QUARTER
        while quarter <= self.end:
            yield quarter
            quarter += _QUARTER
