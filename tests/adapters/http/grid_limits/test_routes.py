"""The routes under /v1/sites/{site_id}/grid-limits, on both databases."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kwartier.planning.request import PlanRequest
from kwartier.service.plan_in_turn import due_sites
from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site

LIMITS = f"/v1/sites/{SITE_ID}/grid-limits"
HEARTBEAT = f"{LIMITS}/heartbeat"
PLANS = f"/v1/sites/{SITE_ID}/plans"
FAILSAFE = {"collector": "main", "offtake_w": 2_000.0}


def limit(service: ServiceCase, **changed: Any) -> dict[str, Any]:
    """4.2 kW of offtake for the next hour."""
    now = service.clock.now()
    end = now + timedelta(hours=1)
    told = {"collector": "main", "start": now.isoformat(), "end": end.isoformat(), "offtake_w": 4_200.0}
    return {**told, **changed}


async def with_site(http: httpx.AsyncClient) -> None:
    """An active site with a fixed price, so that it can be planned without prices of the day."""
    site = example_site(active=True)
    site["configurations"]["contract"] = {
        "contract_type": "fixed",
        "fixed_offtake_cost_per_mwh": 100.0,
        "fixed_injection_cost_per_mwh": 10.0,
    }
    answer = await http.post("/v1/sites", json=site)
    assert answer.status_code == 201, answer.text


async def limits_planned_with(http: httpx.AsyncClient) -> list[tuple[float | None, float]]:
    """Offtake (W) and length (h) of each limit that a plan made now was asked to keep."""
    assert (await http.post(PLANS)).status_code == 201
    answer = await http.get(f"{PLANS}/latest", params={"include": "request"})
    request = PlanRequest.model_validate_json(json.dumps(answer.json()["request"]))
    return [(one.offtake_w, (one.end - one.start).total_seconds() / 3600.0) for one in request.limits]


async def test_limits_are_read_back_and_planned_with(service: ServiceCase) -> None:
    async with service.caller() as http:
        await with_site(http)
        assert (await http.get(LIMITS)).status_code == 404
        sent = await http.put(LIMITS, json={"limits": [limit(service)]})
        assert sent.status_code == 200, sent.text
        assert (await http.get(LIMITS)).json() == sent.json()
        assert sent.json()["limits"][0]["offtake_w"] == 4_200.0
        assert await limits_planned_with(http) == [(4_200.0, 1.0)]


async def test_a_site_is_planned_at_once_when_a_limit_comes(sqlite_service: ServiceCase) -> None:
    service = sqlite_service
    async with service.caller() as http:
        await with_site(http)
        now = service.clock.now()
        partner_id = service.partner_ids["Alpha"]
        number = int(now.timestamp() // 900)
        turn = service.ports.turns.take(partner_id, SITE_ID, number, now, now + timedelta(seconds=30))
        assert turn is not None
        assert service.ports.turns.end(turn)
        service.clock.advance(60.0)
        assert list(due_sites(service.clock.now(), ports=service.ports)) == []
        await http.put(LIMITS, json={"limits": [limit(service)]})
        assert [one.site_id for one in due_sites(service.clock.now(), ports=service.ports)] == [SITE_ID]


async def test_a_past_limit_is_kept_and_not_planned_with(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_site(http)
        soon = (sqlite_service.clock.now() + timedelta(minutes=5)).isoformat()
        await http.put(LIMITS, json={"limits": [limit(sqlite_service, end=soon)]})
        sqlite_service.clock.advance(300.0)
        assert await limits_planned_with(http) == []
        assert len((await http.get(LIMITS)).json()["limits"]) == 1


async def test_silence_brings_the_failsafe_value_until_limits_are_set_again(
    sqlite_service: ServiceCase,
) -> None:
    # R24: a missed heartbeat (120 s) brings the failsafe value, for two hours at least; a heartbeat alone ends nothing.
    clock = sqlite_service.clock
    async with sqlite_service.caller() as http:
        await with_site(http)
        await http.put(LIMITS, json={"limits": [], "failsafe": [FAILSAFE]})
        clock.advance(120.0)
        assert await limits_planned_with(http) == []
        clock.advance(1.0)
        assert await limits_planned_with(http) == [(2_000.0, 2.0)]
        heard = await http.post(HEARTBEAT)
        assert heard.status_code == 200, heard.text
        clock.advance(1.0)
        assert await limits_planned_with(http) == [(2_000.0, 2.0)]
        await http.put(LIMITS, json={"limits": [limit(sqlite_service)], "failsafe": [FAILSAFE]})
        clock.advance(1.0)  # of two plans made in one second either may be the latest
        assert await limits_planned_with(http) == [(4_200.0, 1.0)]


async def test_heartbeats_keep_the_limits(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_site(http)
        await http.put(LIMITS, json={"limits": [], "failsafe": [FAILSAFE]})
        for _ in range(3):
            sqlite_service.clock.advance(100.0)
            assert (await http.post(HEARTBEAT)).status_code == 200
        assert await limits_planned_with(http) == []


async def test_a_heartbeat_without_limits_is_404(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_site(http)
        assert (await http.post(HEARTBEAT)).json()["code"] == "no_grid_limits"


@pytest.mark.parametrize("part", ["limits", "failsafe"])
async def test_a_limit_of_no_collector_is_refused_with_its_place(
    sqlite_service: ServiceCase, part: str
) -> None:
    body: dict[str, Any] = {"limits": [], "failsafe": []}
    body[part] = [limit(sqlite_service) if part == "limits" else dict(FAILSAFE)]
    body[part][0]["collector"] = "nowhere"
    async with sqlite_service.caller() as http:
        await with_site(http)
        answer = await http.put(LIMITS, json=body)
        assert answer.status_code == 422
        assert [one["loc"] for one in answer.json()["detail"]] == [["body", part, 0, "collector"]]
        assert (await http.get(LIMITS)).status_code == 404


async def test_a_limit_of_two_quantities_is_refused(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await with_site(http)
        answer = await http.put(LIMITS, json={"limits": [limit(sqlite_service, current_a=16.0)]})
        assert answer.status_code == 422


async def test_a_site_without_configuration_takes_no_limits(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await http.post("/v1/sites", json=example_site(configurations={}))
        answer = await http.put(LIMITS, json={"limits": [limit(sqlite_service)]})
        assert answer.json()["code"] == "not_plannable"
