"""Weighted means and quantiles over the days of a table, per quarter of the day."""

from functools import cached_property

import numpy as np

from kwartier.forecasting.day_table import DayTable
from kwartier.forecasting.power_forecast import LEVELS
from kwartier.forecasting.power_history import BoolArray, FloatArray, IntArray

# What happens at eight happens at a quarter to or past eight as well; half as telling (forecasting.md: neighbours ±1).
NEIGHBOUR_WEIGHT = 0.5


class DaySamples:
    """What each quarter of the day took on every day of a table, and its neighbours in time, ready to be weighted."""

    def __init__(self, table: DayTable) -> None:
        """Samples of shape (3 x days, 96): the quarters, those after them, those before them."""
        flat_w = table.power_w.reshape(-1)
        after_w, before_w = np.append(flat_w[1:], np.nan), np.append(np.nan, flat_w[:-1])
        samples_w = np.concatenate([one.reshape(table.power_w.shape) for one in (flat_w, after_w, before_w)])
        self._is_known = ~np.isnan(samples_w)
        self._known_w = np.where(self._is_known, samples_w, 0.0)
        self._known_count = self._is_known.astype(np.float64)
        self._samples_w = samples_w

    @cached_property
    def _order(self) -> IntArray:
        """The samples of each quarter of the day, the smallest first, those that are not known last."""
        return np.argsort(self._samples_w, axis=0, kind="stable")

    @cached_property
    def _sorted_w(self) -> FloatArray:
        return np.take_along_axis(self._known_w, self._order, axis=0)

    @cached_property
    def _is_known_in_order(self) -> BoolArray:
        return np.take_along_axis(self._is_known, self._order, axis=0)

    def mean_w(self, day_weights: FloatArray) -> FloatArray:
        """The mean of each quarter of the day, W, shape (k, 96), under weights of shape (k, days).

        NaN where no day with a weight is known.
        """
        weights = _of_samples(day_weights)
        sums_w, totals = weights @ self._known_w, weights @ self._known_count
        mean_w = np.full(sums_w.shape, np.nan)
        np.divide(sums_w, totals, out=mean_w, where=totals > 0)
        return mean_w

    def quantile_w(self, day_weights: FloatArray) -> FloatArray:
        """The quantiles of each quarter of the day, W, shape (levels, 96), under weights of shape (days,).

        The quantile of a level is the smallest sample up to which that part of the weight lies; NaN where none is
        known.
        """
        weights = np.where(self._is_known_in_order, _of_samples(day_weights)[self._order], 0.0)
        reached = np.cumsum(weights, axis=0)
        total = reached[-1]
        # Sums of floating point numbers: what lacks a billionth of the weight is there.
        rows = [np.argmax(reached >= level * total * (1 - 1e-9), axis=0) for level in LEVELS]
        quantiles_w = np.take_along_axis(self._sorted_w, np.array(rows), axis=0)
        return np.asarray(np.where(total > 0, quantiles_w, np.nan))


def _of_samples(day_weights: FloatArray) -> FloatArray:
    near = NEIGHBOUR_WEIGHT * day_weights
    return np.concatenate([day_weights, near, near], axis=-1)
