"""What is known of a series until now: mean power per quarter-hour."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.units.quarter_hour import QUARTER_S

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PowerHistory:
    """Mean power of consecutive quarter-hours, W, positive when consumed, NaN where it is not known; shape (n,).

    `first_s` is the start of the first one, epoch seconds. Raises ValueError for a start off the grid.
    """

    first_s: int
    power_w: FloatArray

    def __post_init__(self) -> None:
        if self.first_s % QUARTER_S:
            raise ValueError(f"a history starts on a quarter-hour, not at {self.first_s} s")

    @property
    def start_s(self) -> IntArray:
        """Start of each quarter-hour, epoch seconds, shape (n,)."""
        return self.first_s + QUARTER_S * np.arange(len(self.power_w), dtype=np.int64)

    def before(self, at_s: float) -> "PowerHistory":
        """The quarter-hours that are over at a moment; what came later is not known to a forecast made then.

        >>> PowerHistory(0, np.array([1.0, 2.0])).before(1000).power_w.tolist()
        [1.0]
        """
        count = max(0, int((at_s - self.first_s) // QUARTER_S))
        return PowerHistory(self.first_s, self.power_w[:count])

    def since(self, from_s: float) -> "PowerHistory":
        """The quarter-hours that start at a moment or later."""
        count = min(len(self.power_w), max(0, int(-((self.first_s - from_s) // QUARTER_S))))
        return PowerHistory(self.first_s + count * QUARTER_S, self.power_w[count:])


NOTHING = PowerHistory(0, np.empty(0))
"""A series of which nothing was ever measured."""
