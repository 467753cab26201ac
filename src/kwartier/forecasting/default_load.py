"""What a load is taken to be before anything is known of it.

Decided: the mean of the public homes and the public businesses of docs/forecasting.md, half each, per unit of their
highest quarter-hour of the year, which the rating stands in for. A site that uses less than its rating is planned with
too much load for a day or two, which costs money and no fuse.
"""

from datetime import tzinfo

import numpy as np

from kwartier.forecasting.like_days import day_kind_numbers
from kwartier.forecasting.power_history import BoolArray, FloatArray, IntArray
from kwartier.units.local_quarters import local_days_and_quarters

# On workdays from 7 to 19 h, and at all other times; per unit of the peak; quantiles at LEVELS.
BUSY_MEAN_PU, BUSY_QUANTILES_PU = 0.33, (0.16, 0.23, 0.30, 0.42, 0.53)
QUIET_MEAN_PU, QUIET_QUANTILES_PU = 0.20, (0.09, 0.10, 0.16, 0.25, 0.36)
_SEVEN, _NINETEEN = 28, 76
_SATURDAY = 5


def default_load_pu(
    start_s: IntArray, timezone: tzinfo, country: str | None
) -> tuple[FloatArray, FloatArray]:
    """Mean, shape (n,), and quantiles, shape (levels, n), per unit of the peak, of quarter-hours that start then."""
    busy = _is_busy(start_s, timezone, country)
    mean_pu = np.where(busy, BUSY_MEAN_PU, QUIET_MEAN_PU)
    quantile_pu = np.where(busy, np.array(BUSY_QUANTILES_PU)[:, None], np.array(QUIET_QUANTILES_PU)[:, None])
    return mean_pu, quantile_pu


def _is_busy(start_s: IntArray, timezone: tzinfo, country: str | None) -> BoolArray:
    days, quarters = local_days_and_quarters(start_s, timezone)
    return (day_kind_numbers(days, country) < _SATURDAY) & (quarters >= _SEVEN) & (quarters < _NINETEEN)
