import numpy as np
import pytest

from kwartier.forecasting.persistence import LONGEST_LEAD_QUARTERS, lasting_shares, share_of_leads


def test_an_error_that_stays_is_left_whole() -> None:
    assert lasting_shares(np.full(400, 250.0)).tolist() == [1.0] * LONGEST_LEAD_QUARTERS


def test_of_errors_without_memory_next_to_nothing_is_left() -> None:
    shares = lasting_shares(np.random.default_rng(7).normal(size=1_344))
    # The standard error of a correlation of 1,344 pairs is 1 / sqrt(1,344) = 0.027.
    assert float(np.max(shares)) < 4 * 0.027


def test_an_error_that_swings_is_not_turned_round() -> None:
    assert lasting_shares(np.tile([1.0, -1.0], 200))[0] == 0.0


def test_the_share_is_the_regression_on_the_error_before() -> None:
    rng = np.random.default_rng(11)
    error_w = np.zeros(20_000)
    for index in range(1, len(error_w)):
        error_w[index] = 0.8 * error_w[index - 1] + rng.normal()
    # An autoregressive error with 0.8 has 0.8 to the power of the lead left.
    assert lasting_shares(error_w)[[0, 3]].tolist() == pytest.approx([0.8, 0.8**4], abs=0.03)


def test_a_day_of_errors_is_needed() -> None:
    assert lasting_shares(np.full(96, 5.0)).tolist() == [0.0] * LONGEST_LEAD_QUARTERS
    assert lasting_shares(np.zeros(400)).tolist() == [0.0] * LONGEST_LEAD_QUARTERS


def test_beyond_the_longest_lead_nothing_is_left() -> None:
    shares = np.array([0.9, 0.8])
    assert share_of_leads(shares, np.array([1.0, 2.0, 3.0, 500.0])).tolist() == [0.9, 0.8, 0.0, 0.0]
