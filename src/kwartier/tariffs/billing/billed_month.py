"""All that a component needs to be billed for one month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from kwartier.site.dso import Dso
from kwartier.tariffs.billing.bill_line import PriceSource
from kwartier.tariffs.billing.facts import BillFacts
from kwartier.tariffs.billing.peak_history import PeakHistory
from kwartier.tariffs.components import Figure
from kwartier.tariffs.components.figure import CONFIDENCE_WORDS
from kwartier.tariffs.meter import LocalMonth, MeterSeries
from kwartier.tariffs.meter.meter_series import BoolArray, IntArray, kwh
from kwartier.tariffs.source import Source
from kwartier.units.quarter_hour import QUARTER_S

DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class BilledMonth:
    """The month, the meter, the history and the facts; what is worth knowing goes into `warnings`.

    `first_day` and `last_day` bound the days of the month for which the components hold, `sources` are those of the
    sheet or levy file that they stand in.
    """

    month: LocalMonth
    first_day: date
    last_day: date
    timezone: tzinfo
    meter: MeterSeries
    history: PeakHistory
    facts: BillFacts
    dso: Dso | None
    sources: Mapping[str, Source]
    warnings: dict[str, str]

    @cached_property
    def own(self) -> MeterSeries:
        """The meter's quarter-hours of these days."""
        return self.meter.part(quarters_between(self.first_day, self.last_day, self.timezone))

    @cached_property
    def offtake_kwh(self) -> Decimal:
        """What was taken, exactly."""
        return kwh(int(self.own.offtake_milliwh.sum()))

    @cached_property
    def injection_kwh(self) -> Decimal:
        """What was injected, exactly."""
        return kwh(int(self.own.injection_milliwh.sum()))

    @cached_property
    def injects(self) -> bool:
        """Whether any injection was measured up to the end of the month."""
        end = self.own.end_quarter_index - self.meter.first_quarter_index
        return bool(self.meter.injection_milliwh[: max(0, end)].any())

    @property
    def known_count(self) -> int:
        """How many quarter-hours of the month have a measured offtake."""
        return int(self.own.is_offtake_known.sum())

    @property
    def is_complete(self) -> bool:
        """Whether all of them have."""
        return bool(self.own.is_offtake_known.all())

    @cached_property
    def start_s(self) -> IntArray:
        """Start of each quarter-hour of the month, epoch seconds, shape (n,)."""
        return np.arange(self.own.first_quarter_index, self.own.end_quarter_index, dtype=np.int64) * QUARTER_S

    def year_offtake_before_kwh(self, component: str) -> Decimal:
        """What was taken in the calendar year before these days: of the meter file, and of the facts before it."""
        begins = date(self.first_day.year, 1, 1)
        told_kwh = self.facts.year_offtake_kwh.get(begins.year)
        if self.first_day == begins:
            return Decimal(0)
        part = self.meter.part(quarters_between(begins, self.first_day - timedelta(days=1), self.timezone))
        if told_kwh is None and not part.is_offtake_known.all():
            known = int(part.is_offtake_known.sum())
            self.warn(
                f"{component}: of the year before {self.first_day} only {known:,} of {part.quarter_count:,} "
                "quarter-hours are known, so that the slice reached may be too low; give the year's offtake so far",
                f"{component}: year",
            )
        return kwh(int(part.offtake_milliwh.sum())) + (told_kwh or Decimal(0))

    def energy_kwh(self, direction: str, mask: BoolArray | None = None) -> Decimal:
        """Offtake or injection of the month, exactly; of the quarter-hours in `mask` where one is given."""
        column = self.own.injection_milliwh if direction == "injection" else self.own.offtake_milliwh
        return kwh(int(column.sum() if mask is None else column[mask].sum()))

    def warn(self, text: str, topic: str = "") -> None:
        """Add a warning, one per topic; a year says a topic once, though its months have other figures in it."""
        self.warnings.setdefault(topic or text, text)

    def source(self, *figures: "Figure[Any]", how: str = "") -> PriceSource:
        """How figures became the unit price, and where they come from with how sure they are."""
        titles = dict.fromkeys(
            f"{self.sources[figure.source].title} ({CONFIDENCE_WORDS[figure.confidence]})"
            for figure in figures
        )
        return PriceSource(how or f"{figures[0].value} {figures[0].unit}", tuple(titles))


def quarters_between(first: date, last: date, timezone: tzinfo) -> range:
    """The quarter-hours (counted from 1970, UTC) of the local days from `first` to `last` inclusive."""
    bounds = (first, last + timedelta(days=1))
    moments = (datetime(day.year, day.month, day.day, tzinfo=timezone) for day in bounds)
    return range(*(int(moment.timestamp()) // QUARTER_S for moment in moments))


def per_month(figure: "Figure[Any]", month: LocalMonth) -> tuple[Decimal, str]:
    """What a figure per year or per month costs for a month, in its unit without the time, and the sum in words."""
    if figure.unit.endswith("/year"):
        return figure.value * month.days / DAYS_PER_YEAR, f"{figure.value} {figure.unit} x {month.days}/365"
    return figure.value, f"{figure.value} {figure.unit}"
