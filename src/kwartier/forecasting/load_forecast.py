"""Load: the weighted profile of its own like days, the default shape where they tell nothing."""

import numpy as np

from kwartier.forecasting.default_load import default_load_pu
from kwartier.forecasting.forecaster import ForecastCase
from kwartier.forecasting.judged_history import JudgedHistory, judged_history
from kwartier.forecasting.like_days import WINDOW_DAYS
from kwartier.forecasting.power_forecast import PowerForecast
from kwartier.forecasting.power_history import FloatArray
from kwartier.forecasting.profile import Calendar, Profile, profile, without_profile
from kwartier.units.quarter_hour import QUARTER_S, quarter_start_s


def forecast_load(case: ForecastCase) -> PowerForecast:
    """Implements `Forecaster` for a load: power positive when consumed, of one phase or of all.

    The values are the weighted mean and quantiles of the same quarter of the day and its neighbours on the last 56
    days, like days and recent days first, corrected by what lasts of the last error. Quarters of the day that no day
    tells take the default shape, at the level of what is known or, where nothing is, of the rating.
    """
    judged = judged_history(case.history, case.at_s, WINDOW_DAYS, case.rating_w)
    first_s = quarter_start_s(case.at_s)
    found = _profile(judged, first_s, case)
    mean_w, quantile_w = found.mean_w, found.quantile_w
    if np.isnan(mean_w).any() or np.isnan(quantile_w).any():
        default_mean_w, default_quantile_w = _default_w(judged, first_s, case)
        mean_w = np.where(np.isnan(mean_w), default_mean_w, mean_w)
        quantile_w = np.where(np.isnan(quantile_w), default_quantile_w[: len(quantile_w)], quantile_w)
    largest_w = np.inf if case.rating_w is None else case.rating_w
    return PowerForecast(
        first_s,
        np.clip(mean_w, -largest_w, largest_w),
        np.clip(quantile_w, -largest_w, largest_w),
        "degraded" if judged.findings else "good",
        _source(judged, found),
        judged.findings,
    )


def _profile(judged: JudgedHistory, first_s: int, case: ForecastCase) -> Profile:
    if not judged.is_known.any():
        return without_profile(case.quarter_count, with_quantiles=case.wants_quantiles)
    calendar = Calendar(case.place.timezone, case.place.country)
    weights = np.ones_like(judged.history.power_w)
    return profile(
        judged.history, first_s, case.quarter_count, calendar, weights, with_quantiles=case.wants_quantiles
    )


def _default_w(judged: JudgedHistory, first_s: int, case: ForecastCase) -> tuple[FloatArray, FloatArray]:
    """Mean, shape (n,), and quantiles, shape (levels, n), of the default shape, W."""
    starts_s = first_s + QUARTER_S * np.arange(case.quarter_count, dtype=np.int64)
    mean_pu, quantile_pu = default_load_pu(starts_s, case.place.timezone, case.place.country)
    peak_w = _peak_w(judged, case)
    # Where more is given than taken, the peak is negative and turns the order of the quantiles.
    return mean_pu * peak_w, np.sort(quantile_pu * peak_w, axis=0)


def _peak_w(judged: JudgedHistory, case: ForecastCase) -> float:
    """The peak that scales the default shape: the one at which it would have had the mean of what is known."""
    if not judged.is_known.any():
        return case.rating_w or 0.0
    starts_s = judged.history.start_s[judged.is_known]
    mean_pu, _ = default_load_pu(starts_s, case.place.timezone, case.place.country)
    return float(np.sum(judged.history.power_w[judged.is_known]) / np.sum(mean_pu))


def _source(judged: JudgedHistory, found: Profile) -> str:
    if not judged.is_known.any():
        return "default shape at the rating: nothing is known of the series"
    days = np.count_nonzero(judged.is_known) / 96
    return (
        f"weekday and time-of-day profile of {days:.0f} known days, half-life {found.half_life_days:g} days, "
        f"with what lasts of the last error of {found.last_error_w:.0f} W"
    )
