"""What a component is asked: its marginal price in the quarter-hours of one month, as the tariff remembers it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from kwartier.tariffs.calendars import calendar_named
from kwartier.tariffs.components import Component, Figure, HourWindow
from kwartier.tariffs.marginal.charges import BoolArray, PeakCharge
from kwartier.tariffs.meter.local_month import LocalMonth

C = TypeVar("C", bound=Component)

DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class Memory:
    """What the tariff of one connection remembers at the moment of planning.

    `month_peak_w` and `highest_peak_w` (of the last months, the running one included; None: not known) are highest
    quarter-hour averages of offtake; of a tariff that counts only some hours, those of these hours. `access_power_kw`
    is what was declared, None or 0 where nothing was. `maximum_tariff_binds`: whether the maximum tariff lowers the
    running month's bill.
    """

    month_peak_w: float = 0.0
    highest_peak_w: float | None = None
    access_power_kw: float | None = None
    year_offtake_kwh: float = 0.0
    maximum_tariff_binds: bool = False


@dataclass(frozen=True)
class Asked:
    """One month of the quarter-hours for which marginal prices are asked.

    `start_s` is the start of each quarter-hour, epoch seconds, shape (cells,); `in_month` which lie in the month and
    in the validity of the component, `from_month` which lie in the month or later. `same_in` gives the component as it
    is in a later month.
    """

    month: LocalMonth
    running_month: LocalMonth
    source: str
    start_s: npt.NDArray[np.int64]
    timezone: tzinfo
    in_month: BoolArray
    from_month: BoolArray
    memory: Memory
    same_in: Callable[[Component, LocalMonth], Component]

    @property
    def is_running(self) -> bool:
        """Whether it is the month of the first quarter-hour: what the tariff remembers of this month is its own."""
        return self.month == self.running_month

    @property
    def month_peak_w(self) -> float:
        """The month's peak so far, W; 0 of a month that has not begun."""
        return self.memory.month_peak_w if self.is_running else 0.0

    def within(self, window: HourWindow | None, cells: BoolArray) -> BoolArray:
        """Those of the quarter-hours that lie in the hours in which a peak counts, shape as `cells`."""
        if window is None:
            return cells
        calendar = calendar_named(window.calendar)
        inside = cells.copy()
        inside[cells] = calendar.is_in(self.start_s[cells], window.periods, self.timezone)
        return inside

    def coming_bills_eur_per_kw(
        self, component: C, price_of: Callable[[C], "Figure[Any]"], months: int
    ) -> float:
        """What a kW costs that enters the bills of so many months from this one on, EUR/kW, each at its own price."""
        total = 0.0
        for later in range(months):
            month = self.month.later(later)
            same = self.same_in(component, month)
            # A sheet that changed what the term is says nothing of this one: its price is carried on.
            kept = same if isinstance(same, type(component)) else component
            total += month_price_eur_per_kw(price_of(kept), month)
        return total

    def peak(
        self,
        component: Component,
        cells: BoolArray,
        *,
        name: str = "",
        floor_w: float,
        price_eur_per_kw: float,
        words: str,
    ) -> tuple[PeakCharge, ...]:
        """The charge of a component on the peak of some quarter-hours; none where no quarter-hour counts."""
        if not cells.any():
            return ()
        return (
            PeakCharge(
                component=name or component.id,
                begins_later=not self.is_running,
                counted=cells,
                floor_w=floor_w,
                price_eur_per_kw=price_eur_per_kw,
                words=words,
                source=self.source,
            ),
        )


def month_price_eur_per_kw(figure: "Figure[Any]", month: LocalMonth) -> float:
    """What a price per year or month comes to in a month, EUR/kW: days / 365, or as it is."""
    share = month.days / DAYS_PER_YEAR if figure.unit.endswith("/year") else 1.0
    return float(figure.value) * share
