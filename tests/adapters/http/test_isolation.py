"""The isolation matrix (reliability.md, R43): every operation of the description, called by everybody who may not."""

import asyncio
import os
from random import Random

import httpx
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from kwartier.adapters.http.callers import Access
from kwartier.adapters.http.paging import cursor_of
from kwartier.adapters.sql.tables import metadata
from kwartier.service.caller import Scope
from kwartier.service.revoke_client import revoke_client
from kwartier.testing.fakes.clock import FakeClock
from tests.adapters.http.objects import UNKNOWN, own_objects
from tests.adapters.http.operations import Operation, operations
from tests.services.described import memory_service
from tests.services.service_case import ServiceCase

ALL = list(operations())
PROTECTED = [one for one in ALL if one.access is not Access.PUBLIC]

# reliability.md, R44: 1,000 each change, here half on each database; 10,000 each night.
PROBES_COUNT = 5_000 if os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly" else 500

# What differs between any two answers.
OWN_TO_EACH = {"x-request-id", "date"}


def comparable(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name not in OWN_TO_EACH}
    return answer.status_code, headers, answer.content


async def refused(service: ServiceCase, operation: Operation, token: str | None) -> httpx.Response:
    async with service.http(token) as http:
        return await http.send(operation.request(http, UNKNOWN))


@pytest.fixture(scope="module")
def door() -> ServiceCase:
    """A service over fakes, for whom the one check in front of every route lets in."""
    return memory_service()


def test_the_matrix_has_every_route_under_v1() -> None:
    assert {one.path for one in ALL if one.path.startswith("/v1/")} >= {"/v1/sites", "/v1/sites/{site_id}"}
    assert {str(one) for one in ALL if one.access is Access.PUBLIC} == {
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "POST /v1/identity/client-login",
    }


def test_every_name_in_a_path_has_an_object_to_try_it_with() -> None:
    assert {name for one in ALL for name in one.path_names} == UNKNOWN.keys()


@pytest.mark.parametrize("operation", PROTECTED, ids=str)
async def test_nothing_is_answered_without_a_good_token(door: ServiceCase, operation: Operation) -> None:
    service = door
    client = service.client()
    foreign = ServiceCase(service.app, service.ports, FakeClock(), service.database)
    tokens = [None, "", "garbage", service.token(client) + "x", foreign.token(client, life_s=-1)]
    for token in tokens:
        answer = await refused(service, operation, token)
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", PROTECTED, ids=str)
async def test_a_token_ends_with_its_hour_and_with_its_client(
    door: ServiceCase, operation: Operation
) -> None:
    service = door
    client = service.client(scope=Scope.ADMIN)
    token = service.token(client, Scope.ADMIN)
    assert (await refused(service, operation, token)).status_code != 401
    revoke_client(
        "Alpha",
        client.client_id,
        partners=service.ports.partners,
        clients=service.ports.clients,
        clock=service.clock,
    )
    service.clock.advance(60)  # R47: effective within 60 s
    assert (await refused(service, operation, token)).status_code == 401

    other = service.token(service.client(scope=Scope.ADMIN), Scope.ADMIN)
    assert (await refused(service, operation, other)).status_code != 401
    service.clock.advance(3600)
    assert (await refused(service, operation, other)).status_code == 401


@pytest.mark.parametrize("operation", PROTECTED, ids=str)
async def test_a_scope_that_is_too_narrow_does_nothing_and_every_other_is_let_in(
    door: ServiceCase, operation: Operation
) -> None:
    needed = operation.access.value
    assert needed is not None
    for scope in Scope:
        client = door.client(scope=scope)
        answer = await refused(door, operation, door.token(client, scope))
        assert (answer.status_code == 403) == (scope < needed), scope
        assert answer.status_code != 401
        if scope < needed:
            assert answer.json()["code"] == "forbidden"
            # A token cannot hold more than its client may now.
            forged = await refused(door, operation, door.token(client, Scope.ADMIN))
            assert forged.status_code == 403


async def test_a_route_for_admins_would_let_in_admins_alone(
    door: ServiceCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No route over REST asks for that scope yet; the check in front of all knows it.
    monkeypatch.setitem(door.app.state.access, ("GET", "/v1/sites"), Access.ADMIN)
    statuses = []
    for scope in Scope:
        async with door.caller(scope=scope) as http:
            statuses.append((await http.get("/v1/sites")).status_code)
    assert statuses == [403, 403, 200]


async def test_a_partner_learns_nothing_of_another_one(service: ServiceCase) -> None:
    wrong = []
    async with service.caller("Beta") as beta, service.caller("Alpha") as alpha:
        foreign = await own_objects(beta, "canary-of-beta")
        await own_objects(alpha, "alpha")
        before = await beta.get(f"/v1/sites/{foreign['site_id']}")
        for operation in PROTECTED:
            answer = await alpha.send(operation.request(alpha, foreign))
            if "canary-of-beta" in answer.text or service.partner_ids["Beta"] in answer.text:
                wrong.append(f"{operation} tells of it")
            if operation.names_objects:
                unknown = await alpha.send(operation.request(alpha, UNKNOWN))
                if answer.status_code != 404 or comparable(answer) != comparable(unknown):
                    wrong.append(f"{operation} answers {answer.status_code}, not as for what is unknown")
            after = await beta.get(f"/v1/sites/{foreign['site_id']}")
            if comparable(after) != comparable(before):
                wrong.append(f"{operation} changed it")
    assert wrong == []


async def test_its_own_objects_are_answered(service: ServiceCase) -> None:
    # Without this, a matrix in which everything is refused would pass.
    wrong = []
    async with service.caller("Alpha") as alpha:
        read = await own_objects(alpha, "alpha")
    for number, operation in enumerate(PROTECTED):
        async with service.caller("Alpha", Scope.ADMIN) as alpha:
            # What is changed or removed is of nobody else.
            changes = operation.access is not Access.READ and operation.method != "POST"
            own = await own_objects(alpha, f"alpha-{number}") if changes else read
            body = {}
            if operation.method == "PUT":
                example = operation.bodies["application/json"]["example"]
                body = {"json": example | {name: own[name] for name in example.keys() & own.keys()}}
            if operation.is_endless:
                end_with_the_token(service)
            answer = await alpha.send(operation.request(alpha, own, **body))
            if answer.status_code not in (200, 201, 204):
                wrong.append(f"{operation}: {answer.text}")
    assert wrong == []


def end_with_the_token(service: ServiceCase) -> None:
    """Let an answer that goes on end soon: the token is asked about again, and has ended."""
    service.app.state.heartbeat_s = 0.02
    asyncio.get_running_loop().call_later(0.1, service.clock.advance, 7200)


async def test_probes_with_the_ids_of_a_twin_find_not_a_byte_of_it(service: ServiceCase) -> None:
    # reliability.md, R44: two partners with the same ids and figures; B's texts are canaries. On SQLite nothing but
    # the statements keeps them apart; on PostgreSQL row security does so too, which must not make anything fail.
    random = Random(44)
    reading = [one for one in PROTECTED if one.method == "GET" and not one.is_endless]
    async with service.caller("Alpha") as alpha, service.caller("Beta") as beta:
        own = await own_objects(alpha, "alpha", site_id="twin", bidding_zone="BE")
        twin = await own_objects(beta, "canary-of-beta", site_id="twin", bidding_zone="BE")
        alone = await own_objects(beta, "canary-of-beta-2", site_id="only-of-beta")
        assert own["plan_id"] != twin["plan_id"]
        before = [(await beta.get(path)).content for path in sights(twin)]
        cursors = [cursor_of(key) for key in ("twin", "canary-of-beta", "1", '["roof",0]')]
        with capture_logs() as lines:
            for number in range(PROBES_COUNT):
                operation = random.choice(PROTECTED if number % 2 else reading)
                ids = {
                    name: random.choice([twin[name], alone[name], shuffled(twin[name], random)])
                    for name in own
                }
                if operation.method != "GET" and ids["site_id"] == "twin":
                    ids["site_id"] = alone["site_id"]  # changing what is its own, A would only lose it
                if operation.is_endless and ids["site_id"] == "twin":
                    continue
                query = {"after": random.choice(cursors)} if takes(operation, "after") else {}
                if takes(operation, "format"):
                    query["format"] = random.choice(["json", "csv", "parquet"])
                answer = await alpha.send(operation.request(alpha, ids, params=query))
                assert_nothing_of_beta(f"{answer.headers} {answer.text}", service.partner_ids["Beta"])
                if answer.is_success and "plan_id" in operation.path_names:
                    assert ids["plan_id"] == own["plan_id"]
        figures = await alpha.get("/metrics")
        assert [(await beta.get(path)).content for path in sights(twin)] == before
    assert_nothing_of_beta(f"{figures.headers} {figures.text}", service.partner_ids["Beta"])
    assert_nothing_of_beta(str(lines), service.partner_ids["Beta"])
    assert_nothing_of_beta(stored(service, "Alpha"), service.partner_ids["Beta"])
    # What is searched is there: a line of each answer, and what is kept of both.
    assert sum(line.get("partner_id") == service.partner_ids["Alpha"] for line in lines) > PROBES_COUNT / 2
    assert "canary-of-beta" in stored(service, "Beta")


def stored(service: ServiceCase, partner: str) -> str:
    """All that the database keeps of a partner: documents, jobs, answers to keys, webhooks and what they send."""
    partner_id, rows = service.partner_ids[partner], []
    with service.database.reading(partner_id) as connection:
        for table in metadata.sorted_tables:
            own = table.c.partner_id == partner_id
            rows += [(table.name, *row) for row in connection.execute(select(table).where(own))]
    return str(rows)


def sights(ids: dict[str, str]) -> list[str]:
    """What a partner looks at to see whether anything of its own has changed."""
    site = f"/v1/sites/{ids['site_id']}"
    lists = [
        f"{site}/{name}" for name in ("history", "measurements", "transactions", "session-overrides", "plans")
    ]
    return ["/v1/sites", "/v1/prices/BE", site, *lists]


def shuffled(text: str, random: Random) -> str:
    return "".join(random.sample(text, len(text)))


def takes(operation: Operation, parameter: str) -> bool:
    return any(one["name"] == parameter for one in operation.description.get("parameters", []))


def assert_nothing_of_beta(said: str, partner_id: str) -> None:
    assert "canary-of-beta" not in said
    assert partner_id not in said
