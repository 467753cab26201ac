"""GET /v1/sites/{site_id}/setpoints, on both databases."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from kwartier.units.instant import parse_instant
from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, a_car, example_site, measured, prices_from

SITE = f"/v1/sites/{SITE_ID}"
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Brussels"))


async def planned(service: ServiceCase, http: httpx.AsyncClient) -> dict[str, Any]:
    """A site with a car, planned now; the plan."""
    site = (await http.post("/v1/sites", json=example_site())).json()
    await http.put("/v1/prices/BE", json=prices_from(MIDNIGHT, 1))
    now = service.clock.now()
    measured(service.ports, site["partner_id"], SITE_ID, now)
    service.ports.transactions.keep(site["partner_id"], SITE_ID, a_car(now), now)
    plan: dict[str, Any] = (await http.post(f"{SITE}/plans")).json()
    return plan


async def setpoints(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await http.get(f"{SITE}/setpoints")
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


async def test_devices_are_told_the_first_step_of_the_plan_for_five_minutes(service: ServiceCase) -> None:
    async with service.caller() as http:
        plan = await planned(service, http)
        told = {one["assetId"]: one for one in await setpoints(http)}
    now = service.clock.now()
    assert told.keys() == {"pole_1", "fast_1", "battery"}
    pole, battery = told["pole_1"], told["battery"]
    assert (pole["planId"], pole["rung"]) == (plan["plan_id"], "optimal")
    assert pole["maxCurrent"] == max(values[0] for values in plan["devices"]["pole_1"]["current_a"].values())
    assert battery["power"] == plan["devices"]["battery"]["power_w"][0]
    assert parse_instant(pole["validFrom"]) == now
    assert parse_instant(pole["validUntil"]) == now + timedelta(minutes=5)
    # Two poles of 32 A and 50 kW (72 A) on 250 A: each has its rating, and the battery idles.
    assert pole["fallbackCurrent"] == 32.0
    assert told["fast_1"]["fallbackPower"] == 50_000.0
    assert battery["fallbackPower"] == 0.0


async def test_when_the_plan_has_run_out_the_floor_holds(service: ServiceCase) -> None:
    async with service.caller() as http:
        await planned(service, http)
        service.clock.jump(49 * 3600)  # the horizon is P2D
    async with service.caller() as http:
        told = await setpoints(http)
    assert {one["rung"] for one in told} == {"floor"}
    assert {one["planId"] for one in told} == {None}


async def test_a_site_that_was_never_planned_is_on_the_floor(service: ServiceCase) -> None:
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        assert {one["rung"] for one in await setpoints(http)} == {"floor"}


async def test_a_plan_that_breaks_a_limit_that_was_lowered_since_is_not_followed(
    service: ServiceCase,
) -> None:
    async with service.caller() as http:
        await planned(service, http)
        site = example_site()
        site["configurations"]["site_configuration"]["collector_list"][0]["line_current"] = 8
        assert (await http.put(SITE, json=site)).status_code == 200
        told = await setpoints(http)
    assert {one["rung"] for one in told} == {"floor"}


async def test_a_change_that_touches_no_limit_leaves_the_plan_in_force(service: ServiceCase) -> None:
    async with service.caller() as http:
        plan = await planned(service, http)
        await http.patch(SITE, json={"name": "Another name"})
        told = await setpoints(http)
    assert {one["planId"] for one in told} == {plan["plan_id"]}


async def test_a_site_with_errors_has_no_setpoints(service: ServiceCase) -> None:
    site = example_site()
    site["configurations"]["site_configuration"]["device_list"][0]["collector"] = "nowhere"
    async with service.caller() as http:
        await http.post("/v1/sites", json=site)
        answer = await http.get(f"{SITE}/setpoints")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_plannable")


async def test_a_load_that_could_take_all_is_warned_of(service: ServiceCase) -> None:
    site = example_site()
    devices = site["configurations"]["site_configuration"]["device_list"]
    devices[2] |= {"forecast_type": "load", "line_current": 400}
    async with service.caller() as http:
        await http.post("/v1/sites", json=site)
        answer = (await http.get(f"{SITE}/setpoints")).json()
    assert [one["fallbackCurrent"] for one in answer["data"] if one["assetId"] == "pole_1"] == [0.0]
    assert len(answer["warnings"]) == 1
    assert answer["warnings"][0].startswith("main: ")
