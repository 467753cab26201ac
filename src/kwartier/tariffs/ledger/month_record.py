"""What a month's quarter-hours come to: peaks in total, per phase and per term, energy, and what they cover."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from kwartier.tariffs.billing.peak_history import PeakRule, window_mask
from kwartier.tariffs.ledger.ledger_quarter import LedgerQuarter
from kwartier.tariffs.meter import LocalMonth, MeterSeries, month_peak
from kwartier.tariffs.meter.meter_series import kwh
from kwartier.units.phase import PHASES, PhaseName

_QUARTERS_PER_HOUR = 4
_MILLIWH_PER_WH = 1000


@dataclass(frozen=True)
class PeaksSoFar:
    """Highest quarter-hour averages of a month, W, both directions positive; per phase where that was measured.

    The fields are those of a plan request's `state.month_peaks`.
    """

    offtake_w: float
    injection_w: float
    offtake_w_per_phase: Mapping[PhaseName, float]
    injection_w_per_phase: Mapping[PhaseName, float]


@dataclass(frozen=True)
class MonthRecord:
    """A month of the ledger. `peak_kw_by_term` has a peak for each term that has seen a quarter-hour of its hours."""

    peaks: PeaksSoFar
    peak_kw_by_term: Mapping[str, Decimal]
    offtake_kwh: Decimal
    known_count: int
    quarter_count: int

    @property
    def is_complete(self) -> bool:
        """Whether every quarter-hour of the month was measured."""
        return self.known_count == self.quarter_count


def record_of(
    month: LocalMonth, quarters: Sequence[LedgerQuarter], terms: Iterable[PeakRule], timezone: tzinfo
) -> MonthRecord:
    """The record of a month from those of its quarter-hours that were measured, in any order."""
    series = MeterSeries.of(
        {quarter.quarter_index: quarter.offtake_milliwh for quarter in quarters},
        {quarter.quarter_index: quarter.injection_milliwh for quarter in quarters},
    )
    peaks = PeaksSoFar(
        _highest_w(quarter.offtake_milliwh for quarter in quarters),
        _highest_w(quarter.injection_milliwh for quarter in quarters),
        _highest_w_by_phase([quarter.offtake_milliwh_by_phase for quarter in quarters]),
        _highest_w_by_phase([quarter.injection_milliwh_by_phase for quarter in quarters]),
    )
    return MonthRecord(
        peaks,
        {
            term.component: peak
            for term in terms
            if (peak := _term_peak_kw(series, term, timezone)) is not None
        },
        kwh(sum(quarter.offtake_milliwh for quarter in quarters)),
        len(quarters),
        len(month.quarter_indices(timezone)),
    )


def _term_peak_kw(series: MeterSeries, term: PeakRule, timezone: tzinfo) -> Decimal | None:
    window = window_mask(series, term.window, timezone)
    first, known = series.first_quarter_index, series.is_offtake_known
    return month_peak(first, series.offtake_milliwh, known, window=window, rank=term.rank).peak_kw


def _highest_w(energies_milliwh: Iterable[int]) -> float:
    return max(energies_milliwh, default=0) * _QUARTERS_PER_HOUR / _MILLIWH_PER_WH


def _highest_w_by_phase(by_phase: list[Mapping[PhaseName, int]]) -> dict[PhaseName, float]:
    return {
        phase: _highest_w(energies[phase] for energies in by_phase if phase in energies)
        for phase in PHASES
        if any(phase in energies for energies in by_phase)
    }
