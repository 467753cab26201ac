"""Month peaks, of the billing month and those before it: from the meter file, else from the facts that are given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal

import numpy as np

from kwartier.tariffs.billing.facts import NO_PEAKS, BillFacts
from kwartier.tariffs.calendars import calendar_named
from kwartier.tariffs.components import HourWindow
from kwartier.tariffs.meter import LocalMonth, MeterSeries, MonthPeak, month_peak
from kwartier.tariffs.meter.meter_series import BoolArray
from kwartier.units.quarter_hour import QUARTER_S


@dataclass(frozen=True)
class PeakRule:
    """Which quarter-hours of a month make its peak: those in the window, and from the highest down the `rank`-th."""

    component: str
    rank: int = 1
    window: HourWindow | None = None


@dataclass
class PeakHistory:
    """Peaks by month, each computed once; a year's bills look at the same 23 months again and again."""

    meter: MeterSeries
    timezone: tzinfo
    facts: BillFacts
    _peak_by_key: dict[tuple[LocalMonth, int, str | None, tuple[str, ...]], MonthPeak] = field(
        default_factory=dict
    )

    def measured(self, month: LocalMonth, rule: PeakRule) -> MonthPeak:
        """The peak that the meter file shows, with what it covers."""
        window = rule.window
        hours = (None, ()) if window is None else (window.calendar, tuple(window.periods))
        key = (month, rule.rank, *hours)
        if key not in self._peak_by_key:
            part = self.meter.part(month.quarter_indices(self.timezone))
            self._peak_by_key[key] = month_peak(
                part.first_quarter_index,
                part.offtake_milliwh,
                part.is_offtake_known,
                window=window_mask(part, rule.window, self.timezone),
                rank=rule.rank,
            )
        return self._peak_by_key[key]

    def peak_kw(self, month: LocalMonth, rule: PeakRule) -> Decimal | None:
        """The peak that counts, kW: the file's where it has the whole month, else the higher one of file and facts."""
        measured = self.measured(month, rule)
        is_plain = rule.rank == 1 and rule.window is None
        general = self.facts.month_peaks_kw if is_plain else NO_PEAKS
        told_kw = self.facts.component_peaks_kw.get(rule.component, general).get(month)
        if measured.is_complete or told_kw is None:
            return measured.peak_kw
        return told_kw if measured.peak_kw is None else max(told_kw, measured.peak_kw)

    def known_peaks_kw(self, months: list[LocalMonth], rule: PeakRule) -> dict[LocalMonth, Decimal]:
        """The peaks of those months of which one is known, kW."""
        peaks = {month: self.peak_kw(month, rule) for month in months}
        return {month: peak_kw for month, peak_kw in peaks.items() if peak_kw is not None}

    def report_gaps(self, months: list[LocalMonth], rule: PeakRule, warn: Callable[[str, str], None]) -> None:
        """Say which months before the billing month are not known, or only in part."""
        *earlier, billed = months
        unknown = [str(month) for month in earlier if self.peak_kw(month, rule) is None]
        if unknown:
            span = unknown[0] if len(unknown) == 1 else f"between {unknown[0]} and {unknown[-1]}"
            warn(
                f"{rule.component}: of {len(unknown)} of the {len(earlier)} months before {billed} ({span}) no peak is "
                "known; the others alone count",
                f"{rule.component}: unknown months",
            )
        partly = [month for month in earlier if self._is_partly_known(month, rule)]
        if partly:
            names = ", ".join(str(month) for month in partly)
            warn(
                f"{rule.component}: the meter file holds only a part of {names}; their peaks may have been higher",
                f"{rule.component}: months in part",
            )

    def _is_partly_known(self, month: LocalMonth, rule: PeakRule) -> bool:
        measured = self.measured(month, rule)
        told = self.facts.component_peaks_kw.get(rule.component, self.facts.month_peaks_kw)
        return measured.peak_kw is not None and not measured.is_complete and month not in told


def window_mask(part: MeterSeries, window: HourWindow | None, timezone: tzinfo) -> BoolArray | None:
    """Which quarter-hours of a part lie in a window; None without one."""
    if window is None:
        return None
    indices = np.arange(part.first_quarter_index, part.end_quarter_index, dtype=np.int64)
    return calendar_named(window.calendar).is_in(indices * QUARTER_S, window.periods, timezone)
