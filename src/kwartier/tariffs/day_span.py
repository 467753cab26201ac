"""Spans of local days, both ends inclusive, and what is left when one is taken out of another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class DaySpan:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def common(self, other: "DaySpan") -> "DaySpan | None":
        """The days in both, None where there are none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return DaySpan(first, last) if first <= last else None

    def without(self, other: "DaySpan") -> list["DaySpan"]:
        """What is left, in order, when the days of `other` are taken out."""
        shared = self.common(other)
        if shared is None:
            return [self]
        left = []
        if self.first < shared.first:
            left.append(DaySpan(self.first, shared.first - ONE_DAY))
        if shared.last < self.last:
            left.append(DaySpan(shared.last + ONE_DAY, self.last))
        return left

    def __str__(self) -> str:
        return f"{self.first} to {self.last}" if self.first != self.last else str(self.first)


def uncovered(whole: DaySpan, parts: Iterable[DaySpan]) -> list[DaySpan]:
    """The days of `whole` that none of the parts holds, in order.

    >>> year = DaySpan(date(2026, 1, 1), date(2026, 12, 31))
    >>> [str(span) for span in uncovered(year, [DaySpan(date(2025, 7, 1), date(2026, 11, 30))])]
    ['2026-12-01 to 2026-12-31']
    """
    left = [whole]
    for part in parts:
        left = [rest for span in left for rest in span.without(part)]
    return left
