"""Clients that send until the server dies, and remember what it acknowledged."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, islice
from threading import Event

import httpx

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.create_client import ClientCreated
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import from_epoch_s
from tests.durability.stored import SITE, Reading
from tests.services.new_client import CERTIFICATES, logged_in
from tests.services.running_service import RunningService

SIZES = (1, 1, 10, 100, 100)  # of what each client sends at a time (reliability.md, R01)
FIRST_SECOND = 1_740_000_000


class Senders:
    """Five clients; each has its own asset, and sends every reading once unless it was not acknowledged."""

    def __init__(self, client: ClientCreated) -> None:
        self._client = client
        self._readings = [_readings(f"pole_{number}") for number, _ in enumerate(SIZES)]
        self.acknowledged: set[Reading] = set()
        self.sent: set[Reading] = set()

    def log_in(self, service: RunningService) -> httpx.Client:
        """A connection with a token."""
        return logged_in(service.url, self._client)

    def make_site(self, service: RunningService) -> None:
        """The site that all of them send to."""
        with self.log_in(service) as http:
            assert http.post("/v1/sites", json=EXAMPLE_SITE).status_code == 201

    def send_until_killed(self, service: RunningService, kill: Callable[[Event], None]) -> None:
        """Send from all clients; `kill` ends the server, and is told when the first answer is there."""
        has_begun = Event()
        with self.log_in(service) as http, ThreadPoolExecutor(len(SIZES)) as pool:
            token = http.headers["Authorization"]
            for readings, size in zip(self._readings, SIZES, strict=True):
                pool.submit(self._send, service.url, token, readings, size, has_begun)
            kill(has_begun)

    def _send(self, url: str, token: str, readings: Iterator[Reading], size: int, has_begun: Event) -> None:
        headers = {"Authorization": token}
        client = httpx.Client(base_url=url, headers=headers, timeout=20, verify=CERTIFICATES)
        with client as http, suppress(httpx.TransportError):
            while True:
                sent = list(islice(readings, size))
                self.sent |= set(sent)
                rows = [row_of(one) for one in sent]
                address = "/v1/measurements" if size == 1 else "/v1/measurements/batch"
                answer = http.post(address, json=rows[0] if size == 1 else rows)
                answer.raise_for_status()
                self.acknowledged |= set(sent)
                has_begun.set()


def _readings(asset_id: str) -> Iterator[Reading]:
    return (Reading(asset_id, FIRST_SECOND + number) for number in count())


def row_of(reading: Reading) -> dict[str, object]:
    """The reading as it is sent."""
    return {
        "siteId": SITE,
        "assetId": reading.asset_id,
        "timestamp": format_instant(from_epoch_s(reading.second)),
        "energyValue": reading.energy_wh,
        "powerValue": 0,
    }
