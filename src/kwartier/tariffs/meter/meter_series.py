"""Quarter-hours of one connection in whole milliwatt-hours, so that their sums are exact; missing is not zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
E = TypeVar("E", bound=np.generic)
BoolArray = npt.NDArray[np.bool_]

MILLIWH_PER_KWH = 1_000_000
# 1 GWh in a quarter-hour is 4 GW, more than any connection of a distribution grid: catches unit mistakes, and keeps
# the sum of a century of quarter-hours inside 64 bits.
MOST_MILLIWH = 10**12


def kwh(energy_milliwh: int) -> Decimal:
    """Exactly the same energy in kWh, with as many digits as it needs.

    >>> kwh(1_250_000)
    Decimal('1.25')
    """
    whole, rest = divmod(abs(energy_milliwh), MILLIWH_PER_KWH)
    digits = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return Decimal(f"-{digits}" if energy_milliwh < 0 else digits)


def milliwh(energy_kwh: Decimal) -> int:
    """The same energy in whole milliwatt-hours, rounded half to even beyond a millionth of a kWh.

    >>> milliwh(Decimal("0.173"))
    173000
    """
    return int((energy_kwh * MILLIWH_PER_KWH).to_integral_value())


@dataclass(frozen=True)
class MeterSeries:
    """What a meter measured in consecutive quarter-hours, from `first_quarter_index` on (counted from 1970, UTC).

    Energies are whole milliwatt-hours, at least 0, shape (n,); where a quarter-hour is not known its mask is False and
    its energy 0. `excess_reactive_varh`, shape (n,), is the reactive energy beyond what the grid allows for free,
    as the operator's meter reports it; None where no such register is known.
    """

    first_quarter_index: int
    offtake_milliwh: IntArray
    injection_milliwh: IntArray
    is_offtake_known: BoolArray
    is_injection_known: BoolArray
    excess_reactive_varh: IntArray | None = None

    def __post_init__(self) -> None:
        count = len(self.offtake_milliwh)
        arrays = [self.injection_milliwh, self.is_offtake_known, self.is_injection_known]
        arrays += [] if self.excess_reactive_varh is None else [self.excess_reactive_varh]
        if any(len(array) != count for array in arrays):
            raise ValueError("all columns of a meter series have the same length")
        for energy_milliwh, known in (
            (self.offtake_milliwh, self.is_offtake_known),
            (self.injection_milliwh, self.is_injection_known),
        ):
            if count and (energy_milliwh.min() < 0 or energy_milliwh.max() > MOST_MILLIWH):
                raise ValueError(f"an energy per quarter-hour lies between 0 and {MOST_MILLIWH} mWh")
            if energy_milliwh[~known].any():
                raise ValueError("an energy that is not known is written as 0 with its mask False")

    @classmethod
    def of(
        cls,
        offtake_milliwh: Mapping[int, int],
        injection_milliwh: Mapping[int, int],
        excess_reactive_varh: Mapping[int, int] | None = None,
    ) -> "MeterSeries":
        """The series from energies by quarter-hour index, in any order; what is not there is not known."""
        indices = [*offtake_milliwh, *injection_milliwh]
        first, end = (min(indices), max(indices) + 1) if indices else (0, 0)
        offtake = _column(offtake_milliwh, first, end)
        injection = _column(injection_milliwh, first, end)
        reactive = None if excess_reactive_varh is None else _column(excess_reactive_varh, first, end)[0]
        return cls(first, offtake[0], injection[0], offtake[1], injection[1], reactive)

    @property
    def quarter_count(self) -> int:
        """How many quarter-hours there are from the first to the last, gaps included."""
        return len(self.offtake_milliwh)

    @property
    def end_quarter_index(self) -> int:
        """The quarter-hour after the last one."""
        return self.first_quarter_index + self.quarter_count

    def part(self, quarter_indices: range) -> "MeterSeries":
        """The series on exactly these consecutive quarter-hours; what lies outside this one is not known."""
        reactive = self.excess_reactive_varh
        return MeterSeries(
            quarter_indices.start,
            self._on(self.offtake_milliwh, quarter_indices),
            self._on(self.injection_milliwh, quarter_indices),
            self._on(self.is_offtake_known, quarter_indices),
            self._on(self.is_injection_known, quarter_indices),
            None if reactive is None else self._on(reactive, quarter_indices),
        )

    def _on(self, column: npt.NDArray[E], quarter_indices: range) -> npt.NDArray[E]:
        moved = np.zeros(len(quarter_indices), dtype=column.dtype)
        first = max(quarter_indices.start, self.first_quarter_index)
        end = min(quarter_indices.stop, self.end_quarter_index)
        if first < end:
            here = slice(first - self.first_quarter_index, end - self.first_quarter_index)
            moved[first - quarter_indices.start : end - quarter_indices.start] = column[here]
        return moved


def _column(value_by_index: Mapping[int, int], first: int, end: int) -> tuple[IntArray, BoolArray]:
    values = np.zeros(end - first, dtype=np.int64)
    known = np.zeros(end - first, dtype=bool)
    if value_by_index:
        places = np.fromiter(value_by_index, dtype=np.int64, count=len(value_by_index)) - first
        values[places] = np.fromiter(value_by_index.values(), dtype=np.int64, count=len(value_by_index))
        known[places] = True
    return values, known
