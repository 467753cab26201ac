"""The client has a function for every route, and reads what each of them answers."""

import httpx
import pytest

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.client import AsyncKwartier, Call, ProblemAnswer, identity, sites
from kwartier.service.caller import Scope
from kwartier.site.document import SiteCreateDTO
from tests.adapters.http.objects import UNKNOWN, own_objects
from tests.adapters.http.operations import operations
from tests.client.calls import every_call
from tests.services.service_case import ServiceCase

SHAPES = every_call(UNKNOWN)
CHANGING = [number for number, call in enumerate(SHAPES) if call.method != "GET"]


def title(call: Call[object]) -> str:
    return f"{call.method} {call.path}"


def client_of(service: ServiceCase) -> AsyncKwartier:
    client = service.client(scope=Scope.ADMIN)
    return AsyncKwartier(
        "http://service",
        client.client_id,
        client.client_secret,
        transport=httpx.ASGITransport(service.app, client=("192.0.2.1", 50_000)),
    )


def test_every_route_has_a_function_and_every_function_a_route() -> None:
    assert sorted({title(call) for call in SHAPES}) == sorted(str(one) for one in operations())


def test_what_needs_a_token_is_what_the_description_says() -> None:
    public = {str(one) for one in operations() if one.access.value is None}
    assert {title(call) for call in SHAPES if not call.needs_token} == public


async def test_a_call_that_changes_nothing_reads_its_answer(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller(scope=Scope.ADMIN) as http:
        ids = await own_objects(http, "own")
    async with client_of(sqlite_service) as kwartier:
        for call in every_call(ids):
            # The events go on; their tests listen to them.
            if call.method == "GET" and not call.path.endswith("/events"):
                assert await kwartier.send(call) is not None, title(call)


@pytest.mark.parametrize("number", CHANGING, ids=[title(SHAPES[number]) for number in CHANGING])
async def test_a_call_reads_its_answer(sqlite_service: ServiceCase, number: int) -> None:
    async with sqlite_service.caller(scope=Scope.ADMIN) as http:
        ids = await own_objects(http, "own")
    call = every_call(ids)[number]
    async with client_of(sqlite_service) as kwartier:
        if call.path == "/v1/identity/client-login":
            with pytest.raises(ProblemAnswer, match="invalid_client"):
                await kwartier.send(call)
            return
        answer = await kwartier.send(call)
    assert (answer is None) == (call.method == "DELETE")


async def test_a_login_by_itself_gives_a_token(sqlite_service: ServiceCase) -> None:
    client = sqlite_service.client()
    async with client_of(sqlite_service) as kwartier:
        token = await kwartier.send(identity.log_in(client.client_id, client.client_secret))
    async with sqlite_service.http(token.access_token) as http:
        assert (await http.get("/v1/sites")).status_code == 200


async def test_a_list_is_read_to_its_end_page_by_page(sqlite_service: ServiceCase) -> None:
    names = [f"site-{number}" for number in range(5)]
    async with client_of(sqlite_service) as kwartier:
        for name in names:
            document = SiteCreateDTO.model_validate(EXAMPLE_SITE | {"site_id": name})
            stored = await kwartier.send(sites.create(document))
            assert (stored.site.site_id, stored.etag) == (name, '"1"')
        found = [site.site_id async for site in kwartier.every(sites.list_all(page_size=2))]
    assert found == names


async def test_a_change_can_ask_for_the_revision_that_was_read(sqlite_service: ServiceCase) -> None:
    async with client_of(sqlite_service) as kwartier:
        stored = await kwartier.send(sites.create(EXAMPLE_SITE))
        await kwartier.send(sites.patch(stored.site.site_id, {"name": "Theirs"}))
        with pytest.raises(ProblemAnswer) as refused:
            await kwartier.send(sites.patch(stored.site.site_id, {"name": "Mine"}, etag=stored.etag))
        assert (refused.value.status_code, refused.value.code) == (412, "revision_conflict")
        history = [entry async for entry in kwartier.every(sites.history(stored.site.site_id))]
    assert [entry.revision_number for entry in history] == [2, 1]


async def test_a_model_that_was_read_can_be_sent_back_as_it_is(sqlite_service: ServiceCase) -> None:
    async with client_of(sqlite_service) as kwartier:
        stored = await kwartier.send(sites.create(EXAMPLE_SITE))
        again = await kwartier.send(sites.replace(stored.site.site_id, stored.site))
    assert again.site == stored.site


async def test_a_problem_says_what_is_wrong_and_how_the_log_calls_it(sqlite_service: ServiceCase) -> None:
    async with client_of(sqlite_service) as kwartier:
        with pytest.raises(ProblemAnswer) as refused:
            await kwartier.send(sites.create({"site_id": "a b"}))
    problem = refused.value
    assert (problem.status_code, problem.code) == (422, "invalid")
    assert ["body", "site_id"] in [one["loc"] for one in problem.detail if isinstance(one, dict)]
    assert problem.request_id in str(problem)
