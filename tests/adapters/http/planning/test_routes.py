"""POST /v1/planning: what would the plan be?"""

import json
from typing import Any

import pytest

from kwartier import Plan, PlanRequest, plan
from kwartier.adapters.http.planning.example import EXAMPLE_REQUEST
from kwartier.service.plan_record import without_times
from kwartier.testing.fakes.planner import FakePlanner
from tests.services.service_case import ServiceCase

WHAT_IF = "/v1/planning"


async def test_the_answer_is_the_plan_of_the_request(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        answer = await http.post(WHAT_IF, json=EXAMPLE_REQUEST)
    assert answer.status_code == 200, answer.text
    expected = plan(PlanRequest.model_validate(EXAMPLE_REQUEST)).model_dump_json().encode()
    assert without_times(answer.content) == without_times(expected)
    assert Plan.model_validate_json(answer.content).unserved_wh == {"tx-1": 0.0}


async def test_nothing_is_stored(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await http.post(WHAT_IF, json=EXAMPLE_REQUEST)
        assert (await http.get("/v1/sites")).json()["data"] == []
        assert (await http.get("/v1/sites/yard/plans")).status_code == 404


async def test_every_finding_comes_at_once_with_its_path(sqlite_service: ServiceCase) -> None:
    request: dict[str, Any] = json.loads(json.dumps(EXAMPLE_REQUEST))
    request["transactions"][0]["assetId"] = "pole_9"
    request["site"]["configurations"]["site_configuration"]["device_list"][0]["collector"] = "nowhere"
    async with sqlite_service.caller() as http:
        answer = await http.post(WHAT_IF, json=request)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_plannable")
    assert [one["path"] for one in answer.json()["detail"]] == [
        "$.site.configurations.site_configuration.device_list[0].collector",
        "$.transactions[0].assetId",
    ]
    assert answer.json()["detail"][1]["loc"] == ["body", "transactions", 0, "assetId"]


@pytest.mark.parametrize("kind", ["fancy", [None, None], None, 3, {}])
async def test_a_contract_of_no_known_kind_is_a_finding(sqlite_service: ServiceCase, kind: object) -> None:
    # A fuzzer's [null, null] passed the rules and broke the planner.
    request: dict[str, Any] = json.loads(json.dumps(EXAMPLE_REQUEST))
    request["site"]["configurations"]["contract"] = {"contract_type": kind}
    async with sqlite_service.caller() as http:
        answer = await http.post(WHAT_IF, json=request)
    assert answer.status_code == 422
    assert [one["type"] for one in answer.json()["detail"]] == ["enum.unknown"]


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "9999-12-31T23:59:59-14:00"},
        {"at": "2026-03-02T18:00:00"},
        {"at": 1_772_470_800},
        {
            "prices": {
                "start": "2026-03-02T00:00:00Z",
                "offtake_eur_per_mwh": [1e308],
                "injection_eur_per_mwh": [],
            }
        },
        {"state": {"batteries": {"b": {"state_of_charge": 101}}}},
        {"options": {"search_nodes": 10**9}},
        {"options": {"search_nodes": True}},
        {"unknown_canary_field": 1},
        {"transactions": [{"assetId": "canary"}]},
        {"forecasts": {"x": {"start": "2026-03-02T00:00:00Z", "power_w": ["canary"]}}},
    ],
)
async def test_what_has_not_the_shape_is_refused_without_its_values(
    sqlite_service: ServiceCase, changed: dict[str, Any]
) -> None:
    async with sqlite_service.caller() as http:
        answer = await http.post(WHAT_IF, json=EXAMPLE_REQUEST | changed)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert '"canary"' not in answer.text


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 400])
async def test_numbers_that_are_none_are_refused(sqlite_service: ServiceCase, word: str) -> None:
    text = json.dumps(EXAMPLE_REQUEST).replace("22000", word)
    async with sqlite_service.caller() as http:
        answer = await http.post(WHAT_IF, content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert word not in answer.text.replace("NaN is not JSON", "").replace("Infinity is not JSON", "")


async def test_a_full_planner_says_when_to_come_back(sqlite_service: ServiceCase) -> None:
    planner = sqlite_service.ports.planner
    assert isinstance(planner, FakePlanner)
    planner.is_busy = True
    async with sqlite_service.caller() as http:
        answer = await http.post(WHAT_IF, json=EXAMPLE_REQUEST)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
