"""GET /v1/sites/{site_id}/validation-status, on both databases (contract.md, section 2)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, a_car, example_site, measured, prices_from

SITE = f"/v1/sites/{SITE_ID}"
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Brussels"))


async def status(http: httpx.AsyncClient) -> dict[str, Any]:
    answer = await http.get(f"{SITE}/validation-status")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def created(http: httpx.AsyncClient, site: dict[str, Any] | None = None) -> str:
    """The example with prices of today; its partner."""
    made = (await http.post("/v1/sites", json=site or example_site())).json()
    await http.put("/v1/prices/BE", json=prices_from(MIDNIGHT, 1))
    partner_id: str = made["partner_id"]
    return partner_id


async def test_before_any_data_what_needs_data_is_unknown(service: ServiceCase) -> None:
    async with service.caller() as http:
        await created(http)
        found = await status(http)
    assert found["site_configuration_status"]["configuration_complete"]["status"] == "UNKNOWN"
    assert found["ingress_status"]["receiving_measurement_data"]["status"] == "UNKNOWN"
    assert (found["status"], found["last_validation"]) == ("UNKNOWN", "2026-03-02T07:00:00Z")


async def test_a_site_that_sends_everything_is_well(service: ServiceCase) -> None:
    async with service.caller() as http:
        measured(service.ports, await created(http), SITE_ID, service.clock.now())
        found = await status(http)
    assert found["status"] == "OK"
    assert found["site_configuration_status"]["configuration_complete"] == {
        "status": "OK",
        "missing_assets": [],
    }


async def test_who_falls_silent_is_named_after_five_minutes_and_is_an_error_after_fifteen(
    service: ServiceCase,
) -> None:
    seen = []
    async with service.caller() as http:
        partner_id = await created(http)
        measured(service.ports, partner_id, SITE_ID, service.clock.now())
        for seconds in (300, 1, 599, 1):
            service.clock.advance(seconds)
            receiving = (await status(http))["ingress_status"]["receiving_measurement_data"]
            seen.append((receiving["status"], receiving["not_receiving_data_from"]))
    assert seen == [
        ("OK", []),
        ("WARNING", ["roof", "battery"]),
        ("WARNING", ["roof", "battery"]),
        ("ERROR", ["roof", "battery"]),
    ]


async def test_a_battery_must_say_its_state_of_charge(service: ServiceCase) -> None:
    async with service.caller() as http:
        partner_id = await created(http)
        now = service.clock.now()
        measured(service.ports, partner_id, SITE_ID, now - timedelta(minutes=10))
        measured(service.ports, partner_id, SITE_ID, now, hours=0, power_w={"roof": -1.0, "main": 1.0})
        receiving = (await status(http))["ingress_status"]["receiving_measurement_data"]
    assert receiving == {"status": "WARNING", "not_receiving_data_from": ["battery"]}


async def test_a_pole_must_send_while_a_car_charges_there(service: ServiceCase) -> None:
    async with service.caller() as http:
        partner_id = await created(http)
        now = service.clock.now()
        measured(service.ports, partner_id, SITE_ID, now)
        service.ports.transactions.keep(partner_id, SITE_ID, a_car(now), now)
        receiving = (await status(http))["ingress_status"]["receiving_measurement_data"]
    assert receiving == {"status": "ERROR", "not_receiving_data_from": ["pole_1"]}


async def test_an_asset_that_sends_and_is_not_configured_is_missing_for_a_day(service: ServiceCase) -> None:
    async with service.caller() as http:
        partner_id = await created(http)
        measured(service.ports, partner_id, SITE_ID, service.clock.now(), power_w={"stranger": 1.0})
        complete = (await status(http))["site_configuration_status"]["configuration_complete"]
        assert complete == {"status": "WARNING", "missing_assets": ["stranger"]}
        service.clock.jump(24 * 3600 + 1)
    async with service.caller() as http:
        complete = (await status(http))["site_configuration_status"]["configuration_complete"]
    assert complete == {"status": "OK", "missing_assets": []}


async def test_prices_that_are_out_and_not_known_are_a_warning(service: ServiceCase) -> None:
    seen = []
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        seen.append((await status(http))["optimization_configuration_status"]["status"])
        await http.put("/v1/prices/BE", json=prices_from(MIDNIGHT, 1))
        seen.append((await status(http))["optimization_configuration_status"]["status"])
    service.clock.jump(6 * 3600)  # 14:00 in Brussels: tomorrow's prices are out
    async with service.caller() as http:
        seen.append((await status(http))["optimization_configuration_status"]["status"])
        await http.put("/v1/prices/BE", json=prices_from(MIDNIGHT, 2))
        seen.append((await status(http))["optimization_configuration_status"]["status"])
    assert seen == ["WARNING", "OK", "WARNING", "OK"]


async def test_since_says_when_each_part_became_what_it_is(service: ServiceCase) -> None:
    async with service.caller() as http:
        measured(service.ports, await created(http), SITE_ID, service.clock.now())
        first = (await status(http))["since"]
        service.clock.advance(600)
        second = (await status(http))["since"]
    assert set(first.values()) == {"2026-03-02T07:00:00Z"}
    changed = {path for path, moment in second.items() if moment == "2026-03-02T07:10:00Z"}
    assert changed == {"status", "ingress_status", "ingress_status.receiving_measurement_data"}


async def test_the_site_shows_the_same_status_and_a_change_of_it_computes_it_anew(
    service: ServiceCase,
) -> None:
    async with service.caller() as http:
        measured(service.ports, await created(http), SITE_ID, service.clock.now())
        found = await status(http)
        found.pop("since")
        assert (await http.get(SITE)).json()["validation_status"] == found
        answer = await http.patch(SITE, json={"configurations": {"optimization_configuration": None}})
    changed = answer.json()["validation_status"]
    assert changed["optimization_configuration_status"]["status"] == "ERROR"
    assert changed["ingress_status"]["receiving_measurement_data"]["status"] == "OK"
