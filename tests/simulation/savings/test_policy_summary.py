"""What one policy did, in figures."""

import pytest

from kwartier.simulation.savings.policy_summary import policy_summary
from tests.simulation.savings.runs import START, run


def test_peaks_are_quarter_hour_means_of_offtake_with_their_moment() -> None:
    [peak] = policy_summary(run("a")).peaks
    # 4,000 Wh in the second quarter-hour are 16 kW, 500 Wh injected are 2 kW.
    assert (peak.offtake_w, peak.at, peak.injection_w) == (16_000.0, START.replace(minute=15), 2_000.0)


def test_self_consumption_counts_the_roof_and_not_the_battery() -> None:
    found = policy_summary(run("a"))
    assert found.produced_wh == 4_000.0
    # 500 of 4,000 Wh went to the grid; 8,500 Wh were used, 6,000 of them from the grid.
    assert found.self_consumed_share == 3_500 / 4_000
    assert found.self_sufficient_share == pytest.approx(2_500 / 8_500)


def test_without_sun_nothing_is_said_of_its_use() -> None:
    assert (
        policy_summary(run("a", energy_wh_by_device={"building": [1, 1, 1, 1]})).self_consumed_share is None
    )


def test_a_battery_is_told_with_what_it_held_and_how_often_it_was_emptied() -> None:
    [battery] = policy_summary(run("a")).batteries
    # 70 down to 55 percent is 0.15 of a discharge.
    assert (battery.first_percent, battery.last_percent, battery.cycle_count) == (50.0, 55.0, 0.15)


def test_what_no_policy_could_give_is_no_ones_shortage() -> None:
    cars = policy_summary(run("a")).cars
    assert (cars.car_count, cars.short_count) == (1, 1)
    assert (cars.charged_wh, cars.unserved_wh, cars.beyond_reach_wh) == (4_500.0, 500.0, 1_000.0)


def test_breaches_that_less_charging_would_have_kept_are_counted_by_themselves() -> None:
    breach = {"at": START, "board": "grid", "phase": "L1", "current_a": 70, "limit_a": 63}
    found = policy_summary(
        run("a", breaches=[breach | {"is_avoidable": True}, breach | {"is_avoidable": False}])
    )
    assert (len(found.breaches), found.avoidable_breach_count) == (2, 1)


def test_net_power_is_offtake_less_injection() -> None:
    assert policy_summary(run("a")).net_power_w == [8_000.0, 16_000.0, -2_000.0, 0.0]
