"""How much further out P10 and P90 of a series have to be, as its own last days tell (conformal calibration).

The quantiles of a few weighted days lie too near each other: homes left P10 to P90 in 28 of 100 quarter-hours instead
of 20 (docs/decisions/0011). What the same quantiles, made for days that are over, would have needed is taken for the
days to come: above the median and below it each by itself, since loads are skewed.
"""

from dataclasses import dataclass

import numpy as np

from kwartier.forecasting.power_forecast import LEVELS
from kwartier.forecasting.power_history import FloatArray

MEDIAN = LEVELS.index(0.5)
# Three days' worth of quarter-hours; fewer tell little of what one in ten passes.
LEAST_JUDGED_COUNT = 288
# Too wide costs as much as too narrow: beyond this the days before were of another kind.
WIDEST = 2.0


@dataclass(frozen=True)
class Spread:
    """By what the distance of P10, and of P90, from the median is multiplied: 1 or more."""

    below_ratio: float = 1.0
    above_ratio: float = 1.0

    def applied_w(self, quantile_w: FloatArray) -> FloatArray:
        """The quantiles (W, shape (levels, n)) with the first and the last one further out; the others are right.

        >>> Spread(2.0, 1.5).applied_w(np.array([[4.0], [5.0], [6.0], [7.0], [8.0]]))[:, 0].tolist()
        [2.0, 5.0, 6.0, 7.0, 9.0]
        """
        median_w, wide_w = quantile_w[MEDIAN], quantile_w.copy()
        wide_w[0] = median_w - self.below_ratio * (median_w - quantile_w[0])
        wide_w[-1] = median_w + self.above_ratio * (quantile_w[-1] - median_w)
        return wide_w


def spread(power_w: FloatArray, quantile_w: FloatArray) -> Spread:
    """The spread with which the past power (W, shape (n,)) would have had the least pinball loss.

    `quantile_w`, shape (levels, n), are the quantiles of those quarter-hours as they would have been forecast; NaN in
    either is not judged.
    """
    median_w = quantile_w[MEDIAN]
    return Spread(
        _factor(median_w - power_w, median_w - quantile_w[0]),
        _factor(power_w - median_w, quantile_w[-1] - median_w),
    )


def _factor(distance_w: FloatArray, reach_w: FloatArray) -> float:
    """The quantile of distance per reach, each weighted with its reach: that minimises the loss in W.

    Where the quantile is the median itself no factor helps: nothing is judged.
    """
    is_judged = (reach_w > 0.0) & ~np.isnan(distance_w)
    if np.count_nonzero(is_judged) < LEAST_JUDGED_COUNT:
        return 1.0
    needed = distance_w[is_judged] / reach_w[is_judged]
    order = np.argsort(needed, kind="stable")
    reached_w = np.cumsum(reach_w[is_judged][order])
    found = needed[order][np.searchsorted(reached_w, LEVELS[-1] * reached_w[-1])]
    return float(np.clip(found, 1.0, WIDEST))
