"""The hubs of the benchmark are what their docstring says: loose ones serve every car, tight ones cannot."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kwartier import PlanRequest, check_plan, plan
from kwartier.testing.hub_requests import hub_request

CARS_THERE_ALREADY = [(10, 1), (50, 1), (200, 3)]


def lacking_wh(document: dict[str, Any]) -> float:
    """What all cars together lack in the plan of a request, which the check must find sound."""
    request = PlanRequest.model_validate(document)
    answer = plan(request)
    assert check_plan(request, answer).violations == []
    return sum(answer.unserved_wh.values())


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def rest_of_stay_h(document: dict[str, Any], car: dict[str, Any]) -> float:
    start = max(moment(car["startTime"]), moment(document["at"]))
    return (moment(car["departureTime"]) - start) / timedelta(hours=1)


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize(("poles", "days"), [(10, 1), (10, 3), (50, 1), (50, 2)])
def test_on_a_loose_hub_every_car_gets_what_it_asks(poles: int, days: int, seed: int) -> None:
    # Half a watt-hour over all cars is what the solver's feasibility tolerance leaves.
    assert lacking_wh(hub_request(poles, days, 1.0, seed)) < 0.5


@pytest.mark.parametrize("tightness", [0.3, 0.2])
def test_on_a_tight_hub_some_cars_do_not(tightness: float) -> None:
    assert lacking_wh(hub_request(50, 1, tightness)) > 1_000.0


def test_the_tighter_the_boards_the_more_is_lacking() -> None:
    assert lacking_wh(hub_request(10, 1, 0.2)) > lacking_wh(hub_request(10, 1, 0.3))


@pytest.mark.parametrize("days", [1, 2, 3])
def test_a_day_has_96_steps(days: int) -> None:
    assert len(plan(PlanRequest.model_validate(hub_request(10, days))).steps) == 96 * days


@pytest.mark.parametrize(("poles", "days"), CARS_THERE_ALREADY)
def test_a_car_that_is_there_already_has_charged_and_its_rest_fits(poles: int, days: int) -> None:
    document = hub_request(poles, days)
    there = [car for car in document["transactions"] if moment(car["startTime"]) < moment(document["at"])]
    assert there
    for car in there:
        assert 0 < car["energyCharged"] < car["requestedEnergy"]
        full_power_w = 7_360 if car["noChargingPhases"] == 1 else 22_080
        rest_wh = car["requestedEnergy"] - car["energyCharged"]
        assert rest_wh <= full_power_w * rest_of_stay_h(document, car)


@pytest.mark.parametrize(("poles", "days"), CARS_THERE_ALREADY)
def test_a_car_that_is_still_to_come_has_charged_nothing(poles: int, days: int) -> None:
    document = hub_request(poles, days)
    coming = [car for car in document["transactions"] if moment(car["startTime"]) >= moment(document["at"])]
    assert coming
    assert {car["energyCharged"] for car in coming} == {0}


def test_the_first_of_the_month_differs_in_the_date_and_the_peaks_only() -> None:
    usual, first = hub_request(50), hub_request(50, first_of_month=True)
    assert moment(first["at"]).day == 1
    assert usual["state"].pop("month_peaks")
    assert "month_peaks" not in first["state"]
    assert usual["state"] == first["state"]
    assert usual["site"] == first["site"]
    assert usual["day_ahead"]["eur_per_mwh"] == first["day_ahead"]["eur_per_mwh"]
    asked = [[car["requestedEnergy"] for car in document["transactions"]] for document in (usual, first)]
    assert asked[0] == asked[1]


def test_with_a_peak_to_pay_from_the_first_kilowatt_the_plan_stays_lower() -> None:
    usual, first = (
        plan(PlanRequest.model_validate(hub_request(50, 2, first_of_month=first))) for first in (False, True)
    )
    assert max(first.offtake_w) < 0.8 * max(usual.offtake_w)


@pytest.mark.parametrize("tightness", [1.0, 0.3, 0.2])
@pytest.mark.parametrize("poles", [10, 50, 200])
def test_the_peaks_so_far_went_through_the_fuse_of_the_root(poles: int, tightness: float) -> None:
    document = hub_request(poles, 1, tightness)
    root = document["site"]["configurations"]["site_configuration"]["collector_list"][0]
    peaks = document["state"]["month_peaks"][root["name"]]
    for direction in ("offtake", "injection"):
        by_phase = peaks[f"{direction}_w_per_phase"]
        assert peaks[f"{direction}_w"] == sum(by_phase.values())
        assert all(0 < phase_w <= root["line_current"] * 231 for phase_w in by_phase.values())


def test_a_hub_has_thirteen_collectors_in_three_levels() -> None:
    collectors = hub_request(50)["site"]["configurations"]["site_configuration"]["collector_list"]
    children = {collector["name"]: collector.get("children", []) for collector in collectors}
    assert len(children) == 13
    assert [len(children[board]) for board in children["grid"]] == [3, 3, 3]


def test_a_seed_is_a_hub() -> None:
    assert hub_request(10, seed=3) == hub_request(10, seed=3)
    assert hub_request(10, seed=3) != hub_request(10, seed=4)
