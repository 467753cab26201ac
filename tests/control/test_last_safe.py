import json
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from kwartier import PlanRequest, plan
from kwartier.control.facts import PlanInForce
from kwartier.control.last_safe import CARRIED_STEPS, Refused, carried_on
from kwartier.demo import demo_request_json
from kwartier.planning.check import check_plan
from kwartier.planning.request import GridLimit
from kwartier.testing.random_requests import random_request


def demo_of_one_day() -> PlanRequest:
    """The demo, whose forecasts then reach beyond the horizon of later requests."""
    document = json.loads(demo_request_json())
    document["site"]["configurations"]["optimization_configuration"]["planning_horizon"] = "P1D"
    return PlanRequest.model_validate(document)


DEMO = demo_of_one_day()


@pytest.fixture(scope="module")
def made() -> PlanInForce:
    return PlanInForce(plan(DEMO), DEMO.at)


def later(request: PlanRequest, minutes: float) -> PlanRequest:
    return request.model_copy(update={"at": request.at + timedelta(minutes=minutes)})


@pytest.mark.parametrize("minutes", [0, 1, 15, 37, 60])
def test_an_older_plan_is_carried_on_and_passes_the_check_of_the_present(
    made: PlanInForce, minutes: float
) -> None:
    request = later(DEMO, minutes)
    carried = carried_on(request, made)
    assert isinstance(carried, PlanInForce)
    assert check_plan(request, carried.plan).violations == []
    assert (carried.origin, carried.decided_at) == ("last_safe", DEMO.at)
    assert carried.plan.created_at == request.at


def test_batteries_and_cars_do_what_the_old_plan_said(made: PlanInForce) -> None:
    carried = carried_on(later(DEMO, 15), made)
    assert isinstance(carried, PlanInForce)
    compared = 0
    for name, device in carried.plan.devices.items():
        if device.current_a is not None and device.transaction_id is not None:
            before = made.plan.devices[name]
            assert before.current_a is not None
            for pin, current_a in device.current_a.items():
                # The first step began 15 min into the old plan: the same clock quarter-hours.
                assert current_a[1] in (0.0, pytest.approx(max(before.current_a[pin][2], 0.0)), 6.0)
                compared += current_a[1] > 0.0
    assert compared


def test_after_the_rungs_time_everything_rests(made: PlanInForce) -> None:
    carried = carried_on(DEMO, made)
    assert isinstance(carried, PlanInForce)
    for device in carried.plan.devices.values():
        if device.power_w_per_phase is None:
            assert not any(device.power_w[CARRIED_STEPS:])


def test_a_plan_that_breaks_a_limit_of_the_present_is_refused(made: PlanInForce) -> None:
    configuration = DEMO.site.configurations.site_configuration
    assert configuration is not None
    board_of = {device.name: device.collector for device in configuration.device_list}
    poles = [name for name, device in made.plan.devices.items() if device.transaction_id is not None]
    name, step = next((one, n) for n in range(8) for one in poles if made.plan.devices[one].power_w[n] > 1000)
    request = later(DEMO, 15 * step)
    assert isinstance(carried_on(request, made), PlanInForce)
    most_w = made.plan.devices[name].power_w[step] / 2
    limit = GridLimit(
        collector=board_of[name],
        start=request.at,
        end=request.at + timedelta(hours=2),
        offtake_w=min(most_w, made.plan.collectors[board_of[name]].power_w[step] / 2),
    )
    refused = carried_on(request.model_copy(update={"limits": [limit]}), made)
    assert isinstance(refused, Refused)
    assert board_of[name] in refused.reason


def test_a_car_that_has_left_gets_nothing_and_a_new_one_waits_for_a_plan(made: PlanInForce) -> None:
    first, *others = DEMO.transactions
    renamed = first.model_copy(update={"transaction_id": "another-car"})
    request = DEMO.model_copy(update={"transactions": [renamed, *others]})
    carried = carried_on(request, made)
    assert isinstance(carried, PlanInForce)
    assert not any(carried.plan.devices[first.asset_id].power_w)


def test_a_plan_that_has_ended_is_refused(made: PlanInForce) -> None:
    short = made.plan.model_copy(update={"steps": made.plan.steps[:2]})
    assert carried_on(later(DEMO, 30), replace(made, plan=short)) == Refused("the plan has ended")


@pytest.mark.parametrize("seed", range(8))
def test_of_any_site_the_next_quarter_hours_pass_the_check_or_are_refused(seed: int) -> None:
    request = PlanRequest.model_validate(random_request(Random(seed)))
    before = PlanInForce(plan(request, budget_s=0.2), request.at)
    carried = carried_on(request, before)
    # Against the very facts that it was made for a plan can only be refused for what it drops after six steps.
    if isinstance(carried, PlanInForce):
        assert check_plan(request, carried.plan).violations == []
    assert carried_on(request, replace(before, decided_at=request.at - timedelta(days=9))) is not None
