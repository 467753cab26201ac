"""The component `monthly_peak`: a price per kW of the month's highest quarter-hours."""

from typing import Literal

from kwartier.tariffs.components.component import Component, HourWindow
from kwartier.tariffs.components.figure import Figure, PeakPrice

Rank = Figure[Literal["quarter-hour"]]
"""Which one counts, from the highest down: 1 is the maximum, 11 leaves the ten highest quarter-hours free."""


class MonthlyPeak(Component):
    """A price on the `rank`-th highest mean power (kW) of a clock-aligned quarter-hour of the billing month.

    Amount = peak (kW) × price; a price per year is prorated as the sheet says, a price per month is for a whole
    calendar month. With a `window` only quarter-hours in it count. Where there are fewer quarter-hours than `rank`, the
    maximum counts (Flexcity, citing Engie's «evolutie netwerktarieven 2025»; an official text was not found).
    """

    kind: Literal["monthly_peak"]
    price: PeakPrice
    rank: Rank | None = None
    window: HourWindow | None = None

    @property
    def counted_rank(self) -> int:
        """Which quarter-hour counts, from the highest down, at least 1; 1 where the sheet says nothing."""
        return max(1, int(self.rank.value)) if self.rank is not None else 1
