"""Forecasts whose bias is known."""

import numpy as np
import pytest

from kwartier.simulation.calibration.blocks import FloatArray
from kwartier.simulation.calibration.forecast_bias import forecast_bias


def series(days: int, *, factor: float, seed: int = 1) -> tuple[FloatArray, FloatArray]:
    """A forecast `factor` times too high, and reality that differs from day to day and within the day."""
    random = np.random.default_rng(seed)
    shape = 5_000 + 4_000 * np.sin(np.arange(96) / 96 * 2 * np.pi)
    day_factors = random.normal(1, 0.1, days)
    forecast = np.tile(factor * shape, days)
    actual = np.repeat(day_factors, 96) * np.tile(shape, days) + random.normal(0, 800, 96 * days)
    return forecast, actual


@pytest.mark.parametrize("seed", range(5))
def test_the_bias_is_found_within_its_uncertainty(seed: int) -> None:
    found = forecast_bias(*series(28, factor=1.2, seed=seed))
    assert found is not None
    # Days differ by 10 %: the mean of 28 is known to about 10 % / sqrt(28) of 1.2.
    assert found.error_share == pytest.approx(1.2 * 0.1 / 28**0.5, rel=0.5)
    assert abs(found.bias_share - 0.2) < 3 * found.error_share
    assert found.is_telling


def test_two_standard_errors_hold_the_truth_about_nineteen_times_in_twenty() -> None:
    found = [forecast_bias(*series(28, factor=1.0, seed=seed)) for seed in range(200)]
    telling = sum(one is not None and one.is_telling for one in found)
    # 5 % of 200 are 10; the binomial's 99.9 % end lies at 21.
    assert telling <= 21


def test_of_solar_power_too_much_sun_is_a_positive_bias() -> None:
    forecast_w, actual_w = series(14, factor=1.3)
    found = forecast_bias(-forecast_w, -actual_w)
    assert found is not None
    assert found.bias_share == pytest.approx(0.3, abs=0.1)
    assert found.suggested_factor == pytest.approx(1 / (1 + found.bias_share))


def test_a_few_days_or_nothing_measured_tell_nothing() -> None:
    assert forecast_bias(*series(4, factor=1.2)) is None
    assert forecast_bias(np.ones(960), np.zeros(960)) is None
