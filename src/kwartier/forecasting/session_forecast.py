"""How long a car stays and what it takes: the weighted quantiles of the sessions that it is like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np

from kwartier.forecasting.charging_session import PastSession, PresentSession
from kwartier.forecasting.default_session import AC_SESSION, DC_SESSION
from kwartier.forecasting.like_days import day_kind_numbers
from kwartier.forecasting.power_forecast import LEVELS, Quality
from kwartier.forecasting.power_history import FloatArray
from kwartier.units.local_quarters import local_days_and_quarters

# How much a past session tells, by what it shares with the present one. That of the site's others is small and never
# zero: nearest neighbours alone are badly calibrated (forecasting.md).
SAME_BADGE, SAME_POLE, SAME_SITE = 1.0, 0.3, 0.03
# An arrival two hours earlier or later tells less than one at the same time of the day.
CLOCK_WIDTH_H, OTHER_TIME = 2.0, 0.05
OTHER_KIND_OF_DAY = 0.3
HALF_LIFE_DAYS = 60.0
# All five default values together tell as much as half a session of the same badge.
DEFAULT_WEIGHT = 0.1
# Before so many sessions of the site are known, its forecasts are called degraded.
LEARNED_COUNT = 20
# A car that outstays or outcharges all that is known: it leaves in a quarter-hour, and wants a kWh more.
LEAST_STAY_S, LEAST_ENERGY_WH = 900.0, 1_000.0
_SATURDAY = 5


@dataclass(frozen=True)
class SessionForecast:
    """Departure (epoch seconds) and energy of the whole session (Wh) as quantiles, one per entry of `LEVELS`.

    Departures lie after the moment of the forecast, energies above what is charged.
    """

    departure_s: tuple[float, ...]
    energy_wh: tuple[float, ...]
    mean_energy_wh: float
    quality: Quality
    source: str

    @property
    def planned_departure_s(self) -> float:
        """The moment that nine of ten cars outstay: plans count on P10, not on P50 (forecasting.md)."""
        return self.departure_s[0]

    @property
    def planned_energy_wh(self) -> float:
        """What a plan should give: the mean; of a degraded forecast what nine of ten cars make do with."""
        return self.mean_energy_wh if self.quality == "good" else self.energy_wh[-1]


def forecast_session(
    present: PresentSession, past: Sequence[PastSession], timezone: tzinfo, country: str | None = None
) -> SessionForecast:
    """The forecast of a car that is there, from the sessions of its site that ended before `present.at_s`.

    Past sessions count by badge, pole, time of day, kind of day and age. Only those that lasted longer than this one
    has, or took more than it has got, tell how it goes on: so the forecast is renewed while the car is there.
    """
    over = [one for one in past if one.start_s <= one.stop_s <= present.at_s]
    default = DC_SESSION if present.is_dc else AC_SESSION
    weights = np.append(
        _weights(present, over, timezone, country), [DEFAULT_WEIGHT / len(LEVELS)] * len(LEVELS)
    )
    stays_s = np.append([one.stop_s - one.start_s for one in over], np.array(default.stay_h) * 3600.0)
    took_wh = np.append([_energy_wh(one) for one in over], default.energy_wh)

    stayed_s = present.at_s - present.start_s
    stay_s, _ = _beyond(stayed_s, stays_s, weights, LEAST_STAY_S)
    energy_wh, mean_energy_wh = _beyond(present.charged_wh, took_wh, weights, LEAST_ENERGY_WH)
    return SessionForecast(
        tuple((present.start_s + stay_s).tolist()),
        tuple(energy_wh.tolist()),
        mean_energy_wh,
        "good" if len(over) >= LEARNED_COUNT else "degraded",
        _source(present, over),
    )


def _energy_wh(session: PastSession) -> float:
    return np.nan if session.energy_wh is None else session.energy_wh


def _weights(
    present: PresentSession, past: Sequence[PastSession], timezone: tzinfo, country: str | None
) -> FloatArray:
    """How much each past session tells about the present one, shape (n,)."""
    starts_s = np.array([*(one.start_s for one in past), present.start_s])
    days, quarters = local_days_and_quarters(starts_s.astype(np.int64), timezone)
    apart_h = np.abs(quarters[:-1] - quarters[-1]) / 4.0
    apart_h = np.minimum(apart_h, 24.0 - apart_h)
    is_rest_day = day_kind_numbers(days, country) >= _SATURDAY
    return np.asarray(
        np.array([_nearness(present, one) for one in past])
        * (OTHER_TIME + np.exp(-0.5 * (apart_h / CLOCK_WIDTH_H) ** 2))
        * np.where(is_rest_day[:-1] == is_rest_day[-1], 1.0, OTHER_KIND_OF_DAY)
        * 0.5 ** ((days[-1] - days[:-1]) / HALF_LIFE_DAYS)
    )


def _nearness(present: PresentSession, past: PastSession) -> float:
    if present.badge is not None and past.badge == present.badge:
        return SAME_BADGE
    return SAME_POLE if past.pole == present.pole else SAME_SITE


def _beyond(
    reached: float, values: FloatArray, weights: FloatArray, least: float
) -> tuple[FloatArray, float]:
    """Weighted quantiles and mean of the values beyond what is reached; without any, a little more than that."""
    goes_on = values > reached
    if not goes_on.any():
        return np.full(len(LEVELS), reached + least), reached + least
    order = np.argsort(values[goes_on], kind="stable")
    sorted_values, sorted_weights = values[goes_on][order], weights[goes_on][order]
    middle = np.cumsum(sorted_weights) - sorted_weights / 2.0
    quantiles = np.interp(np.array(LEVELS) * np.sum(sorted_weights), middle, sorted_values)
    return quantiles, float(np.average(sorted_values, weights=sorted_weights))


def _source(present: PresentSession, past: Sequence[PastSession]) -> str:
    of_badge = sum(present.badge is not None and one.badge == present.badge for one in past)
    of_pole = sum(one.pole == present.pole for one in past)
    if not past:
        return "default session: none of the site is known"
    return (
        f"predicted from {of_badge} sessions of the badge, {of_pole} of the pole and {len(past)} of the site"
    )
