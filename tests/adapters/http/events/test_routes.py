"""Listening to a site: what comes, what comes again, and what becomes of those who do not keep up."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import uvicorn

from kwartier.adapters.http.events.broadcast import QUEUE_COUNT, Broadcast
from kwartier.service.announce import announce
from kwartier.service.caller import Scope
from kwartier.service.revoke_client import revoke_client
from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site, measured, prices_from

EVENTS = f"/v1/sites/{SITE_ID}/events"
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Brussels"))
PATIENCE_S = 10.0


class Connection:
    """A client that reads as fast as the test lets it."""

    def __init__(self, send_gate: asyncio.Event | None = None) -> None:
        self.status = 0
        self.text = b""
        self.is_over = False
        self._gone = asyncio.Event()
        self._gate = send_gate

    async def receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if self._gate is not None:
            await self._gate.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"]
            self.is_over = not message.get("more_body", False)

    def go(self) -> None:
        self._gone.set()

    @property
    def events(self) -> list[dict[str, Any]]:
        """What came so far, each with its id and kind."""
        found = []
        for block in self.text.decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "data" in lines:
                found.append({"id": int(lines["id"]), "event": lines["event"], **json.loads(lines["data"])})
        return found


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(
    service: ServiceCase, token: str, *, gate: asyncio.Event | None = None, last_event_id: int | None = None
) -> AsyncIterator[tuple[Connection, "asyncio.Task[None]"]]:
    """A connection to the events of the site, joined."""
    headers = [(b"authorization", f"Bearer {token}".encode())]
    if last_event_id is not None:
        headers.append((b"last-event-id", str(last_event_id).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": EVENTS,
        "raw_path": EVENTS.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 50_000),
        "server": ("service", 80),
    }
    connection = Connection(gate)
    app: Callable[..., Awaitable[None]] = service.app
    count = broadcast_of(service).listener_count
    task: asyncio.Task[None] = asyncio.ensure_future(app(scope, connection.receive, connection.send))
    await until(lambda: broadcast_of(service).listener_count > count or task.done())
    try:
        yield connection, task
    finally:
        connection.go()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(task, return_exceptions=True)


def broadcast_of(service: ServiceCase) -> Broadcast:
    broadcast: Broadcast = service.app.state.broadcast
    return broadcast


async def prepared(service: ServiceCase) -> str:
    """A site that can be planned; a token of its partner."""
    token = service.token(service.client())
    async with service.http(token) as http:
        site = (await http.post("/v1/sites", json=example_site())).json()
        await http.put("/v1/prices/BE", json=prices_from(MIDNIGHT, 1))
    measured(service.ports, site["partner_id"], SITE_ID, service.clock.now())
    return token


def tell(service: ServiceCase, partner: str = "Alpha", **content: Any) -> None:
    announce(
        service.partner_ids[partner],
        SITE_ID,
        "plan_made",
        service.clock.now(),
        content,
        log=service.ports.events,
        channel=service.ports.channel,
    )


async def test_a_plan_that_is_made_is_told_to_everybody_who_listens(service: ServiceCase) -> None:
    token = await prepared(service)
    async with listening(service, token) as (one, _), listening(service, token) as (other, _):
        async with service.http(token) as http:
            plan_id = (await http.post(f"/v1/sites/{SITE_ID}/plans")).json()["plan_id"]
        await until(lambda: len(one.events) == len(other.events) == 1)
    assert one.events == other.events
    event = one.events[0]
    assert (event["event"], event["plan_id"], event["status"]) == ("plan_made", plan_id, "optimal")
    assert (event["site_id"], event["occurred_at"]) == (SITE_ID, "2026-03-02T07:00:00Z")


async def test_a_status_that_changes_is_told_with_what_changed(service: ServiceCase) -> None:
    token = await prepared(service)
    async with listening(service, token) as (connection, _), service.http(token) as http:
        await http.get(f"/v1/sites/{SITE_ID}/validation-status")
        service.clock.advance(600)
        await http.get(f"/v1/sites/{SITE_ID}/validation-status")
        await until(lambda: len(connection.events) >= 2)
    changed = connection.events[-1]["changed"]
    assert changed["ingress_status.receiving_measurement_data"] == {"was": "OK", "is": "WARNING"}


async def test_who_comes_back_gets_what_was_missed_once(service: ServiceCase) -> None:
    token = await prepared(service)
    for number in range(1, 5):
        tell(service, number=number)
    # The site's own news, such as its validation, count too: the ids of those told here go on from them.
    told = service.ports.events.list_after(service.partner_ids["Alpha"], SITE_ID, 0, 100)[-4:]
    second_id = told[1].event_number
    async with listening(service, token, last_event_id=second_id) as (connection, _):
        tell(service, number=5)
        await until(lambda: len(connection.events) >= 3)
    assert [event["number"] for event in connection.events] == [3, 4, 5]
    assert [event["id"] for event in connection.events] == [second_id + 1, second_id + 2, second_id + 3]


async def test_without_an_id_only_news_come(service: ServiceCase) -> None:
    token = await prepared(service)
    tell(service, number=1)
    async with listening(service, token) as (connection, _):
        tell(service, number=2)
        await until(lambda: bool(connection.events))
    assert [event["number"] for event in connection.events] == [2]


async def test_another_partner_hears_nothing_of_it(service: ServiceCase) -> None:
    token = await prepared(service)
    beta = service.token(service.client("Beta"))
    async with service.http(beta) as http:
        await http.post("/v1/sites", json=example_site())
    async with listening(service, token) as (mine, _), listening(service, beta) as (theirs, _):
        tell(service, "Alpha", number=1)
        tell(service, "Beta", number=2)
        await until(lambda: bool(mine.events and theirs.events))
    assert [event["number"] for event in mine.events] == [1]
    assert [event["number"] for event in theirs.events] == [2]


async def test_a_client_that_does_not_read_is_dropped_and_holds_up_nobody(
    sqlite_service: ServiceCase,
) -> None:
    token = await prepared(sqlite_service)
    gate = asyncio.Event()  # never set: the client takes nothing
    count = QUEUE_COUNT + 5
    async with (
        listening(sqlite_service, token) as (quick, _),
        listening(sqlite_service, token, gate=gate) as (slow, task),
    ):
        for number in range(count):
            tell(sqlite_service, number=number)
            await asyncio.sleep(0)
        await until(lambda: len(quick.events) == count)
        await until(task.done)
        assert broadcast_of(sqlite_service).listener_count == 1
    assert slow.text == b""
    assert [event["number"] for event in quick.events] == list(range(count))


async def test_a_client_that_goes_is_forgotten(sqlite_service: ServiceCase) -> None:
    token = await prepared(sqlite_service)
    async with listening(sqlite_service, token):
        assert broadcast_of(sqlite_service).listener_count == 1
    assert broadcast_of(sqlite_service).listener_count == 0


async def test_a_silent_stream_shows_signs_of_life_and_ends_with_its_token(
    sqlite_service: ServiceCase,
) -> None:
    await prepared(sqlite_service)
    client = sqlite_service.client()
    sqlite_service.app.state.heartbeat_s = 0.05
    async with listening(sqlite_service, sqlite_service.token(client)) as (connection, task):
        await until(lambda: connection.text.count(b": here") >= 2)
        revoke_client(
            "Alpha",
            client.client_id,
            partners=sqlite_service.ports.partners,
            clients=sqlite_service.ports.clients,
            clock=sqlite_service.clock,
        )
        sqlite_service.clock.advance(60)  # R47: effective within 60 s
        await until(task.done)
    assert connection.is_over


async def test_a_service_that_stops_ends_its_streams(sqlite_service: ServiceCase) -> None:
    token = await prepared(sqlite_service)
    async with listening(sqlite_service, token) as (connection, task):
        broadcast_of(sqlite_service).close()
        await until(task.done)
    assert connection.is_over
    async with sqlite_service.http(token) as http:
        assert (await http.get(EVENTS)).status_code == 503


@pytest.mark.parametrize("last_event_id", ["-1", "1.5", "abc", "9" * 10, ""])
async def test_an_id_that_was_never_sent_is_refused(sqlite_service: ServiceCase, last_event_id: str) -> None:
    token = await prepared(sqlite_service)
    async with sqlite_service.http(token) as http:
        answer = await http.get(EVENTS, headers={"Last-Event-ID": last_event_id})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_event_id")


async def test_a_site_of_nobody_and_of_another_one_are_alike(sqlite_service: ServiceCase) -> None:
    await prepared(sqlite_service)
    async with sqlite_service.caller("Beta", Scope.READ) as http:
        foreign = await http.get(EVENTS)
        unknown = await http.get("/v1/sites/nowhere/events")
    assert (foreign.status_code, foreign.json()) == (404, unknown.json())


async def test_over_a_real_connection_a_reader_gets_all_and_a_non_reader_is_dropped(
    sqlite_service: ServiceCase,
) -> None:
    token = await prepared(sqlite_service)
    server = uvicorn.Server(
        uvicorn.Config(sqlite_service.app, port=0, log_config=None, ws="none", lifespan="off")
    )
    serving = asyncio.ensure_future(server.serve())
    try:
        await until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        headers = {"Authorization": f"Bearer {token}"}
        # One that asks and then never reads: its kernel buffers fill up, then the server's.
        _reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(f"GET {EVENTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as http,
            http.stream("GET", EVENTS) as answer,
        ):
            await until(lambda: broadcast_of(sqlite_service).listener_count == 2)
            lines = answer.aiter_lines()
            count = 0
            while broadcast_of(sqlite_service).listener_count == 2 and count < 1_000:
                tell(sqlite_service, number=count, padding="x" * 100_000)
                count += 1
                async with asyncio.timeout(PATIENCE_S):
                    while not (await anext(lines)).startswith("data"):
                        pass
            assert broadcast_of(sqlite_service).listener_count == 1
            assert count > QUEUE_COUNT
        writer.close()
    finally:
        broadcast_of(sqlite_service).close()
        server.should_exit = True
        async with asyncio.timeout(PATIENCE_S):
            await serving
