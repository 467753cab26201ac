"""Walking forward through a series: forecast, look at what came, go on; nothing of the future is known."""

from dataclasses import dataclass

import numpy as np
from forecast_study.naive import SeasonalNaive
from forecast_study.series import StudySeries

from kwartier.forecasting.forecaster import ForecastCase, Forecaster
from kwartier.forecasting.power_forecast import LEVELS
from kwartier.forecasting.power_history import FloatArray

# forecasting.md: an issue every 6 h, 36 h ahead. The first four weeks teach.
ISSUE_QUARTERS, AHEAD_QUARTERS, FIRST_QUARTERS = 24, 144, 28 * 96
LEAST_KNOWN_RATIO = 0.5


@dataclass
class Errors:
    """Sums over the quarter-hours that were compared: of the forecast, and of the naive one beside it."""

    quarters_count: int = 0
    median_w: float = 0.0
    mean_w: float = 0.0
    pinball_w: float = 0.0
    naive_w: float = 0.0
    naive_pinball_w: float = 0.0
    bias_w: float = 0.0
    measured_w: float = 0.0
    inside_count: int = 0
    judged_count: int = 0

    @property
    def median_skill_percent(self) -> float:
        """How much lower the absolute error of the median is than the naive forecast's."""
        return 100 * (1 - self.median_w / self.naive_w)

    @property
    def mean_skill_percent(self) -> float:
        """The same for the mean."""
        return 100 * (1 - self.mean_w / self.naive_w)

    @property
    def pinball_skill_percent(self) -> float:
        """The same for the quantiles, against the naive forecast with the quantiles of its own recent errors."""
        return 100 * (1 - self.pinball_w / self.naive_pinball_w)

    @property
    def inside_percent(self) -> float:
        """How often P10 to P90 held what came; 80 is right. Of solar power by day only."""
        return 100 * self.inside_count / max(1, self.judged_count)

    @property
    def bias_percent(self) -> float:
        """By how much the mean was too high, of what came."""
        return 100 * self.bias_w / abs(self.measured_w)


def walk(series: StudySeries, forecaster: Forecaster, naive: SeasonalNaive, stride: int) -> Errors:
    """Every so many issues of the series, those left out where the last two weeks or the naive forecast lack values."""
    errors = Errors()
    power_w = series.history.power_w
    for at in range(FIRST_QUARTERS, len(power_w) - AHEAD_QUARTERS, ISSUE_QUARTERS * stride):
        if np.mean(~np.isnan(power_w[at - 14 * 96 : at])) < LEAST_KNOWN_RATIO:
            continue
        naive_w = naive.forecast_w(at, AHEAD_QUARTERS)
        came_w = power_w[at : at + AHEAD_QUARTERS]
        both = ~np.isnan(came_w) & ~np.isnan(naive_w)
        spread_w = naive.recent_error_w(at)
        if not both.any() or not len(spread_w):
            continue
        case = ForecastCase(series.history.first_s + 900.0 * at, AHEAD_QUARTERS, series.history, series.place)
        made = forecaster(case)
        _add(errors, came_w[both], made.mean_w[both], made.quantile_w[:, both])
        errors.naive_w += float(np.sum(np.abs(came_w - naive_w)[both]))
        naive_quantile_w = naive_w[both] + np.quantile(spread_w, LEVELS)[:, None]
        errors.naive_pinball_w += float(np.sum(pinball_w(came_w[both], naive_quantile_w)))
    return errors


def _add(errors: Errors, came_w: FloatArray, mean_w: FloatArray, quantile_w: FloatArray) -> None:
    varies = quantile_w[-1] > quantile_w[0]
    errors.quarters_count += len(came_w)
    errors.median_w += float(np.sum(np.abs(came_w - quantile_w[len(LEVELS) // 2])))
    errors.mean_w += float(np.sum(np.abs(came_w - mean_w)))
    errors.pinball_w += float(np.sum(pinball_w(came_w, quantile_w)))
    errors.bias_w += float(np.sum(mean_w - came_w))
    errors.measured_w += float(np.sum(came_w))
    errors.inside_count += int(np.sum(((came_w >= quantile_w[0]) & (came_w <= quantile_w[-1]))[varies]))
    errors.judged_count += int(np.sum(varies))


def pinball_w(came_w: FloatArray, quantile_w: FloatArray) -> FloatArray:
    """The mean pinball loss over `LEVELS` per quarter-hour, W."""
    levels = np.array(LEVELS)[:, None]
    above_w = came_w - quantile_w
    return np.asarray(np.mean(np.maximum(levels * above_w, (levels - 1) * above_w), axis=0))
