"""Policies on a small day, against sums by hand and against each other."""

from typing import Any

import pytest

from kwartier.simulation.disturbance import Disturbance
from kwartier.simulation.result import PolicyRun
from kwartier.simulation.simulate import ORACLE, POLICIES, simulate
from tests.simulation.small_site import car, period, recorded

# Two cars that stay from eight until the end of the day; eight hours of it cost 100 EUR/MWh, six cost 20.
CARS = (car("left", 8, 24), car("right", 8, 24))


@pytest.fixture(scope="module")
def runs() -> dict[str, PolicyRun]:
    site = recorded(*CARS)
    return {name: simulate(site, period(), name) for name in (*POLICIES, ORACLE)}


def test_charging_on_arrival_costs_what_the_hours_of_arrival_cost(runs: dict[str, PolicyRun]) -> None:
    # The load of 3 kW over 18 dear and 6 cheap hours, and 22.08 kWh at 100 EUR/MWh.
    by_hand_eur = 3.0 * (18 * 0.100 + 6 * 0.020) + 22.08 * 0.100
    assert runs["uncontrolled"].money.total_eur == pytest.approx(by_hand_eur)
    assert runs["uncontrolled"].peak_w("grid") == pytest.approx(3_000 + 2 * 11_040)


def test_the_oracle_charges_in_the_cheap_hours_and_empties_the_battery_before_them(
    runs: dict[str, PolicyRun],
) -> None:
    # 22.08 kWh at 20 EUR/MWh. The battery gives its 5 kWh x 0.95 in dear hours and takes 5 kWh / 0.95 in cheap ones;
    # without a peak price that is all it can gain, for it must not end emptier than it began, and fills once a day.
    load_eur = 3.0 * (18 * 0.100 + 6 * 0.020)
    by_hand_eur = load_eur + 22.08 * 0.020 - 5.0 * 0.95 * 0.100 + 5.0 / 0.95 * 0.020
    assert runs[ORACLE].bound_eur == pytest.approx(by_hand_eur, abs=1e-4)


def test_a_planner_with_perfect_forecasts_reaches_the_oracle(runs: dict[str, PolicyRun]) -> None:
    bound_eur = runs[ORACLE].bound_eur
    assert bound_eur is not None
    assert runs["receding_horizon_perfect"].money.total_eur == pytest.approx(bound_eur, rel=1e-3)


@pytest.mark.parametrize("name", POLICIES)
def test_no_policy_beats_the_oracle_breaks_a_limit_or_leaves_a_car_short(
    name: str, runs: dict[str, PolicyRun]
) -> None:
    run, bound_eur = runs[name], runs[ORACLE].bound_eur
    assert bound_eur is not None
    assert run.money.total_eur >= bound_eur - 1e-4
    assert run.breaches == []
    assert run.unserved_wh == pytest.approx(0.0, abs=1.0)


def test_the_planner_beats_every_rule(runs: dict[str, PolicyRun]) -> None:
    planned_eur = runs["receding_horizon"].money.total_eur
    rules = ("uncontrolled", "equal_share", "first_come_first_served", "solar_surplus", "self_consumption")
    assert all(planned_eur < runs[name].money.total_eur for name in rules)


def test_the_same_arguments_give_the_same_result() -> None:
    arguments: dict[str, Any] = {
        "recorded": recorded(car("left", 0, 6)),
        "period": period(0.25),
        "policy": "receding_horizon",
        "disturbance": Disturbance(0.03, 0.05, 0.05, seed=7),
    }
    one, again = (simulate(**arguments).model_copy(update={"processor_s": 0.0}) for _ in range(2))
    assert one == again


def test_a_result_is_a_document(runs: dict[str, PolicyRun]) -> None:
    run = runs["self_consumption"]
    assert PolicyRun.model_validate_json(run.model_dump_json()) == run
    assert len(run.energy_wh_by_device["battery"]) == len(run.quarter_starts_s()) == 96


def test_the_bill_is_the_energys_without_a_grid_operator(runs: dict[str, PolicyRun]) -> None:
    bill = runs["uncontrolled"].bills[0]
    assert bill.month == "2026-03"
    assert bill.total_excl_vat_eur == pytest.approx(runs["uncontrolled"].money.energy_eur, abs=0.01)


def test_a_policy_that_is_none_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="hope"):
        simulate(recorded(), period(), "hope")
