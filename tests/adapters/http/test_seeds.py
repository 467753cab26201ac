"""What has broken services gets its 4xx from every route that takes a body, and nothing of it comes back (R37)."""

import json
from collections.abc import AsyncIterator

import anyio
import pytest

from kwartier.adapters.http import bodies
from kwartier.adapters.http.bodies import BATCH_LIMIT_BYTES, LIMIT_BYTES
from kwartier.adapters.http.callers import Access
from kwartier.service.caller import Scope
from tests.adapters.http.objects import UNKNOWN, own_objects
from tests.adapters.http.operations import Operation, operations
from tests.fuzz.seed_files import MARK, MEDIA_TYPES, seeds
from tests.services.service_case import ServiceCase

JSON = "application/json"
READING = [one for one in operations() if JSON in one.bodies]
ALL = list(seeds("http"))
BODIES = [seed for seed in ALL if seed.kind in MEDIA_TYPES]
# Takes any JSON object: what is wrong with it is the answer.
JUDGES = {"/v1/site-findings"}
GZIP_BOMB, SLOW = (next(seed for seed in ALL if seed.kind == kind) for kind in ("gzip", "slow"))


def test_there_are_at_least_eighty_seeds_each_with_a_number_and_a_name_of_its_own() -> None:
    numbers, names = zip(*(seed.name.split("-", 1) for seed in ALL), strict=True)
    assert [int(number) for number in numbers] == list(range(1, len(ALL) + 1))
    assert len(set(names)) == len(ALL) >= 80


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_every_seed_is_refused_and_nothing_of_it_is_repeated(
    sqlite_service: ServiceCase, operation: Operation
) -> None:
    wrong: list[str] = []
    async with sqlite_service.caller(scope=Scope.ADMIN) as http:
        own = await own_objects(http, "own")
        before = (await http.get(f"/v1/sites/{own['site_id']}")).content
        for seed in BODIES:
            if not (seed.data or operation.needs_body):
                continue
            headers = {"Content-Type": seed.media_type}
            answer = await http.send(operation.request(http, own, content=seed.data, headers=headers))
            if operation.path in JUDGES and answer.status_code == 200:
                wrong += [seed.name] * answer.json()["is_plannable"]
                continue
            status = 422 if seed.media_type in operation.bodies else seed.status
            if fault := fault_of(status, answer.status_code, answer.text):
                wrong.append(f"{seed.name}: {fault}")
        assert (await http.get(f"/v1/sites/{own['site_id']}")).content == before
    assert wrong == []


def fault_of(expected: int, status: int, text: str) -> str | None:
    if status != expected:
        return f"{status} {text[:200]}"
    if json.loads(text)["status"] != status:
        return "no problem document"
    if MARK in text.replace(f'"body","{MARK}"', ""):
        return f"repeated: {text[:200]}"
    return "a traceback" if "Traceback" in text else None


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(
    sqlite_service: ServiceCase, operation: Operation
) -> None:
    # reliability.md, R39: exactly accepted at the limit, 413 at the limit and one.
    async with sqlite_service.caller(scope=Scope.ADMIN) as http:
        own = await own_objects(http, "own")
        limit_bytes = BATCH_LIMIT_BYTES if operation.path.endswith("/batch") else LIMIT_BYTES
        for size_bytes, status in ((limit_bytes, 422), (limit_bytes + 1, 413)):
            body = b"[" + b" " * (size_bytes - 2) + b"]"
            answer = await http.send(
                operation.request(http, own, content=body, headers={"Content-Type": JSON})
            )
            assert answer.status_code == status


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_a_compressed_body_is_not_opened(sqlite_service: ServiceCase, operation: Operation) -> None:
    async with sqlite_service.caller(scope=Scope.ADMIN) as http:
        own = await own_objects(http, "own")
        headers = {"Content-Type": JSON, "Content-Encoding": "gzip"}
        answer = await http.send(operation.request(http, own, content=GZIP_BOMB.data, headers=headers))
    assert answer.status_code == GZIP_BOMB.status


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_a_body_that_does_not_come_is_not_waited_for(
    sqlite_service: ServiceCase, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield SLOW.data
        await anyio.sleep(20)

    monkeypatch.setattr(bodies, "BODY_PATIENCE_S", 0.05)
    async with sqlite_service.caller(scope=Scope.ADMIN) as http:
        headers = {"Content-Type": JSON}
        answer = await http.send(operation.request(http, UNKNOWN, content=slowly(), headers=headers))
    assert answer.status_code == SLOW.status
    assert MARK not in answer.text


async def test_a_method_that_an_address_does_not_know_is_refused(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        for method in ("TRACE", "DELETE", "BREW"):
            answer = await http.request(method, "/v1/sites")
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
            assert answer.headers["allow"] == "GET, POST"


def test_every_route_that_takes_a_body_asks_for_a_token_first() -> None:
    assert all(one.access is not Access.PUBLIC for one in READING)
