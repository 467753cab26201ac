from datetime import UTC

import numpy as np
import pytest

from kwartier.forecasting.power_history import PowerHistory
from kwartier.forecasting.profile import Calendar, profile
from tests.forecasting.cases import GHENT, moment_s

BELGIAN = Calendar(GHENT.timezone, "BE")


def daily(start: str, levels_w: list[float]) -> PowerHistory:
    """Days of one power each, from a local midnight on."""
    return PowerHistory(moment_s(start), np.repeat(levels_w, 96))


def made(past: PowerHistory, at: str, quarter_count: int = 96) -> np.ndarray:
    return profile(past, moment_s(at), quarter_count, BELGIAN, np.ones_like(past.power_w)).mean_w


def test_the_mean_is_that_of_like_days_weighted_by_kind_and_age() -> None:
    # Thursday 4 and Friday 5 June 2026, then Saturday 6; forecast for Sunday 7, half-life 10 days (nothing to judge).
    past = daily("2026-06-04", [100.0, 200.0, 900.0])
    half = 0.5 ** (1 / 10)
    weights = np.array([0.03 * half**3, 0.03 * half**2, 0.42 * half])
    expected_w = float(weights @ [100.0, 200.0, 900.0] / weights.sum())
    assert made(past, "2026-06-07")[48] == pytest.approx(expected_w)


def test_a_holiday_is_forecast_from_sundays() -> None:
    # Eight weeks with 1 kW on workdays and 200 W on weekends before Tuesday 21 July 2026, Belgium's national day.
    week = [1_000.0] * 5 + [200.0] * 2
    past = daily("2026-05-25", week * 8 + [1_000.0])
    holiday, workday = made(past, "2026-07-21")[48], made(past, "2026-07-22")[48]
    assert holiday < 300.0
    assert workday > 950.0


def test_a_load_that_changed_is_followed_with_the_short_half_life() -> None:
    rising = daily("2026-05-01", [1_000.0 + 50.0 * day for day in range(50)])
    found = profile(rising, moment_s("2026-06-20"), 96, BELGIAN, np.ones_like(rising.power_w))
    assert found.half_life_days == 5.0


def test_a_load_that_only_varies_is_averaged_with_the_long_half_life() -> None:
    rng = np.random.default_rng(3)
    varying = daily("2026-05-01", rng.normal(1_000.0, 100.0, 50).tolist())
    found = profile(varying, moment_s("2026-06-20"), 96, BELGIAN, np.ones_like(varying.power_w))
    assert found.half_life_days == 20.0


def test_what_lasts_of_the_last_error_moves_the_first_hours_only() -> None:
    # Whole days that lie 300 W above or below the rest: an error at noon lasts until the evening.
    rng = np.random.default_rng(5)
    levels_w = (1_000.0 + 300.0 * rng.choice([-1.0, 1.0], 40)).tolist()
    past = daily("2026-05-01", [*levels_w, 1_300.0]).before(moment_s("2026-06-10T12:00"))
    with_error = profile(past, moment_s("2026-06-10T12:00"), 96, BELGIAN, np.ones_like(past.power_w))
    assert with_error.last_error_w == pytest.approx(300.0, abs=120.0)
    assert with_error.mean_w[0] > with_error.mean_w[30] + 100.0


def test_the_hours_of_a_clock_change_take_those_of_the_local_clock() -> None:
    # 1 kW from 8 to 9 h local time, nothing else, for four weeks across the change of 29 March 2026.
    day = np.zeros(96)
    day[32:36] = 1_000.0
    past = PowerHistory(moment_s("2026-03-01"), np.tile(day, 28))
    coming_w = made(past, "2026-03-29", 92 + 96)
    # The first of the four quarters shares its weight with the empty one before it. The changed day has no quarters 8
    # to 11: 8 h is its 29th quarter-hour, and the next day's 33rd.
    assert np.argmax(coming_w[:92] > 900.0) == 28 + 1
    assert np.argmax(coming_w[92:] > 900.0) == 32 + 1


def test_without_weekdays_all_days_are_alike() -> None:
    past = PowerHistory(0, np.repeat([100.0, 300.0], 96))
    found = profile(past, 2 * 86_400, 4, Calendar(UTC, None, is_weekly=False), np.ones(192))
    half = 0.5 ** (1 / 10)
    # 100 W two days ago and 300 W yesterday; at midnight the neighbour before belongs to the day before.
    assert found.mean_w[2] == pytest.approx((100.0 * half + 300.0) / (half + 1.0))
