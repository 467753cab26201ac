"""The distance to the oracle, and its causes."""

import pytest

from kwartier.simulation.result import PolicyRun
from kwartier.simulation.savings.regret import regret
from tests.simulation.savings.runs import run


def runs(**money_eur: float) -> dict[str, PolicyRun]:
    return {name: run(name, money={"energy_eur": eur}) for name, eur in money_eur.items()}


def test_each_cause_is_the_step_to_the_run_without_it_and_all_sum_to_the_regret() -> None:
    found = regret(
        runs(
            uncontrolled=200.0,
            receding_horizon=110.0,
            receding_horizon_perfect=104.0,
            receding_horizon_lent_peak=101.0,
            receding_horizon_any_current=100.5,
            oracle=100.0,
        ),
        "uncontrolled",
    )
    assert found is not None
    assert [(part.causes, part.amount_eur) for part in found.parts] == [
        (["forecasts"], 6.0),
        (["month peak"], 3.0),
        (["integrality"], 0.5),
        (["horizon"], 0.5),
    ]
    assert found.regret_eur == sum(part.amount_eur for part in found.parts) == 10.0
    assert found.share == pytest.approx(0.10)
    assert found.capture_share == pytest.approx(0.90)


def test_causes_that_no_run_tells_apart_are_told_together() -> None:
    found = regret(runs(receding_horizon=110.0, receding_horizon_perfect=104.0, oracle=100.0), "uncontrolled")
    assert found is not None
    assert [(part.causes, part.amount_eur) for part in found.parts] == [
        (["forecasts"], 6.0),
        (["month peak", "integrality", "horizon"], 4.0),
    ]
    assert found.capture_share is None


def test_the_bound_of_the_oracle_counts_and_not_what_its_run_pays() -> None:
    oracle = run("oracle", money={"energy_eur": 100.0}, bound_eur=99.0)
    found = regret(runs(receding_horizon=110.0) | {"oracle": oracle}, "uncontrolled")
    assert found is not None
    assert (found.bound_eur, found.regret_eur) == (99.0, 11.0)


@pytest.mark.parametrize("names", [["receding_horizon"], ["oracle"], ["receding_horizon_perfect", "oracle"]])
def test_without_the_planner_or_the_oracle_there_is_no_regret(names: list[str]) -> None:
    assert regret({name: run(name) for name in names}, "uncontrolled") is None
