"""The month's peak: the highest clock-aligned quarter-hour average, or the k-th highest, and what it covers."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from kwartier.tariffs.meter.meter_series import BoolArray, IntArray, kwh

QUARTERS_PER_HOUR = 4


@dataclass(frozen=True)
class MonthPeak:
    """A peak in kW, None where no quarter-hour is known; `known_count` of `quarter_count` were looked at.

    `quarter_index` counts from 1970 (UTC); of equal quarter-hours the first.
    """

    peak_kw: Decimal | None
    quarter_index: int | None
    known_count: int
    quarter_count: int

    @property
    def is_complete(self) -> bool:
        """Whether every quarter-hour is known."""
        return self.known_count == self.quarter_count


def month_peak(
    first_quarter_index: int,
    energy_milliwh: IntArray,
    known: BoolArray,
    *,
    window: BoolArray | None = None,
    rank: int = 1,
) -> MonthPeak:
    """The `rank`-th highest quarter-hour average among those that are known and, where given, inside `window`.

    Energies and masks have shape (n,). Where fewer than `rank` quarter-hours are known, it is the highest one (the rule
    of the Walloon 11th-highest quarter-hour, tariffs facts 3.1).

    >>> energies = np.array([250_000, 1_000_000, 500_000])
    >>> month_peak(0, energies, np.ones(3, dtype=bool)).peak_kw
    Decimal('4')
    """
    looked_at = known if window is None else known & window
    quarter_count = len(energy_milliwh) if window is None else int(window.sum())
    places = np.flatnonzero(looked_at)
    if not len(places):
        return MonthPeak(None, None, 0, quarter_count)
    falling = np.argsort(-energy_milliwh[places], kind="stable") if rank > 1 else None
    if falling is not None and len(places) >= rank:
        place = int(places[falling[rank - 1]])
    else:
        place = int(places[np.argmax(energy_milliwh[places])])
    peak_kw = kwh(int(energy_milliwh[place]) * QUARTERS_PER_HOUR)
    return MonthPeak(peak_kw, first_quarter_index + place, len(places), quarter_count)
