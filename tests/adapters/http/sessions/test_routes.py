"""The routes of sessions and overrides, on both databases."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kwartier.planning.request import PlanRequest
from kwartier.service.plan_in_turn import due_sites
from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site

SESSIONS = f"/v1/sites/{SITE_ID}/sessions"
OVERRIDES = f"/v1/sites/{SITE_ID}/session-overrides"
PLANS = f"/v1/sites/{SITE_ID}/plans"
NAMES = {"asset_id": "pole_1", "transaction_id": "7"}
MINIMUM = NAMES | {"wish": "minimum", "minimum_energy_wh": 9_000.0}


async def with_car(service: ServiceCase, http: httpx.AsyncClient, **told: Any) -> None:
    """A site with a fixed price, and a car that came an hour ago and was measured charging 10 kW for half an hour."""
    site = example_site(active=True)
    site["configurations"]["contract"] = {
        "contract_type": "fixed",
        "fixed_offtake_cost_per_mwh": 100.0,
        "fixed_injection_cost_per_mwh": 10.0,
    }
    assert (await http.post("/v1/sites", json=site)).status_code == 201
    now = service.clock.now()
    message = {
        "siteId": SITE_ID,
        "assetId": "pole_1",
        "transactionId": "7",
        "timestamp": now.isoformat(),
        "transactionState": "Updated",
        "startTime": (now - timedelta(hours=1)).isoformat(),
        "departureTime": (now + timedelta(hours=8)).isoformat(),
        "requestedEnergy": 20_000.0,
        "idTag": "anna",
    }
    assert (await http.post("/v1/transactions", json=message | told)).status_code == 200
    readings = [
        {
            "siteId": SITE_ID,
            "assetId": asset_id,
            "timestamp": (now - timedelta(minutes=minute)).isoformat(),
            "powerValue": power_w,
            "energyValue": 1e6 - power_w * minute / 60.0,
        }
        for asset_id, power_w in (("pole_1", 10_000.0), ("main", 10_000.0), ("roof", -10_000.0))
        for minute in range(30, -1, -5)
    ]
    assert (await http.post("/v1/measurements/batch", json=readings)).status_code == 200


async def planned_session(http: httpx.AsyncClient) -> Any:
    """The session as a plan made now was asked to charge it."""
    assert (await http.post(PLANS)).status_code == 201
    answer = await http.get(f"{PLANS}/latest", params={"include": "request"})
    request = PlanRequest.model_validate_json(json.dumps(answer.json()["request"]))
    return request.transactions[0]


async def test_a_session_says_what_it_got_what_that_cost_and_how_much_was_sun(service: ServiceCase) -> None:
    async with service.caller() as http:
        await with_car(service, http)
        (found,) = (await http.get(SESSIONS)).json()["running"]
    assert found["charged_wh"] == pytest.approx(5_000.0)
    # The roof gave half of the 20 kW that were consumed: 2.5 kWh at 100 EUR/MWh, 2.5 kWh at 10.
    assert found["account"]["sun_ratio"] == pytest.approx(0.5)
    assert found["account"]["cost_eur"] == pytest.approx(0.275)
    assert found["planned"] is None


async def test_a_session_says_whether_it_will_be_ready(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_car(sqlite_service, http, energyCharged=5_000.0)
        assert (await http.post(PLANS)).status_code == 201
        (found,) = (await http.get(SESSIONS)).json()["running"]
    leaves = sqlite_service.clock.now() + timedelta(hours=8)
    assert found["expectation"]["departure"] == leaves.isoformat().replace("+00:00", "Z")
    assert found["expectation"] | {"departure": 0} == {
        "departure": 0,
        "departure_origin": "told",
        "wanted_wh": 20_000.0,
        "wanted_origin": "told",
        "minimum_wh": None,
    }
    assert found["planned"]["is_ready"] is True
    assert found["planned"]["energy_wh"] == pytest.approx(15_000.0, abs=1.0)
    assert found["whole_account"]["energy_wh"] == pytest.approx(20_000.0, abs=1.0)


async def test_what_a_car_does_not_tell_is_said_to_be_predicted(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_car(sqlite_service, http, departureTime=None, requestedEnergy=None)
        (found,) = (await http.get(SESSIONS)).json()["running"]
    origins = found["expectation"]["departure_origin"], found["expectation"]["wanted_origin"]
    assert origins == ("predicted", "predicted")


async def test_a_session_that_is_over_stays_a_day(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_car(sqlite_service, http, transactionState="Ended", energyCharged=4_900.0)
        found = (await http.get(SESSIONS)).json()
        assert (found["running"], [one["charged_wh"] for one in found["ended"]]) == ([], [4_900.0])
    sqlite_service.clock.advance(86_401.0)
    async with sqlite_service.caller() as http:
        assert (await http.get(SESSIONS)).json()["ended"] == []


async def test_a_decision_reaches_the_plan_and_stands_in_the_record(service: ServiceCase) -> None:
    client = service.client()
    async with service.http(service.token(client)) as http:
        await with_car(service, http)
        sent = await http.post(OVERRIDES, json=MINIMUM)
        assert sent.status_code == 201, sent.text
        assert (await planned_session(http)).minimum_energy == 9_000.0
        again = await http.post(OVERRIDES, json=NAMES | {"wish": "as_told"})
        now = service.clock.now().isoformat().replace("+00:00", "Z")
        service.clock.advance(1.0)  # of two plans of one moment none is the later one
        assert (await planned_session(http)).minimum_energy is None
        record = (await http.get(OVERRIDES)).json()["data"]
    assert record == [again.json(), sent.json()]
    assert [(one["override_number"], one["asked_by"], one["asked_at"]) for one in record] == [
        (2, client.client_id, now),
        (1, client.client_id, now),
    ]


async def test_the_record_comes_in_pages(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_car(sqlite_service, http)
        for _ in range(3):
            await http.post(OVERRIDES, json=MINIMUM)
        first = (await http.get(OVERRIDES, params={"page_size": 2})).json()
        rest = (await http.get(OVERRIDES, params={"after": first["end_cursor"]})).json()
        wrong = await http.get(OVERRIDES, params={"after": "bm9uc2Vuc2U"})
    assert [one["override_number"] for one in first["data"] + rest["data"]] == [3, 2, 1]
    assert wrong.json()["code"] == "bad_cursor"


async def test_the_site_is_planned_at_once_when_something_is_decided(sqlite_service: ServiceCase) -> None:
    service = sqlite_service
    async with service.caller() as http:
        await with_car(service, http)
        now = service.clock.now()
        number = int(now.timestamp() // 900)
        until = now + timedelta(seconds=30)
        turn = service.ports.turns.take(service.partner_ids["Alpha"], SITE_ID, number, now, until)
        assert turn is not None
        assert service.ports.turns.end(turn)
        service.clock.advance(60.0)
        service.ports.turns.take(service.partner_ids["Alpha"], SITE_ID, number, service.clock.now(), until)
        service.clock.advance(60.0)
        waiting = list(due_sites(service.clock.now(), ports=service.ports))
        await http.post(OVERRIDES, json=MINIMUM)
        assert waiting == []
        assert [one.site_id for one in due_sites(service.clock.now(), ports=service.ports)] == [SITE_ID]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({"wish": "leave_at"}, ["$.departure_time"]),
        ({"wish": "leave_at", "departure_time": "2026-03-02T06:59:00Z"}, ["$.departure_time"]),
        ({"wish": "leave_at", "departure_time": "2026-05-02T06:59:00Z"}, ["$.departure_time"]),
        ({"wish": "minimum"}, ["$.minimum_energy_wh"]),
        (
            {"wish": "charge_now", "departure_time": "2026-03-02T09:00:00Z", "minimum_energy_wh": 1.0},
            ["$.departure_time", "$.minimum_energy_wh"],
        ),
    ],
)
async def test_what_does_not_fit_its_wish_is_refused_at_every_place(
    sqlite_service: ServiceCase, asked: dict[str, Any], places: list[str]
) -> None:
    # The clock of the tests stands at 2026-03-02T07:00Z.
    async with sqlite_service.caller() as http:
        await with_car(sqlite_service, http)
        answer = await http.post(OVERRIDES, json=NAMES | asked)
        record = (await http.get(OVERRIDES)).json()["data"]
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["detail"]] == places
    assert record == []


@pytest.mark.parametrize("told", [{"transactionId": "8"}, {"transactionState": "Ended"}])
async def test_nothing_is_decided_about_a_session_that_does_not_run(
    sqlite_service: ServiceCase, told: dict[str, str]
) -> None:
    async with sqlite_service.caller() as http:
        await with_car(sqlite_service, http, **told)
        answer = await http.post(OVERRIDES, json=MINIMUM)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_session")
