"""Planning again from the last basis gives plans as good as planning afresh."""

import json
from datetime import datetime, timedelta
from random import Random

import pytest

from kwartier import PlanRequest, check_plan, plan
from kwartier.planning.replanning import Replanner
from kwartier.testing.hub_requests import hub_request
from kwartier.testing.random_requests import random_request


@pytest.mark.parametrize("tightness", [1.0, 0.3])
def test_a_day_of_quarter_hours_costs_the_same_warm_and_cold(tightness: float) -> None:
    document = hub_request(12, tightness=tightness, seed=3)
    start = datetime.fromisoformat(document["at"])
    for series in (document["forecasts"]["roof"], document["forecasts"]["building"]):
        series["power_w"] = series["power_w"] * 2
    document["day_ahead"]["eur_per_mwh"] = document["day_ahead"]["eur_per_mwh"] * 2
    replanner = Replanner()
    for quarter in range(8):
        document["at"] = (start + timedelta(minutes=15 * quarter)).isoformat()
        request = PlanRequest.model_validate(json.loads(json.dumps(document)))
        cold, warm = plan(request), replanner.plan(request)
        assert check_plan(request, warm).violations == []
        worse = warm.money.total - cold.money.total
        assert worse <= 1e-4 + max(cold.solve.gap, warm.solve.gap, 1e-6) * max(1.0, abs(cold.money.total))
        assert warm.objective.requested_energy_wh == pytest.approx(
            cold.objective.requested_energy_wh, abs=0.1
        )


@pytest.mark.parametrize("block", range(3))
def test_any_site_after_any_other_is_planned_soundly(block: int) -> None:
    replanner = Replanner()
    for seed in range(block * 15, (block + 1) * 15):
        request = PlanRequest.model_validate(random_request(Random(seed)))
        warm = replanner.plan(request)
        assert warm.status != "fallback"
        assert check_plan(request, warm).violations == []


def test_the_same_request_again_changes_nothing() -> None:
    request = PlanRequest.model_validate(hub_request(10))
    replanner = Replanner()
    first, second = replanner.plan(request), replanner.plan(request)
    assert second.money == first.money
    assert second.objective == first.objective
