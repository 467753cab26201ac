"""Peaks so far of one connection: quarter-hours in as they come, the month's state for planner and bill out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from decimal import Decimal

from kwartier.tariffs.billing.facts import BillFacts
from kwartier.tariffs.billing.peak_history import PeakRule
from kwartier.tariffs.ledger.ledger_quarter import LedgerQuarter
from kwartier.tariffs.ledger.month_record import MonthRecord, PeaksSoFar, record_of
from kwartier.tariffs.meter import LocalMonth

KEPT_MONTHS = 2
"""Of this month and the one before the quarter-hours are kept, so that late ones and corrections count."""


@dataclass(frozen=True)
class MonthLedger:
    """A value: `with_quarter` gives the next one. `terms` are the tariff's own peaks (hours, k-th highest) to keep.

    `quarters` are those of the last two months by index, `closed` the months before them, of which only the record is
    kept. A quarter-hour that comes twice replaces the first; one for a closed month is counted in `late_count` and
    changes nothing. What was not measured is a gap: a record says how many quarter-hours it covers.
    """

    timezone: tzinfo
    terms: tuple[PeakRule, ...] = ()
    quarters: Mapping[int, LedgerQuarter] = field(default_factory=dict)
    closed: Mapping[LocalMonth, MonthRecord] = field(default_factory=dict)
    late_count: int = 0

    def with_quarter(self, quarter: LedgerQuarter) -> "MonthLedger":
        """The ledger with one more quarter-hour."""
        return self.with_quarters([quarter])

    def with_quarters(self, quarters: Iterable[LedgerQuarter]) -> "MonthLedger":
        """The ledger with more quarter-hours, as if they came one by one in this order."""
        kept = dict(self.quarters)
        begins = min(self._kept_from_index(), default=None)
        newest = max(kept, default=None)
        late_count = self.late_count
        for quarter in quarters:
            index = quarter.quarter_index
            if begins is not None and index < begins:
                late_count += 1
                continue
            kept[index] = quarter
            if newest is None or index > newest:
                newest = index
                first = LocalMonth.of_quarter(index, self.timezone).later(1 - KEPT_MONTHS)
                begins = first.quarter_indices(self.timezone).start
        return _folded(replace(self, quarters=kept, late_count=late_count), begins)

    def months(self) -> list[LocalMonth]:
        """The months of which anything is known, the earliest first."""
        return sorted({*self.closed, *self._open_months()})

    def record(self, month: LocalMonth) -> MonthRecord | None:
        """What a month comes to so far, None where nothing of it was measured."""
        if month in self.closed:
            return self.closed[month]
        indices = month.quarter_indices(self.timezone)
        mine = [self.quarters[index] for index in indices if index in self.quarters]
        return record_of(month, mine, self.terms, self.timezone) if mine else None

    def missing_count(self, month: LocalMonth, until_quarter_index: int) -> int:
        """How many quarter-hours of an open month before a moment were not measured."""
        indices = month.quarter_indices(self.timezone)
        return sum(
            index not in self.quarters
            for index in range(indices.start, min(indices.stop, until_quarter_index))
        )

    def month_peaks(self, month: LocalMonth) -> PeaksSoFar:
        """The peaks so far of a month, W, 0 where nothing was measured: a plan request's `state.month_peaks`."""
        record = self.record(month)
        return record.peaks if record is not None else PeaksSoFar(0.0, 0.0, {}, {})

    def highest_peak_12m_w(self, month: LocalMonth) -> float:
        """The highest peak of the twelve months that end with this one, W: `tariff_state.highest_peak_12m_w`."""
        return max(self.month_peaks(one).offtake_w for one in month.last(12))

    def year_offtake_kwh(self, month: LocalMonth) -> Decimal:
        """What was taken in the calendar year up to and with this month: `tariff_state.year_offtake_kwh`."""
        records = (self.record(LocalMonth(month.year, number)) for number in range(1, month.month + 1))
        return sum((record.offtake_kwh for record in records if record is not None), Decimal(0))

    def bill_facts(self) -> BillFacts:
        """The ledger as a bill's facts: every known month's peak and every term's."""
        records = {month: record for month in self.months() if (record := self.record(month)) is not None}
        return BillFacts(
            month_peaks_kw={
                month: Decimal(str(one.peaks.offtake_w)) / 1000 for month, one in records.items()
            },
            component_peaks_kw={
                term.component: {
                    month: one.peak_kw_by_term[term.component]
                    for month, one in records.items()
                    if term.component in one.peak_kw_by_term
                }
                for term in self.terms
            },
        )

    def _open_months(self) -> set[LocalMonth]:
        if not self.quarters:
            return set()
        newest = LocalMonth.of_quarter(max(self.quarters), self.timezone)
        return {
            month
            for month in newest.last(KEPT_MONTHS)
            if any(index in self.quarters for index in month.quarter_indices(self.timezone))
        }

    def _kept_from_index(self) -> list[int]:
        """The first quarter-hour that may still come, in a list; an empty one before the first has come."""
        if not self.quarters:
            return []
        newest = LocalMonth.of_quarter(max(self.quarters), self.timezone)
        return [newest.later(1 - KEPT_MONTHS).quarter_indices(self.timezone).start]


def _folded(ledger: MonthLedger, begins_index: int | None) -> MonthLedger:
    """The ledger with every month before a quarter-hour as its record alone."""
    if begins_index is None:
        return ledger
    old = [quarter for index, quarter in ledger.quarters.items() if index < begins_index]
    if not old:
        return ledger
    by_month: dict[LocalMonth, list[LedgerQuarter]] = {}
    for quarter in old:
        by_month.setdefault(LocalMonth.of_quarter(quarter.quarter_index, ledger.timezone), []).append(quarter)
    closed = {
        month: record_of(month, quarters, ledger.terms, ledger.timezone)
        for month, quarters in by_month.items()
    }
    kept = {index: quarter for index, quarter in ledger.quarters.items() if index >= begins_index}
    return replace(ledger, quarters=kept, closed={**ledger.closed, **closed})
