"""The forecast to beat: the same local time on the last day, or weekday, that is known."""

import numpy as np
from forecast_study.series import StudySeries

from kwartier.forecasting.power_history import FloatArray
from kwartier.units.local_quarters import local_days_and_quarters

MOST_PERIODS = 8
SPREAD_QUARTERS = 28 * 96


class SeasonalNaive:
    """What was measured 1 to 8 periods (of 1 or 7 days) before each quarter-hour, at the same local time."""

    def __init__(self, series: StudySeries, period_days: int) -> None:
        """Look up all of it; what a forecast may know of it is decided when it is asked."""
        self._power_w = series.history.power_w
        days, quarters = local_days_and_quarters(series.history.start_s, series.place.timezone)
        local = days * 96 + quarters
        earlier = np.arange(len(local)) - 96 * period_days * np.arange(1, MOST_PERIODS + 1)[:, None]
        ago = 96 * period_days * np.arange(1, MOST_PERIODS + 1)[:, None]
        inside = np.maximum(earlier, 0)
        # Across a change of the clock the same local time lies an hour off.
        self._index = inside - (local[inside] - (local - ago))
        valid = (earlier >= 0) & (self._index >= 0)
        self._value_w = np.where(valid, self._power_w[np.maximum(self._index, 0)], np.nan)

    def forecast_w(self, at: int, count: int) -> FloatArray:
        """The forecast of the quarter-hours from index `at` on, from what was measured before; NaN without any."""
        ahead = slice(at, at + count)
        return _first_known(np.where(self._index[:, ahead] < at, self._value_w[:, ahead], np.nan))

    def recent_error_w(self, at: int) -> FloatArray:
        """What it got wrong in the four weeks before, of the quarter-hours that are known."""
        past = slice(max(0, at - SPREAD_QUARTERS), at)
        error_w = self._power_w[past] - _first_known(self._value_w[:, past])
        return np.asarray(error_w[~np.isnan(error_w)])


def _first_known(values_w: FloatArray) -> FloatArray:
    first = np.argmax(~np.isnan(values_w), axis=0)
    return np.asarray(np.take_along_axis(values_w, first[None], axis=0)[0])
