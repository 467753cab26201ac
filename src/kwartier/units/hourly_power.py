"""A series in quarter-hours for a plan whose later steps are hours."""

import math

import numpy as np
import numpy.typing as npt

from kwartier.units.quarter_hour import QUARTER_S
from kwartier.units.step_grid import HOUR_S, QUARTERS_ONLY_S

FloatArray = npt.NDArray[np.float64]

HOUR_QUARTERS_COUNT = 4


def hourly_later_w(power_w: FloatArray, first_s: int, at_s: float) -> FloatArray:
    """The series from `first_s` on with the mean of each hour where a plan from `at_s` on has hours; epoch seconds.

    A plan counts with the worst quarter-hour of a step, and would defend a peak that a battery smooths within the hour:
    over a month that cost an office 1.9 % of its bill, with the means 0.5 % (docs/decisions/0014). Shape (n,), W.

    >>> quarters_w = np.tile([0.0, 4.0, 0.0, 0.0], 24)
    >>> hourly_later_w(quarters_w, 0, 0.0)[[1, 47, 48, 49]].tolist()
    [4.0, 0.0, 1.0, 1.0]
    """
    from_s = math.ceil((at_s + QUARTERS_ONLY_S) / HOUR_S) * HOUR_S
    start = (from_s - first_s) // QUARTER_S
    count = max(0, len(power_w) - start) // HOUR_QUARTERS_COUNT
    end = start + count * HOUR_QUARTERS_COUNT
    means_w = power_w[start:end].reshape(count, HOUR_QUARTERS_COUNT).sum(axis=1) / HOUR_QUARTERS_COUNT
    return np.concatenate(
        [power_w[:start], np.repeat(means_w, HOUR_QUARTERS_COUNT), power_w[max(start, end) :]]
    )
