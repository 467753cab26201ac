"""Series as requests write them: a value holds from its start for the series' resolution."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil, floor

import numpy as np

from kwartier.planning.check.grid import HOUR_S, FloatArray, Grid
from kwartier.planning.check.unusable import UnusableRequestError

# A piece's end may miss a value's start by float noise only.
NOISE_S = 1e-6


class HeldSeries:
    """Values that hold one after the other, each for the same time, from a start on.

    The unit is that of the values. A None is a gap.
    """

    def __init__(self, name: str, start_s: float, value_s: float, values: Sequence[float | None]) -> None:
        self.name = name
        self._start_s = start_s
        self._value_s = value_s
        self._values = values

    def piece_means(self, grid: Grid) -> FloatArray:
        """The time-weighted mean over each piece of the grid.

        Raises UnusableRequestError, naming the first quarter-hour that is missing, where the series leaves one open.
        """
        ends_s = grid.piece_start_s + grid.piece_hours * HOUR_S
        pairs = zip(grid.piece_start_s.tolist(), ends_s.tolist(), strict=True)
        return np.array([self._mean(start, end) for start, end in pairs])

    def _mean(self, from_s: float, to_s: float) -> float:
        first = floor((from_s - self._start_s + NOISE_S) / self._value_s)
        last = ceil((to_s - self._start_s - NOISE_S) / self._value_s)
        weighted, length_s = 0.0, 0.0
        for index in range(first, last):
            value = self._values[index] if 0 <= index < len(self._values) else None
            if value is None:
                missing = datetime.fromtimestamp(from_s, UTC).isoformat()
                raise UnusableRequestError(f"{self.name}: no value for the quarter-hour of {missing}")
            opens = self._start_s + index * self._value_s
            overlap_s = min(to_s, opens + self._value_s) - max(from_s, opens)
            weighted += value * overlap_s
            length_s += overlap_s
        return weighted / length_s


def step_means(piece_power_w: FloatArray, grid: Grid) -> FloatArray:
    """The time-weighted mean over each step of values per piece."""
    weighted = np.add.reduceat(piece_power_w * grid.piece_hours, grid.first_piece_index)
    return np.asarray(weighted / grid.hours)
