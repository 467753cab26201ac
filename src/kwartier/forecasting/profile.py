"""What a series does at each time of the day, learned from its past days and corrected by its last error."""

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np

from kwartier.forecasting.calibration import Spread, spread
from kwartier.forecasting.day_samples import DaySamples
from kwartier.forecasting.day_table import DayTable, day_table
from kwartier.forecasting.like_days import age_weights, day_kind_numbers, kind_weights
from kwartier.forecasting.persistence import lasting_shares, share_of_leads
from kwartier.forecasting.power_forecast import LEVELS
from kwartier.forecasting.power_history import FloatArray, IntArray, PowerHistory
from kwartier.units.local_quarters import local_days_and_quarters
from kwartier.units.quarter_hour import QUARTER_S

# How fast a day's word fades is chosen per series, by which would have forecast its own last two weeks best. One for
# all (14 days) is 1 to 3 points worse where loads drift with the season (docs/decisions/0011-forecasts.md).
HALF_LIVES_DAYS = (5.0, 10.0, 20.0)
JUDGED_DAYS = 14
SPREAD_DAYS = 35
# Before there is a week behind the days that are judged, their profile says little about any half-life.
LEARNED_DAYS = 7


@dataclass(frozen=True)
class Calendar:
    """Which days are alike: by weekday and a country's holidays (None: without), or all of them (`is_weekly` False)."""

    timezone: tzinfo
    country: str | None
    is_weekly: bool = True

    def kind_numbers(self, day_numbers: IntArray) -> IntArray:
        """The kind of each day, 0 to 6, shape (n,)."""
        return day_kind_numbers(day_numbers, self.country) if self.is_weekly else np.zeros_like(day_numbers)


@dataclass(frozen=True)
class Profile:
    """Mean (W, shape (n,)) and quantiles (W, shape (levels, n)) of the quarter-hours to come, NaN where nothing tells.

    Quantiles that were not wanted have shape (0, n).
    `last_error_w` is what the last known quarter-hour took more than its forecast; what lasts of it is in the values.
    """

    mean_w: FloatArray
    quantile_w: FloatArray
    half_life_days: float
    last_error_w: float


def profile(
    history: PowerHistory,
    first_s: int,
    quarter_count: int,
    calendar: Calendar,
    importance_weights: FloatArray,
    *,
    with_quantiles: bool = True,
) -> Profile:
    """The profile of the quarter-hours from `first_s` on, where the history ends or later.

    `importance_weights` says how much an error in each quarter-hour of the history counts when half-lives are
    compared. All values lie between the lowest and the highest of the history, which must hold one that is known.
    """
    table = day_table(history, calendar.timezone, first_s)
    samples = DaySamples(table)
    kinds = calendar.kind_numbers(table.day_numbers)
    half_life_days, past_mean_w = _best_half_life(history, table, samples, kinds, importance_weights)

    starts_s = first_s + QUARTER_S * np.arange(quarter_count, dtype=np.int64)
    days, quarters = local_days_and_quarters(starts_s, calendar.timezone)
    targets, rows = np.unique(days, return_inverse=True)
    weights = kind_weights(calendar.kind_numbers(targets), kinds)
    weights *= age_weights(targets, table.day_numbers, half_life_days)
    mean_w = samples.mean_w(weights)[rows, quarters]
    quantile_w = np.empty((0, quarter_count))
    if with_quantiles:
        quantile_w = np.stack([samples.quantile_w(one) for one in weights])[rows, :, quarters].T
        quantile_w = _spread(history, table, samples, kinds, half_life_days).applied_w(quantile_w)

    error_w = history.power_w - past_mean_w[table.history_row, table.history_column]
    last = int(np.flatnonzero(~np.isnan(history.power_w))[-1])
    last_error_w = 0.0 if np.isnan(error_w[last]) else float(error_w[last])
    share = share_of_leads(lasting_shares(error_w), (starts_s - history.start_s[last]) / QUARTER_S)
    # Of what varies, the variance that the last error explains is known: that much narrower are the quantiles.
    quantile_w = mean_w + share * last_error_w + (quantile_w - mean_w) * np.sqrt(1.0 - share**2)
    low_w, high_w = np.nanmin(history.power_w), np.nanmax(history.power_w)
    return Profile(
        np.clip(mean_w + share * last_error_w, low_w, high_w),
        np.clip(quantile_w, low_w, high_w),
        half_life_days,
        last_error_w,
    )


def _best_half_life(
    history: PowerHistory,
    table: DayTable,
    samples: DaySamples,
    kinds: IntArray,
    importance_weights: FloatArray,
) -> tuple[float, FloatArray]:
    """The half-life with the least absolute error on the last days, and the means that it gave for them.

    Each day is forecast from the days before it. The means have the shape of the table, NaN on days that are not
    judged; without a week before the days to judge none is, and the middle half-life is taken.
    """
    means_w = np.full((len(HALF_LIVES_DAYS), *table.power_w.shape), np.nan)
    judged_count = min(JUDGED_DAYS, len(table.power_w) - LEARNED_DAYS)
    if judged_count < 1:
        return HALF_LIVES_DAYS[1], means_w[1]
    days, judged = table.day_numbers, slice(-judged_count, None)
    kind_weight = kind_weights(kinds[judged], kinds)
    for half_life_days, mean_w in zip(HALF_LIVES_DAYS, means_w, strict=True):
        mean_w[judged] = samples.mean_w(kind_weight * age_weights(days[judged], days, half_life_days))
    first = int(np.searchsorted(table.history_row, len(table.power_w) - judged_count))
    past_w = means_w[:, table.history_row[first:], table.history_column[first:]]
    errors_w = np.abs(history.power_w[first:] - past_w) * importance_weights[first:]
    best = int(np.argmin(np.nansum(errors_w, axis=1)))
    return HALF_LIVES_DAYS[best], means_w[best]


def _spread(
    history: PowerHistory, table: DayTable, samples: DaySamples, kinds: IntArray, half_life_days: float
) -> Spread:
    """The spread that the last days needed, each forecast from the days before it."""
    judged_count = min(JUDGED_DAYS, len(table.power_w) - LEARNED_DAYS)
    if judged_count < 1:
        return Spread()
    days, judged = table.day_numbers, slice(-judged_count, None)
    weights = kind_weights(kinds[judged], kinds) * age_weights(days[judged], days, half_life_days)
    quantile_w = np.full((len(LEVELS), *table.power_w.shape), np.nan)
    quantile_w[:, judged] = np.stack([samples.quantile_w(one) for one in weights], axis=1)
    return spread(history.power_w, quantile_w[:, table.history_row, table.history_column])


def without_profile(quarter_count: int, *, with_quantiles: bool = True) -> Profile:
    """The profile of a series of which nothing is known: nothing."""
    nothing_w = np.full(quarter_count, np.nan)
    level_count = len(LEVELS) if with_quantiles else 0
    return Profile(nothing_w, np.tile(nothing_w, (level_count, 1)), HALF_LIVES_DAYS[1], 0.0)
