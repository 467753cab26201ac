"""The planner among acnportal's own algorithms, judged by acnportal: energy, cost, peak, its network's constraints."""

from typing import Any

import pytest

from tests.adapters.acnportal.simulations import (
    cost_eur,
    days_before,
    energy_kwh,
    is_within_limits,
    peak_kw,
    simulated,
)

# acnportal calls a car with less than a Wh to go fully charged.
ROUNDING_KWH = 0.001


@pytest.fixture(scope="module")
def ours() -> Any:
    return simulated("kwartier", cars_count=16)


@pytest.mark.parametrize("theirs", ["round_robin", "least_laxity_first", "earliest_deadline_first"])
def test_it_charges_as_much_for_less_at_a_lower_peak(ours: Any, theirs: str) -> None:
    assert_better(ours, simulated(theirs, cars_count=16))


def test_it_charges_as_much_as_cars_that_break_the_limits(ours: Any) -> None:
    with pytest.warns(UserWarning, match="Invalid schedule"):
        uncontrolled = simulated("uncontrolled", cars_count=16)
    assert not is_within_limits(uncontrolled)
    assert_better(ours, uncontrolled)


def assert_better(ours: Any, other: Any) -> None:
    assert energy_kwh(ours) >= energy_kwh(other) - ROUNDING_KWH * len(ours.ev_history)
    assert cost_eur(ours) < cost_eur(other)
    assert peak_kw(ours) < peak_kw(other)


def test_no_constraint_of_the_network_is_broken(ours: Any) -> None:
    assert is_within_limits(ours)


def test_where_a_transformer_is_too_small_for_the_cars_of_every_day_they_get_more_than_from_others() -> None:
    # acnportal warns of every schedule that breaks a constraint, and a warning fails the test.
    day: dict[str, Any] = {"period_minutes": 30, "transformer_kw": 22, "cars_count": 12}
    theirs = simulated("least_laxity_first", **day)
    run = simulated("kwartier", past=days_before(theirs, period_minutes=30), **day)
    assert is_within_limits(run)
    assert energy_kwh(run) > energy_kwh(theirs)


def test_cars_that_take_less_near_full_get_nearly_what_charging_at_once_gives_them() -> None:
    # How slow a car gets shows only when it does: what a late one then misses is what one percent is for.
    uncontrolled = simulated("uncontrolled", cars_count=4, two_stage=True)
    run = simulated("kwartier", cars_count=4, two_stage=True)
    assert energy_kwh(run) >= 0.99 * energy_kwh(uncontrolled)


def test_periods_shorter_than_a_quarter_hour_serve_a_car_within_the_limits() -> None:
    run = simulated("kwartier", period_minutes=5, cars_count=2, stays_h=(1, 2))
    assert is_within_limits(run)
    assert all(car.fully_charged for car in run.ev_history.values())
