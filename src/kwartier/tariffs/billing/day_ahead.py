"""Day-ahead prices per quarter-hour, and the hourly index that older contracts follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from kwartier.tariffs.billing.facts import IndexResolution
from kwartier.tariffs.meter import MeterSeries
from kwartier.units.quarter_hour import QUARTER_S

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_MILLIONTHS = (
    1_000_000  # the market quotes hundredths of a euro; a supplier's own index may have more decimals
)
QUARTERS_PER_HOUR = 4
QUARTERS_BY_RESOLUTION = {"PT15M": 1, "PT30M": 2, "PT1H": 4}
# EUR per (millionth of a EUR/MWh, summed over four quarters) x mWh.
_EUR_PER_PRODUCT = Decimal(1) / (QUARTERS_PER_HOUR * _MILLIONTHS * 10**9)


@dataclass(frozen=True)
class DayAheadPrices:
    """Prices of consecutive quarter-hours from `first_quarter_index` on, whole millionths of a EUR/MWh, shape (n,).

    Until 30 September 2025 the Belgian auction had hours; each of their quarter-hours has the hour's price. Since
    1 October 2025 it has quarter-hours, and the 60-minute index is the mean of the hour's four (EPEX SPOT).
    """

    first_quarter_index: int
    micro_eur_per_mwh: IntArray
    is_known: BoolArray

    @classmethod
    def of(
        cls, start: datetime, eur_per_mwh: Sequence[float | None], resolution: str = "PT15M"
    ) -> "DayAheadPrices":
        """Prices from a moment on; None is a gap. Raises ValueError for a start off the grid or another resolution."""
        if resolution not in QUARTERS_BY_RESOLUTION:
            raise ValueError(
                f"the resolution of day-ahead prices is {resolution!r}; allowed are {', '.join(QUARTERS_BY_RESOLUTION)}"
            )
        if start.timestamp() % QUARTER_S:
            raise ValueError(f"day-ahead prices start at {start}, which is no start of a quarter-hour")
        known = np.array([price is not None for price in eur_per_mwh], dtype=bool)
        values = np.array([price or 0.0 for price in eur_per_mwh], dtype=np.float64)
        micro = np.rint(values * _MILLIONTHS).astype(np.int64)
        times = QUARTERS_BY_RESOLUTION[resolution]
        return cls(int(start.timestamp()) // QUARTER_S, np.repeat(micro, times), np.repeat(known, times))

    def fourfold(self, quarter_indices: range, index: IndexResolution) -> tuple[IntArray, BoolArray]:
        """Four times the price of each quarter-hour, or the sum of its hour's four; and whether it is known.

        Whole millionths of a EUR/MWh, shape (n,). An hour with a gap has no hourly index.
        """
        first = quarter_indices.start // QUARTERS_PER_HOUR * QUARTERS_PER_HOUR
        end = -(-quarter_indices.stop // QUARTERS_PER_HOUR) * QUARTERS_PER_HOUR
        prices, known = self._on(range(first, end))
        if index == "PT15M":
            fourfold = prices * QUARTERS_PER_HOUR
        else:
            fourfold = np.repeat(prices.reshape(-1, QUARTERS_PER_HOUR).sum(axis=1), QUARTERS_PER_HOUR)
            known = np.repeat(known.reshape(-1, QUARTERS_PER_HOUR).all(axis=1), QUARTERS_PER_HOUR)
        here = slice(quarter_indices.start - first, quarter_indices.stop - first)
        return fourfold[here], known[here]

    def _on(self, quarter_indices: range) -> tuple[IntArray, BoolArray]:
        # A meter series moves columns and masks onto a range already; prices are columns with a mask too.
        prices = np.zeros(len(quarter_indices), dtype=np.int64)
        known = np.zeros(len(quarter_indices), dtype=bool)
        start = max(quarter_indices.start, self.first_quarter_index)
        stop = min(quarter_indices.stop, self.first_quarter_index + len(self.micro_eur_per_mwh))
        if start < stop:
            mine = slice(start - self.first_quarter_index, stop - self.first_quarter_index)
            there = slice(start - quarter_indices.start, stop - quarter_indices.start)
            prices[there], known[there] = self.micro_eur_per_mwh[mine], self.is_known[mine]
        return prices, known


def weighted_eur(fourfold_micro_eur_per_mwh: IntArray, energy_milliwh: IntArray) -> Decimal:
    """Σ price × energy in EUR, exactly: a year of products of a large site is beyond 64 bits."""
    pairs = zip(fourfold_micro_eur_per_mwh.tolist(), energy_milliwh.tolist(), strict=True)
    product = sum(price * energy for price, energy in pairs)
    return Decimal(product) * _EUR_PER_PRODUCT


def first_gap(part: MeterSeries, known: BoolArray) -> int | None:
    """The first quarter-hour with energy and without a price, None where there is none."""
    lacking = ~known & ((part.offtake_milliwh > 0) | (part.injection_milliwh > 0))
    return part.first_quarter_index + int(np.argmax(lacking)) if lacking.any() else None
