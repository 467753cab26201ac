"""The routes under /v1/sites/{site_id}/plans, on both databases."""

import json
import random
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from kwartier import Plan, PlanRequest, check_plan, plan
from kwartier.service.plan_record import without_times
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.service.replay_plan import replay_plan
from kwartier.testing.fakes.planner import FakePlanner
from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, a_car, example_site, measured, prices_from

PLANS = f"/v1/sites/{SITE_ID}/plans"
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Brussels"))  # the clock of the tests stands at 08:00


async def filled(service: ServiceCase, http: httpx.AsyncClient, **fields: Any) -> None:
    """A site with prices of today, measurements of a day, and a car."""
    partner_id = await prepared(service, http, **fields)
    measured(service.ports, partner_id, SITE_ID, service.clock.now())


async def prepared(service: ServiceCase, http: httpx.AsyncClient, **fields: Any) -> str:
    """The same without measurements; its partner's id."""
    answer = await http.post("/v1/sites", json=example_site(**fields))
    assert answer.status_code == 201, answer.text
    prices = await http.put("/v1/prices/BE", json=prices_from(MIDNIGHT, 1))
    assert prices.status_code == 200, prices.text
    partner_id: str = answer.json()["partner_id"]
    now = service.clock.now()
    service.ports.transactions.keep(partner_id, SITE_ID, a_car(now), now)
    return partner_id


async def test_a_site_is_planned_from_what_is_stored(service: ServiceCase) -> None:
    async with service.caller() as http:
        await filled(service, http)
        answer = await http.post(PLANS)
    assert answer.status_code == 201, answer.text
    made = Plan.model_validate_json(answer.content)
    assert (made.status, made.site_id, made.created_at) == ("optimal", SITE_ID, service.clock.now())
    assert made.unserved_wh == {"tx-1": 0.0}
    assert made.devices["battery"].state_of_charge is not None
    assert made.devices["roof"].power_w[0] == pytest.approx(-8_000.0)
    sources = [warning.partition(":")[0] for warning in made.warnings]
    assert "roof" in sources
    assert any("prices from 2026-03-02T23:00:00Z on are an estimate" in warning for warning in made.warnings)


async def test_a_plan_is_read_back_to_the_byte_by_its_id_and_as_the_latest(service: ServiceCase) -> None:
    async with service.caller() as http:
        await filled(service, http)
        made = (await http.post(PLANS)).content
        plan_id = json.loads(made)["plan_id"]
        assert (await http.get(f"{PLANS}/latest")).content == made
        assert (await http.get(f"{PLANS}/{plan_id}")).content == made


async def test_the_stored_request_gives_the_stored_plan_again(service: ServiceCase) -> None:
    # R27 and issue 5: any plan can be replayed to the same bytes, the times of the solver's work aside.
    async with service.caller() as http:
        await filled(service, http)
        await http.post(PLANS)
        answer = (await http.get(f"{PLANS}/latest", params={"include": "request"})).json()
    request = PlanRequest.model_validate_json(json.dumps(answer["request"]))
    again = plan(request).model_dump(mode="json")
    stored = answer["plan"]
    assert stored["warnings"] == [*again["warnings"], *answer["notes"]]
    for document in (again, stored):
        document["warnings"] = []
    texts = [without_times(json.dumps(document).encode()) for document in (again, stored)]
    assert texts[0] == texts[1]
    assert check_plan(request, Plan.model_validate_json(json.dumps(stored))).violations == []

    record = service.ports.plans.latest(service.partner_ids["Alpha"], SITE_ID)
    assert record is not None
    assert replay_plan(record, plan).is_same
    without = record.request.model_copy(update={"transactions": []})
    other = replay_plan(record, lambda _, previous=None: plan(without, previous=previous))
    assert not other.is_same


async def test_in_whatever_order_a_days_readings_come_the_plan_is_the_same(
    sqlite_service: ServiceCase,
) -> None:
    # reliability.md, R05: the readings of another partner's same site in a random order, some of them twice.
    service, dice = sqlite_service, random.Random(5)
    async with service.caller("Alpha") as alpha, service.caller("Beta") as beta:
        await filled(service, alpha)
        stored = service.ports.measurements.list_after(
            service.partner_ids["Alpha"], SITE_ID, None, Span(0, 2**62), None, 10_000
        )
        partner_id = await prepared(service, beta)
        rows = [one.row._replace(partner_id=partner_id) for one in stored]
        rows += dice.sample(rows, len(rows) // 10)
        dice.shuffle(rows)
        while rows:
            sent, rows = rows[: (count := dice.randint(1, 50))], rows[count:]
            written = service.ports.measurement_writer.submit(sent)
            assert not isinstance(written, QueueFull)
            assert set(written.result(30)) <= {"stored", "unchanged"}
        told = [await planned(http) for http in (alpha, beta)]
    assert told[0] == told[1]


async def planned(http: httpx.AsyncClient) -> tuple[Any, bytes]:
    """A plan's request and its bytes, but for what bears the partner's name."""
    await http.post(PLANS)
    answer = (await http.get(f"{PLANS}/latest", params={"include": "request"})).json()
    plan_id, text = answer["plan"]["plan_id"], json.dumps(answer["plan"])
    return answer["request"], without_times(text.replace(plan_id, "").encode())


async def test_the_same_request_is_planned_once(service: ServiceCase) -> None:
    async with service.caller() as http:
        await filled(service, http)
        first = await http.post(PLANS)
        second = await http.post(PLANS, json={})
        assert (first.status_code, second.status_code) == (201, 200)
        assert second.content == first.content
        assert len((await http.get(PLANS)).json()["data"]) == 1


async def test_plans_are_listed_latest_first_in_pages(service: ServiceCase) -> None:
    ids = []
    async with service.caller() as http:
        await filled(service, http)
        for _ in range(3):
            ids.append((await http.post(PLANS)).json()["plan_id"])
            service.clock.advance(60)
        page = (await http.get(PLANS, params={"page_size": 2})).json()
        assert [one["plan_id"] for one in page["data"]] == ids[:0:-1]
        assert page["data"][0]["status"] == "optimal"
        assert page["data"][0]["is_safe"] is True
        rest = (await http.get(PLANS, params={"page_size": 2, "after": page["end_cursor"]})).json()
    assert ([one["plan_id"] for one in rest["data"]], rest["has_next_page"]) == (ids[:1], False)


async def test_a_cursor_of_another_list_is_refused(service: ServiceCase) -> None:
    async with service.caller() as http:
        await filled(service, http)
        cursor = (await http.get("/v1/sites")).json()["end_cursor"]
        answer = await http.get(PLANS, params={"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_options_are_followed(service: ServiceCase) -> None:
    async with service.caller() as http:
        await filled(service, http)
        quarters = (await http.post(PLANS, json={"options": {"resolution": "PT15M"}})).json()
        hours = (await http.post(PLANS)).json()
    assert len(quarters["steps"]) == 2 * 96  # P2D from a full hour on
    assert len(hours["steps"]) == 12 * 4 + 36


async def test_without_known_prices_a_dynamic_contract_is_not_planned_and_says_why(
    service: ServiceCase,
) -> None:
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        answer = await http.post(PLANS)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_plannable")
    [detail] = answer.json()["detail"]
    assert (detail["type"], detail["path"]) == ("series.gap", "$.day_ahead.eur_per_mwh")


async def test_a_document_with_errors_is_not_planned_and_every_one_is_named(service: ServiceCase) -> None:
    site = example_site()
    for device in site["configurations"]["site_configuration"]["device_list"][:2]:
        device["collector"] = "nowhere"
    async with service.caller() as http:
        await http.post("/v1/sites", json=site)
        answer = await http.post(PLANS)
    assert answer.status_code == 409
    assert [one["loc"][-2:] for one in answer.json()["detail"]] == [[0, "collector"], [1, "collector"]]


async def test_a_full_planner_says_when_to_come_back(sqlite_service: ServiceCase) -> None:
    planner = sqlite_service.ports.planner
    assert isinstance(planner, FakePlanner)
    planner.is_busy = True
    async with sqlite_service.caller() as http:
        await filled(sqlite_service, http)
        answer = await http.post(PLANS)
    assert (answer.status_code, answer.json()["code"]) == (503, "planner_busy")
    assert answer.headers["retry-after"] == "7"


async def test_prices_that_came_after_the_moment_of_a_plan_are_not_in_it(service: ServiceCase) -> None:
    async with service.caller() as http:
        await filled(service, http)
        service.clock.advance(1800)
        tomorrow = MIDNIGHT + timedelta(days=1)
        await http.put("/v1/prices/BE", json=prices_from(tomorrow, 1))
        service.clock.jump(-900)
        before = (await http.post(PLANS)).json()
        service.clock.jump(1800)
        after = (await http.post(PLANS)).json()
    words = "prices from {} on are an estimate"
    assert words.format("2026-03-02T23:00:00Z") in before["warnings"]
    assert words.format("2026-03-03T23:00:00Z") in after["warnings"]


async def test_a_plan_of_another_partner_or_site_is_unknown(service: ServiceCase) -> None:
    async with service.caller("Alpha") as alpha, service.caller("Beta") as beta:
        await filled(service, alpha)
        plan_id = (await alpha.post(PLANS)).json()["plan_id"]
        await filled(service, beta)
        foreign = await beta.get(f"{PLANS}/{plan_id}")
        unknown = await beta.get(f"{PLANS}/{'0' * 32}")
        assert (foreign.status_code, foreign.json()) == (404, unknown.json())
        await alpha.post("/v1/sites", json=example_site(site_id="other"))
        assert (await alpha.get(f"/v1/sites/other/plans/{plan_id}")).status_code == 404
        assert (await alpha.get("/v1/sites/other/plans/latest")).json()["code"] == "unknown_plan"
        assert (await alpha.get("/v1/sites/nowhere/plans/latest")).json()["code"] == "unknown_site"
