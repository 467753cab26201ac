"""Clients that post over connections kept open, in a process of their own, with little work for each request.

Bodies are made before the clock starts. An address may have 50 connections (reliability.md, R39), so that more of them
come from several addresses of the loopback network, as they would from several machines.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from time import perf_counter

import uvloop

CONNECTIONS_PER_ADDRESS = 32
FIRST_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
SITES, ASSETS_PER_SITE = 20, 50

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What is posted: by so many connections, for so long, so many rows each; `first_row` continues earlier loads."""

    port: int
    token: str
    connection_count: int
    rows_per_post: int
    seconds: float
    first_row: int
    most_posts: int


@dataclass(frozen=True)
class Posted:
    """What came of a load."""

    seconds: float
    rows: int
    latencies_ms: list[float]
    refused: int

    def percentile_ms(self, percent: float) -> float:
        """The latency that so many percent of the posts were answered within."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def row(number: int) -> dict[str, object]:
    """The reading of this number: one asset after the other, then the next second."""
    asset = number % (SITES * ASSETS_PER_SITE)
    moment = FIRST_MOMENT + timedelta(seconds=number // (SITES * ASSETS_PER_SITE))
    return {
        "siteId": f"hub-{asset // ASSETS_PER_SITE}",
        "assetId": f"pole_{asset % ASSETS_PER_SITE}",
        "timestamp": moment.isoformat().replace("+00:00", "Z"),
        "energyValue": 1000.5 + number,
        "powerValue": 7_000.25,
    }


def post(load: Load) -> Posted:
    """Post in a fresh process until the time is over."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_post, (load,))


def _post(load: Load) -> Posted:
    return uvloop.run(_all(load))


async def _all(load: Load) -> Posted:
    requests = list(_requests(load))
    shares = [requests[index :: load.connection_count] for index in range(load.connection_count)]
    streams = [
        await asyncio.open_connection(
            "127.0.0.1", load.port, local_addr=(f"127.0.0.{1 + index // CONNECTIONS_PER_ADDRESS}", 0)
        )
        for index in range(load.connection_count)
    ]
    start_s = perf_counter()
    found = await asyncio.gather(
        *(_one(*stream, share, start_s + load.seconds) for stream, share in zip(streams, shares, strict=True))
    )
    seconds = perf_counter() - start_s
    latencies_ms = [latency for latencies, _ in found for latency in latencies]
    refused = sum(refused for _, refused in found)
    return Posted(seconds, (len(latencies_ms) - refused) * load.rows_per_post, latencies_ms, refused)


def _requests(load: Load) -> Iterator[bytes]:
    path = "/v1/measurements" if load.rows_per_post == 1 else "/v1/measurements/batch"
    for number in range(load.most_posts):
        first = load.first_row + number * load.rows_per_post
        rows = [row(first + index) for index in range(load.rows_per_post)]
        body = json.dumps(rows[0] if load.rows_per_post == 1 else rows, separators=(",", ":")).encode()
        yield (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {load.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def _one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, requests: list[bytes], end_s: float
) -> tuple[list[float], int]:
    """One connection's posts, one after the other; milliseconds of each, and how many were not answered 200."""
    latencies_ms: list[float] = []
    refused = 0
    for request in requests:
        start_s = perf_counter()
        if start_s >= end_s:
            break
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        await reader.readexactly(int(length[1]) if length else 0)
        latencies_ms.append((perf_counter() - start_s) * 1000.0)
        status = _STATUS.match(head)
        refused += status is None or status[1] != b"200"
    writer.close()
    return latencies_ms, refused
