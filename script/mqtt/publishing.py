"""A device that publishes readings and waits for their keys, in a process of its own, with little work for each.

It writes MQTT 3.1.1 by hand (OASIS, sections 3.1 to 3.8): a library would take as much of the two cores as the service.
"""

import asyncio
import json
import struct
import time
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import cast

import uvloop

FIRST_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
SITES, ASSETS_PER_SITE = 20, 50
CONNECT, PUBLISH, SUBSCRIBE = 0x10, 0x32, 0x82
PUBACK_KIND, PUBLISH_KIND = 4, 3
TICK_S = 0.005
# What is on its way when the time is over is waited for so long.
LAST_S = 20.0


@dataclass(frozen=True)
class Load:
    """What is published: so long, at a rate, or as fast as keys come back; `first_row` continues earlier loads."""

    port: int
    username: str
    password: str
    partner_id: str
    seconds: float
    rate_per_s: float | None
    first_row: int
    window_rows: int = 2_000


@dataclass(frozen=True)
class Published:
    """What came of a load: milliseconds from publishing each row to having its key back."""

    seconds: float
    sent: int
    latencies_ms: list[float]

    def percentile_ms(self, percent: float) -> float:
        """The time within which so many percent of the keys were back."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def publish(load: Load) -> Published:
    """Publish in a fresh process until the time is over."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_publish, (load,))


def _publish(load: Load) -> Published:
    return uvloop.run(_all(load))


@dataclass
class _Device(asyncio.Protocol):
    load: Load
    transport: asyncio.Transport = field(init=False)
    sent_s: "array[float]" = field(default_factory=lambda: array("d"))
    latencies_ms: list[float] = field(default_factory=list)
    buffer: bytearray = field(default_factory=bytearray)
    is_subscribed: asyncio.Event = field(default_factory=asyncio.Event)
    has_all: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Log in, and listen for the keys."""
        self.transport = cast("asyncio.Transport", transport)
        head = _text("MQTT") + bytes([4, 0xC2]) + struct.pack("!H", 60)
        login = _text(f"bench-{self.load.first_row}") + _text(self.load.username) + _text(self.load.password)
        topics = _text(f"kwartier/{self.load.partner_id}/+/acknowledgements") + b"\0"
        self.transport.write(_packet(CONNECT, head + login) + _packet(SUBSCRIBE, b"\0\1" + topics))

    def data_received(self, data: bytes) -> None:
        """Take whole packets out of what has come."""
        self.buffer += data
        while packet := self._next_packet():
            kind, body = packet
            if kind == PUBLISH_KIND:
                self._keys(body)
            elif kind == 9:
                self.is_subscribed.set()

    def _next_packet(self) -> tuple[int, bytes] | None:
        length, shift, place = 0, 0, 1
        while True:
            if place >= len(self.buffer):
                return None
            length |= (self.buffer[place] & 127) << shift
            shift, place = shift + 7, place + 1
            if self.buffer[place - 1] < 128:
                break
        if len(self.buffer) < place + length:
            return None
        kind, body = self.buffer[0] >> 4, bytes(self.buffer[place : place + length])
        del self.buffer[: place + length]
        return kind, body

    def _keys(self, body: bytes) -> None:
        now_s = time.perf_counter()
        topic_length = int.from_bytes(body[:2])
        for key in json.loads(body[2 + topic_length :])["measurements"]:
            number = round((datetime.fromisoformat(key["timestamp"]) - FIRST_MOMENT).total_seconds())
            self.latencies_ms.append((now_s - self.sent_s[number - self.load.first_row]) * 1000.0)
        if self.is_over and len(self.latencies_ms) >= len(self.sent_s):
            self.has_all.set()

    def send(self, count: int) -> None:
        """Publish so many rows."""
        frames = [self._frame(len(self.sent_s) + index) for index in range(count)]
        now_s = time.perf_counter()
        self.sent_s.extend([now_s] * count)
        self.transport.write(b"".join(frames))

    def _frame(self, index: int) -> bytes:
        number = self.load.first_row + index
        asset = number % (SITES * ASSETS_PER_SITE)
        moment = FIRST_MOMENT + timedelta(seconds=number)
        row = {
            "assetId": f"pole_{asset % ASSETS_PER_SITE}",
            "timestamp": moment.isoformat().replace("+00:00", "Z"),
            "energyValue": 1000.5 + number,
            "powerValue": 7_000.25,
        }
        topic = f"kwartier/{self.load.partner_id}/hub-{asset // ASSETS_PER_SITE}/measurements"
        packet_id = struct.pack("!H", 1 + index % 65_000)
        return _packet(PUBLISH, _text(topic) + packet_id + json.dumps(row, separators=(",", ":")).encode())


async def _all(load: Load) -> Published:
    _, device = await asyncio.get_running_loop().create_connection(
        lambda: _Device(load), "127.0.0.1", load.port
    )
    await asyncio.wait_for(device.is_subscribed.wait(), 10)
    start_s = time.perf_counter()
    while (passed_s := time.perf_counter() - start_s) < load.seconds:
        if load.rate_per_s is None:
            count = load.window_rows - (len(device.sent_s) - len(device.latencies_ms))
        else:
            count = int(passed_s * load.rate_per_s) - len(device.sent_s)
        if count > 0:
            device.send(count)
        await asyncio.sleep(TICK_S)
    device.is_over = True
    device.send(1)  # so that there is a last one to wait for
    with suppress(TimeoutError):
        await asyncio.wait_for(device.has_all.wait(), LAST_S)
    return Published(time.perf_counter() - start_s, len(device.sent_s), device.latencies_ms)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def _packet(kind: int, body: bytes) -> bytes:
    length, encoded = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        encoded.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([kind]) + bytes(encoded) + body
