"""What has broken services gets its 4xx from every route that takes a body, and nothing of it comes back (R37)."""

import json

import pytest

from kwartier.adapters.http.bodies import BATCH_LIMIT_BYTES, LIMIT_BYTES
from kwartier.adapters.http.callers import Access
from kwartier.service.caller import Scope
from tests.adapters.http.objects import own_objects
from tests.adapters.http.operations import Operation, operations
from tests.adapters.http.seeds import GZIP_BOMB, JSON, MARK, SEEDS
from tests.services.service_case import ServiceCase

READING = [one for one in operations() if JSON in one.bodies]


def test_there_are_at_least_eighty_seeds_with_names_of_their_own() -> None:
    assert len({seed.name for seed in SEEDS}) == len(SEEDS) >= 80


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_every_seed_is_refused_and_nothing_of_it_is_repeated(
    sqlite_service: ServiceCase, operation: Operation
) -> None:
    wrong: list[str] = []
    async with sqlite_service.caller(scope=Scope.ADMIN) as http:
        own = await own_objects(http, "own")
        before = (await http.get(f"/v1/sites/{own['site_id']}")).content
        for seed in SEEDS:
            if not (seed.body or operation.needs_body):
                continue
            answer = await http.send(
                operation.request(http, own, content=seed.body, headers={"Content-Type": seed.media_type})
            )
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
        answer = await http.send(operation.request(http, own, content=GZIP_BOMB, headers=headers))
    assert answer.status_code == 415


@pytest.mark.parametrize("length", ["2147483648", "9" * 30])
async def test_a_huge_declared_length_is_refused_before_a_byte_is_read(
    sqlite_service: ServiceCase, length: str
) -> None:
    headers = {"Content-Type": JSON, "Content-Length": length}
    async with sqlite_service.caller() as http:
        answer = await http.post("/v1/sites", content=b"", headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    ["/v1/sites/%00", "/v1/sites/%ff", "/v1/sites/" + "a" * 65, "/v1/sites/%ed%a0%80", "/v1/sites/a%0a",
     "/v1/sites/..%2f..%2fetc", "/v1/sites/%F0%9F%92%A9", "/v1/sites/a/history?after=%00", "//", "/v1/sites/",
     "/v1/" + "a" * 10_000],
)  # fmt: skip
async def test_a_strange_address_gets_an_answer(service: ServiceCase, path: str) -> None:
    async with service.caller() as http:
        answer = await http.get(path)
    assert answer.status_code in (400, 404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_headers_up_to_sixteen_kibibytes_are_read(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        assert (await http.get("/v1/sites", headers={"X-Long": "a" * 15_000})).status_code == 200
        answer = await http.get("/v1/sites", headers={"X-Long": "a" * 16_384})
    assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")


async def test_a_method_that_an_address_does_not_know_is_refused(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        for method in ("TRACE", "DELETE", "BREW"):
            answer = await http.request(method, "/v1/sites")
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
            assert answer.headers["allow"] == "GET, POST"


def test_every_route_that_takes_a_body_asks_for_a_token_first() -> None:
    assert all(one.access is not Access.PUBLIC for one in READING)
