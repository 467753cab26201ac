import numpy as np
import pytest

from kwartier.forecasting.calibration import LEAST_JUDGED_COUNT, WIDEST, Spread, spread

# P10 to P90 of a forecast that says 80 to 120 W at every moment.
NARROW_W = np.tile(np.array([[80.0], [90.0], [100.0], [110.0], [120.0]]), 1_000)


def test_quantiles_that_lie_too_near_are_spread_as_the_days_before_needed() -> None:
    # A tenth of 0 to 200 W lies below 20 W, and above 180 W: four times as far, and no more than twice is believed.
    power_w = np.linspace(0.0, 200.0, 1_000)
    assert spread(power_w, NARROW_W) == Spread(WIDEST, WIDEST)
    # A tenth of 75 to 125 W lies below 80 W.
    calibrated = spread(np.linspace(75.0, 125.0, 1_000), NARROW_W)
    assert (calibrated.below_ratio, calibrated.above_ratio) == pytest.approx((1.0, 1.0), abs=0.01)


def test_each_side_is_judged_by_itself() -> None:
    # 90 W at least; above the median a tenth of all lies beyond 130 W, half as far again as P90 says.
    power_w = np.concatenate([np.full(500, 95.0), np.linspace(100.0, 137.5, 500)])
    found = spread(power_w, NARROW_W)
    assert found.below_ratio == 1.0
    assert found.above_ratio == pytest.approx(1.5, abs=0.01)


def test_quantiles_are_never_drawn_together() -> None:
    assert spread(np.full(1_000, 100.0), NARROW_W) == Spread()


def test_too_few_quarter_hours_and_those_that_are_not_known_tell_nothing() -> None:
    power_w = np.full(1_000, np.nan)
    power_w[: LEAST_JUDGED_COUNT - 1] = 500.0
    assert spread(power_w, NARROW_W) == Spread()


def test_a_series_that_mostly_rests_at_its_median_is_left_as_it_is() -> None:
    resting_w = np.zeros((5, 1_000))
    assert spread(np.linspace(0.0, 10.0, 1_000), resting_w) == Spread()
