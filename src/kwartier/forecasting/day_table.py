"""A history laid out on a calendar: a row per day, a column per quarter of the day."""

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np

from kwartier.forecasting.power_history import FloatArray, IntArray, PowerHistory
from kwartier.units.local_quarters import local_days_and_quarters

DAY_QUARTERS_COUNT = 96


@dataclass(frozen=True)
class DayTable:
    """Mean power per day and quarter of the day, W, shape (days, 96), NaN where it is not known.

    `first_day_number` is the proleptic ordinal of the first row; `history_row` and `history_column` say where each
    quarter-hour of the history stands. On the day the clock goes forward the four quarters that do not occur are not
    known; on the day it goes back the four that occur twice hold their mean.
    """

    first_day_number: int
    power_w: FloatArray
    history_row: IntArray
    history_column: IntArray

    @property
    def day_numbers(self) -> IntArray:
        """The proleptic ordinal of each row."""
        return self.first_day_number + np.arange(len(self.power_w), dtype=np.int64)


def day_table(history: PowerHistory, timezone: tzinfo, to_s: float) -> DayTable:
    """The table from the history's first local day to that of the moment `to_s` (epoch seconds), which is not earlier.

    >>> from datetime import UTC
    >>> day_table(PowerHistory(86_400, np.array([5.0])), UTC, 86_400).power_w[0, :2].tolist()
    [5.0, nan]
    """
    moments_s = np.append(history.start_s, int(to_s))
    days, quarters = local_days_and_quarters(moments_s, timezone)
    rows, columns = days[:-1] - days[0], quarters[:-1]
    shape = (int(days[-1] - days[0]) + 1, DAY_QUARTERS_COUNT)
    is_known = ~np.isnan(history.power_w)
    place, cell_count = (rows * DAY_QUARTERS_COUNT + columns)[is_known], shape[0] * shape[1]
    counts = np.bincount(place, minlength=cell_count).reshape(shape)
    sums_w = np.bincount(place, history.power_w[is_known], cell_count).reshape(shape)
    power_w = np.divide(sums_w, counts, out=np.full(shape, np.nan), where=counts > 0)
    return DayTable(int(days[0]), power_w, rows, columns)
