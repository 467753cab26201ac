"""A request that is sent again with the same Idempotency-Key is carried out once (reliability.md, R16)."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.remember_answer import GIVEN_UP_AFTER, REMEMBERED_FOR, claim_key, request_key
from tests.services.service_case import ServiceCase

KEYED = {"Idempotency-Key": "0b5f0d6e-4f0c-4f55-9d7c-0d1f6f0f8a11"}


def a_site(name: str = "hall") -> dict[str, object]:
    return {**EXAMPLE_SITE, "site_id": name}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_same_request_gets_its_first_answer(service: ServiceCase) -> None:
    async with service.caller() as http:
        first = await http.post("/v1/sites", json=a_site(), headers=KEYED)
        again = await http.post("/v1/sites", json=a_site(), headers=KEYED)
        without = await http.post("/v1/sites", json=a_site())
    assert first.status_code == again.status_code == 201
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert code(without) == (409, "site_exists")


async def test_many_at_once_make_one(service: ServiceCase) -> None:
    async with service.caller() as http:
        sent = [http.post("/v1/sites", json=a_site(), headers=KEYED) for _ in range(10)]
        answers = await asyncio.gather(*sent)
        last = await http.post("/v1/sites", json=a_site(), headers=KEYED)
    made = {answer.content for answer in answers if answer.status_code == 201}
    others = {code(answer) for answer in answers if answer.status_code != 201}
    assert made == {last.content}
    assert others <= {(409, "in_flight")}


async def test_another_request_cannot_use_the_key(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await http.post("/v1/sites", json=a_site(), headers=KEYED)
        other_body = await http.post("/v1/sites", json=a_site("other"), headers=KEYED)
        other_address = await http.post("/v1/sites/hall/plans", headers=KEYED)
        stored = await http.get("/v1/sites")
    assert code(other_body) == code(other_address) == (422, "key_reused")
    assert [site["site_id"] for site in stored.json()["data"]] == ["hall"]


async def test_a_request_in_flight_is_not_carried_out_again(sqlite_service: ServiceCase) -> None:
    ports, clock = sqlite_service.ports, sqlite_service.clock
    async with sqlite_service.caller() as http:
        request = http.build_request("POST", "/v1/sites", json=a_site(), headers=KEYED)
        caller = sqlite_service.app.state.authenticator.caller
        await http.get("/v1/sites")  # makes the caller known
        own = request_key(caller(request.headers["Authorization"][7:]), KEYED["Idempotency-Key"], "POST /v1/sites",
                          request.content)  # fmt: skip
        claim_key(own, idempotency=ports.idempotency, clock=clock)
        waiting = await http.send(request)
        clock.advance(GIVEN_UP_AFTER.total_seconds() + 1)
        taken_over = await http.post("/v1/sites", content=request.content, headers=dict(request.headers))
    assert code(waiting) == (409, "in_flight")
    assert int(waiting.headers["Retry-After"]) >= 1
    assert taken_over.status_code == 201


async def test_what_was_refused_is_judged_anew(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        wrong = await http.post("/v1/sites", json={"site_id": "hall", "wrong": 1}, headers=KEYED)
        right = await http.post("/v1/sites", json=a_site(), headers=KEYED)
    assert (wrong.status_code, right.status_code) == (422, 201)


async def test_a_key_is_remembered_for_a_day_at_least(sqlite_service: ServiceCase) -> None:
    assert timedelta(hours=24) <= REMEMBERED_FOR
    async with sqlite_service.caller() as http:
        first = await http.post("/v1/sites", json=a_site(), headers=KEYED)
        token = http.headers["Authorization"]
        sqlite_service.clock.advance(24 * 3600)
    async with sqlite_service.caller() as http:
        assert http.headers["Authorization"] != token
        again = await http.post("/v1/sites", json=a_site(), headers=KEYED)
    assert again.content == first.content


async def test_a_key_of_another_partner_is_another_key(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller("Alpha") as alpha, sqlite_service.caller("Beta") as beta:
        first = await alpha.post("/v1/sites", json=a_site(), headers=KEYED)
        other = await beta.post("/v1/sites", json=a_site("own"), headers=KEYED)
    assert (first.json()["site_id"], other.json()["site_id"]) == ("hall", "own")


@pytest.mark.parametrize("key", ["", "a b", "é", "k" * 201])
async def test_a_key_that_is_none_is_refused(key: str, sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        answer = await http.post(
            "/v1/sites", json=a_site(), headers=[(b"Idempotency-Key", key.encode("latin-1"))]
        )
    assert code(answer) == (400, "bad_key")
