"""SIGTERM while clients send: nothing acknowledged is lost, who sends again sees no failure (reliability.md, R54)."""

import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count, islice
from pathlib import Path
from threading import Event, Thread

import httpx

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.create_client import ClientCreated
from tests.durability.senders import row_of
from tests.durability.stored import Reading, stored_readings
from tests.services.new_client import logged_in, new_client
from tests.services.postgres import fresh_database
from tests.services.running_service import RunningService, database_file, running_service

STOPPED_S = 30.0  # reliability.md, R54
SIZES = (1, 20)


class RetryingClient:
    """Sends batch after batch, each until it is acknowledged, by turns to every address that there is."""

    def __init__(self, client: ClientCreated, number: int, addresses: Sequence[str]) -> None:
        self._client, self._addresses, self._size = client, addresses, SIZES[number]
        self._readings = (Reading(f"pole_{number}", second) for second in count(1_740_000_000))
        self._turns = count()
        self._connections: dict[str, httpx.Client] = {}
        self.acknowledged: set[Reading] = set()
        self.statuses: set[int] = set()

    def send_until(self, stop: Event) -> None:
        """Send; the batch that is on its way at the end is seen through."""
        while not stop.is_set():
            batch = list(islice(self._readings, self._size))
            wait_until(partial(self._is_acknowledged, batch))
            self.acknowledged |= set(batch)
        for connection in self._connections.values():
            connection.close()

    def _is_acknowledged(self, batch: list[Reading]) -> bool:
        addresses = tuple(self._addresses)
        address = addresses[next(self._turns) % len(addresses)]
        try:
            if address not in self._connections:
                self._connections[address] = logged_in(address, self._client)
            rows = [row_of(one) for one in batch]
            answer = self._connections[address].post("/v1/measurements/batch", json=rows)
        except httpx.TransportError:
            return False
        self.statuses.add(answer.status_code)
        return answer.is_success


@contextmanager
def sending(client: ClientCreated, addresses: Sequence[str]) -> Iterator[list[RetryingClient]]:
    """Clients that send meanwhile to the addresses, which may change; they end while a service still answers."""
    clients = [RetryingClient(client, number, addresses) for number in range(len(SIZES))]
    stop = Event()
    threads = [Thread(target=one.send_until, args=[stop], daemon=True) for one in clients]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: all(one.acknowledged for one in clients))
        yield clients
    finally:
        stop.set()
        for thread in threads:
            thread.join(40)
    assert not any(thread.is_alive() for thread in threads)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def stop_in_time(service: RunningService) -> None:
    start_s = time.monotonic()
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(timeout=60) == 0
    assert time.monotonic() - start_s <= STOPPED_S


def assert_stored(clients: list[RetryingClient], url: str, client: ClientCreated) -> None:
    stored = stored_readings(url, client.client_id.partition(".")[0])
    sent = set().union(*(one.acknowledged for one in clients))
    assert {one for one in sent if stored.get((one.asset_id, one.second)) != one.energy_wh} == set()
    assert len(stored) == len(sent)
    # 503 is what the description allows; nothing else that says «failed» is seen.
    assert set().union(*(one.statuses for one in clients)) <= {200, 503}


def make_site(address: str, client: ClientCreated) -> None:
    with logged_in(address, client) as http:
        assert http.post("/v1/sites", json=EXAMPLE_SITE).status_code == 201


def test_a_stop_under_load_loses_nothing_and_a_new_start_goes_on(tmp_path: Path) -> None:
    url = database_file(tmp_path)
    client = new_client(url, "Alpha")
    with ExitStack() as stack:
        first = stack.enter_context(running_service(tmp_path))
        make_site(first.url, client)
        addresses = [first.url]
        with sending(client, addresses) as clients:
            stop_in_time(first)
            before = sum(len(one.acknowledged) for one in clients)
            addresses[:] = [stack.enter_context(running_service(tmp_path)).url]
            wait_until(lambda: sum(len(one.acknowledged) for one in clients) > before + sum(SIZES))
    assert_stored(clients, url, client)


def test_two_instances_on_postgresql_are_restarted_one_after_the_other(
    postgres_server: str, tmp_path: Path
) -> None:
    with fresh_database(postgres_server, "rolling") as url, ExitStack() as stack:
        client = new_client(url, "Alpha")

        def instance(name: str) -> RunningService:
            (tmp_path / name).mkdir()
            key = "a key that both instances know: 0123456789"
            return stack.enter_context(
                running_service(tmp_path / name, KWARTIER_DATABASE_URL=url, KWARTIER_SECRET_KEY=key)
            )

        instances = [instance("first"), instance("second")]
        make_site(instances[0].url, client)
        addresses = [one.url for one in instances]
        with sending(client, addresses) as clients:
            for number, old in enumerate(instances):
                stop_in_time(old)
                addresses[:] = [one for one in addresses if one != old.url] + [instance(f"new-{number}").url]
        assert_stored(clients, url, client)


def test_a_second_signal_ends_a_stop_at_once(tmp_path: Path) -> None:
    with (
        running_service(tmp_path) as service,
        socket.create_connection(("127.0.0.1", service.port), timeout=20) as half_sent,
    ):
        half_sent.sendall(
            b"POST /v1/identity/client-login HTTP/1.1\r\nContent-Length: 100\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nAuthorization: Basic YTpi\r\n\r\n"
        )
        time.sleep(0.3)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert service.process.poll() is None  # it waits for the rest of the body
        start_s = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=20) == 128 + signal.SIGTERM
        assert time.monotonic() - start_s < 2
