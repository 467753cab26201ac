"""What a forecast of a series says: per quarter-hour a mean and quantiles, and where they come from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from kwartier.site.finding import Finding
from kwartier.units.quarter_hour import QUARTER_S

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LEVELS: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Probabilities of the quantiles of every forecast, the smallest first."""

Quality = Literal["good", "degraded"]
"""`degraded`: made from less than its forecaster should have, as the findings say; margins must be wider."""


@dataclass(frozen=True)
class PowerForecast:
    """Power of consecutive quarter-hours from `first_s` (epoch seconds) on, W, positive when consumed; never NaN.

    `mean_w` has shape (n,): energy and cost use it. `quantile_w` has shape (levels, n), a row per level of `LEVELS`,
    none above the next, or (0, n) where none was wanted. `source` says in words what the values are made of.
    """

    first_s: int
    mean_w: FloatArray
    quantile_w: FloatArray
    quality: Quality
    source: str
    findings: tuple[Finding, ...] = ()

    @property
    def start_s(self) -> IntArray:
        """Start of each quarter-hour, epoch seconds, shape (n,)."""
        return self.first_s + QUARTER_S * np.arange(len(self.mean_w), dtype=np.int64)

    def level_w(self, level_ratio: float) -> FloatArray:
        """The quantile of one of `LEVELS`, shape (n,): `level_w(0.9)` is passed in one of ten quarter-hours."""
        return np.asarray(self.quantile_w[LEVELS.index(level_ratio)])
