"""Solar production: the clear sky over the site, scaled by what the series made of it on its last days."""

from dataclasses import dataclass, replace
from datetime import UTC

import numpy as np

from kwartier.forecasting.clear_sky import clear_sky_w_per_m2
from kwartier.forecasting.forecaster import ForecastCase
from kwartier.forecasting.judged_history import (
    JudgedHistory,
    flat_finding,
    is_flat_at_end,
    judged_history,
    without_flat_end_w,
)
from kwartier.forecasting.like_days import WINDOW_DAYS
from kwartier.forecasting.power_forecast import PowerForecast
from kwartier.forecasting.power_history import FloatArray, PowerHistory
from kwartier.forecasting.profile import Calendar, Profile, profile, without_profile
from kwartier.site.finding import Finding
from kwartier.units.quarter_hour import QUARTER_S, quarter_start_s

# Standard test conditions (IEC 60904-3): the irradiance that ratings of modules refer to.
STANDARD_W_PER_M2 = 1000.0
# Below this sun a ratio to it says little: horizons, mirrors and twilight decide.
LEAST_SUN_W_PER_M2 = 20.0
# Per unit of the rating under 1,000 W/m2 of clear sky, before anything is known: the Belgian fleet of 2024 per
# installed power (Elia ods032; docs/forecasting.md). Quantiles at LEVELS.
DEFAULT_MEAN_PU, DEFAULT_QUANTILES_PU = 0.45, (0.17, 0.28, 0.47, 0.66, 0.83)
# Snow-white horizons and clocks that are minutes off give a little of the day's energy in the dark; a wrong place more.
NIGHT_RATIO = 0.05
_EVERY_DAY = Calendar(UTC, None, is_weekly=False)


@dataclass(frozen=True)
class Sun:
    """Clear-sky irradiance of the quarter-hours of the history and of the forecast, W/m2."""

    past_w_per_m2: FloatArray
    coming_w_per_m2: FloatArray


def forecast_pv(case: ForecastCase) -> PowerForecast:
    """Implements `Forecaster` for solar power: negative when delivered, never positive.

    Past output is put under 1,000 W/m2 of clear sky; the profile of that by the time of day (UTC, which the sun keeps
    better than the law) knows orientation and shade as well as the weather of late, and the last error the clouds of
    this hour. Where the output does not fit the sun over the site, the plain profile of the output is taken.
    """
    judged = judged_history(case.history, case.at_s, WINDOW_DAYS, case.rating_w)
    first_s = quarter_start_s(case.at_s)
    sun = _sun(judged.history, first_s, case)
    judged = replace(judged, findings=(*judged.findings, *_sun_findings(judged.history, sun)))
    if any(finding.rule == "forecast.pv_at_night" for finding in judged.findings):
        return _without_sun(judged, first_s, case)
    return _with_sun(judged, sun, first_s, case)


def _sun(history: PowerHistory, first_s: int, case: ForecastCase) -> Sun:
    past_count = (first_s - history.first_s) // QUARTER_S if len(history.power_w) else 0
    all_w_per_m2 = clear_sky_w_per_m2(
        first_s - past_count * QUARTER_S, past_count + case.quarter_count, case.place
    )
    return Sun(all_w_per_m2[: len(history.power_w)], all_w_per_m2[past_count:])


def _sun_findings(history: PowerHistory, sun: Sun) -> list[Finding]:
    produced_w = np.nan_to_num(-history.power_w)
    total_w = float(np.sum(np.maximum(produced_w, 0.0)))
    at_night_w = float(np.sum(np.maximum(produced_w[sun.past_w_per_m2 <= 0.0], 0.0)))
    findings = []
    if at_night_w > NIGHT_RATIO * total_w:
        findings.append(
            Finding(
                "forecast.pv_at_night",
                "WARNING",
                "$",
                f"{at_night_w / total_w:.0%} of the energy came while the sun was down; correct the site's "
                "coordinates, the meter's clock, or the kind of the series",
                round(at_night_w / total_w, 3),
                f"at most {NIGHT_RATIO:.0%}",
            )
        )
    consumed_w = float(np.sum(np.maximum(-produced_w, 0.0)))
    if consumed_w > total_w:
        findings.append(
            Finding(
                "forecast.pv_consumes",
                "WARNING",
                "$",
                "the series consumes more than it delivers; power delivered is negative: correct its sign or its kind",
                round(consumed_w / QUARTER_S, 1),
                "less than it delivers",
            )
        )
    return findings


def _with_sun(judged: JudgedHistory, sun: Sun, first_s: int, case: ForecastCase) -> PowerForecast:
    is_day = sun.past_w_per_m2 >= LEAST_SUN_W_PER_M2
    produced_w = np.maximum(-judged.history.power_w, 0.0)
    standard_w = np.full_like(produced_w, np.nan)
    np.divide(produced_w * STANDARD_W_PER_M2, sun.past_w_per_m2, out=standard_w, where=is_day)
    findings = judged.findings
    if is_flat_at_end(standard_w):
        findings = (*findings, flat_finding(standard_w))
        standard_w = without_flat_end_w(standard_w)
    found = without_profile(case.quarter_count, with_quantiles=case.wants_quantiles)
    if not np.isnan(standard_w).all():
        past = PowerHistory(judged.history.first_s, standard_w)
        found = profile(
            past,
            first_s,
            case.quarter_count,
            _EVERY_DAY,
            sun.past_w_per_m2,
            with_quantiles=case.wants_quantiles,
        )
    level_w = _level_w(standard_w, produced_w, sun, case)
    mean_w = np.where(np.isnan(found.mean_w), level_w * DEFAULT_MEAN_PU, found.mean_w)
    default_w = level_w * np.array(DEFAULT_QUANTILES_PU)[: len(found.quantile_w), None]
    quantile_w = np.where(np.isnan(found.quantile_w), default_w, found.quantile_w)
    under_sun = sun.coming_w_per_m2 / STANDARD_W_PER_M2
    return _delivered(
        first_s, mean_w * under_sun, quantile_w * under_sun, findings, _source(standard_w, found), case
    )


def _level_w(standard_w: FloatArray, produced_w: FloatArray, sun: Sun, case: ForecastCase) -> float:
    """The rating that the default shape has: the one at which it would have given what is known to be produced."""
    is_known = ~np.isnan(standard_w)
    if not is_known.any():
        return case.rating_w or 0.0
    under_sun_w = np.sum(produced_w[is_known]) * STANDARD_W_PER_M2 / np.sum(sun.past_w_per_m2[is_known])
    return float(under_sun_w) / DEFAULT_MEAN_PU


def _without_sun(judged: JudgedHistory, first_s: int, case: ForecastCase) -> PowerForecast:
    produced = PowerHistory(judged.history.first_s, np.maximum(-judged.history.power_w, 0.0))
    found = profile(
        produced,
        first_s,
        case.quarter_count,
        _EVERY_DAY,
        np.ones_like(produced.power_w),
        with_quantiles=case.wants_quantiles,
    )
    # A quarter of the day that was never seen: nothing is counted on.
    mean_w, quantile_w = np.nan_to_num(found.mean_w), np.nan_to_num(found.quantile_w)
    source = "time-of-day profile of the own output, which does not fit the sun over the site"
    return _delivered(first_s, mean_w, quantile_w, judged.findings, source, case)


def _delivered(
    first_s: int,
    mean_w: FloatArray,
    quantile_w: FloatArray,
    findings: tuple[Finding, ...],
    source: str,
    case: ForecastCase,
) -> PowerForecast:
    """The forecast of what is produced (positive) as power delivered (negative): the most is the lowest quantile."""
    largest_w = np.inf if case.rating_w is None else case.rating_w
    return PowerForecast(
        first_s,
        0.0 - np.clip(mean_w, 0.0, largest_w),
        0.0 - np.clip(quantile_w[::-1], 0.0, largest_w),
        "degraded" if findings else "good",
        source,
        findings,
    )


def _source(standard_w: FloatArray, found: Profile) -> str:
    known_count = int(np.count_nonzero(~np.isnan(standard_w)))
    if not known_count:
        return "clear sky at the rating: nothing is known of the series"
    return (
        f"clear sky scaled by the own output of {known_count} quarter-hours with sun, "
        f"half-life {found.half_life_days:g} days, with what lasts of the last error"
    )
