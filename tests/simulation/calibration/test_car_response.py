"""Cars whose least current and step are known."""

import numpy as np
import pytest

from kwartier.simulation.calibration.blocks import FloatArray
from kwartier.simulation.calibration.car_response import car_response


def answers(
    count: int, *, least_a: float, step_a: float, most_a: float = 16.0, noise_a: float = 0.1
) -> tuple[FloatArray, FloatArray]:
    """Offers between 6 A and 20 A, and what a car takes of them, as a meter sees it."""
    random = np.random.default_rng(5)
    offered_a = random.uniform(6, 20, count)
    followed_a = offered_a if step_a == 0 else np.floor(offered_a / step_a) * step_a
    taken_a = np.where(offered_a >= least_a, np.minimum(followed_a, most_a), 0.0)
    return offered_a, np.clip(taken_a + random.normal(0, noise_a, count), 0, None)


@pytest.mark.parametrize(("least_a", "step_a"), [(8.0, 0.0), (10.0, 1.0), (8.0, 2.0), (7.0, 0.5)])
def test_the_least_current_and_the_step_are_found(least_a: float, step_a: float) -> None:
    found = car_response(*answers(300, least_a=least_a, step_a=step_a))
    assert found.least_current_a is not None
    assert found.refused_a is not None
    # The truth lies between the highest refused and the lowest accepted offer.
    assert found.refused_a < least_a <= found.least_current_a < least_a + 0.5
    assert found.step_a == step_a
    assert found.observation_count == 300


def test_a_car_that_takes_whatever_it_is_offered_shows_no_least_current() -> None:
    found = car_response(*answers(300, least_a=6.0, step_a=0.0))
    assert found.least_current_a is None
    assert found.accepted_a == pytest.approx(6.0, abs=0.1)


def test_a_handful_of_answers_says_nothing_of_steps() -> None:
    found = car_response(*answers(10, least_a=8.0, step_a=2.0))
    assert found.step_a is None


def test_a_meter_too_coarse_for_a_step_does_not_invent_one() -> None:
    assert car_response(*answers(300, least_a=6.0, step_a=0.5, noise_a=1.0)).step_a == 0.0


def test_a_car_that_draws_now_and_then_at_any_offer_has_no_least_current() -> None:
    offered_a = np.tile(np.arange(6.0, 16.0), 10)
    taken_a = np.where(np.arange(100) % 3 == 0, 0.0, offered_a)
    found = car_response(offered_a, taken_a)
    assert found.least_current_a is None
    assert found.wrong_share > 0.05
