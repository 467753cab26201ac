"""A battery that is worth something for standing ready: earlier full, never dearer in a way the plan hides."""

from typing import Any

import numpy as np
import pytest

from kwartier import Plan, PlanRequest, check_plan, plan
from kwartier.testing.hub_requests import hub_request


def _planned(readiness_eur_per_kwh_h: float, *, peaks: bool = True) -> Plan:
    document: dict[str, Any] = hub_request(2, seed=3)
    document["options"] = {"readiness_eur_per_kwh_h": readiness_eur_per_kwh_h}
    if not peaks:
        for name in ("peak_minimization", "negative_peak_minimization"):
            document["site"]["configurations"]["optimization_configuration"][name] = {"active": False}
    request = PlanRequest.model_validate_json(
        PlanRequest.model_validate(document, strict=False).model_dump_json()
    )
    made = plan(request)
    assert check_plan(request, made).violations == []
    return made


def _mean_charge_percent(made: Plan) -> float:
    hours_h = [step.hours for step in made.steps]
    (percent,) = [one.state_of_charge for one in made.devices.values() if one.state_of_charge is not None]
    return float(np.average(np.array(percent, dtype=np.float64), weights=hours_h))


def test_batteries_that_stand_ready_hold_more_and_the_plan_costs_what_it_says() -> None:
    ready, plain = _planned(0.01), _planned(0.0)
    assert _mean_charge_percent(ready) > _mean_charge_percent(plain) + 5.0
    assert ready.money.total >= plain.money.total - 1e-4


def test_where_no_peak_counts_there_is_nothing_to_be_ready_for() -> None:
    ready, plain = (_planned(value, peaks=False) for value in (0.01, 0.0))
    assert _mean_charge_percent(ready) == pytest.approx(_mean_charge_percent(plain))
