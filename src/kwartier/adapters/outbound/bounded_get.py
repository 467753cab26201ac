"""One GET request that ends: within a time, within a size, without following anybody elsewhere."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import httpx

# reliability.md, R49: what goes out is capped at 10 s and 1 MiB.
DEADLINE_S = 10.0
LIMIT_BYTES = 2**20

# httpx writes every address to its log, and some publishers want their key in the address.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Answer:
    """A whole answer: status and body, whatever the status."""

    status_code: int
    body: bytes


@dataclass(frozen=True)
class TooLarge:
    """The body is larger than what is read; it was not read to its end."""

    limit_bytes: int


@dataclass(frozen=True)
class NoAnswer:
    """Nothing whole came; `reason` names no address."""

    reason: str


GetOutcome: TypeAlias = Answer | TooLarge | NoAnswer


def bounded_get(
    address: str,
    parameters: Mapping[str, str],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    deadline_s: float = DEADLINE_S,
    limit_bytes: int = LIMIT_BYTES,
) -> GetOutcome:
    """The answer to a GET request, in at most `deadline_s` from looking up the name to the last byte.

    A redirect is an answer like another one: following it could lead into the network that this machine stands in.
    Bodies come uncompressed, so that a small one cannot become a large one. Blocks its thread; not for an event loop.
    `transport` is for tests and for machines that reach the network in a way of their own.
    """
    return asyncio.run(_timed(address, parameters, transport, deadline_s, limit_bytes))


async def _timed(
    address: str,
    parameters: Mapping[str, str],
    transport: httpx.AsyncBaseTransport | None,
    deadline_s: float,
    limit_bytes: int,
) -> GetOutcome:
    try:
        async with asyncio.timeout(deadline_s):
            return await _get(address, parameters, transport, limit_bytes)
    except TimeoutError:
        return NoAnswer(f"no whole answer within {deadline_s:g} s")
    except httpx.HTTPError as failed:
        return NoAnswer(type(failed).__name__)


async def _get(
    address: str, parameters: Mapping[str, str], transport: httpx.AsyncBaseTransport | None, limit_bytes: int
) -> GetOutcome:
    headers = {"Accept-Encoding": "identity", "User-Agent": "kwartier"}
    async with (
        httpx.AsyncClient(transport=transport, timeout=None, follow_redirects=False) as client,  # noqa: S113 - see _timed
        client.stream("GET", address, params=dict(parameters), headers=headers) as response,
    ):
        if response.headers.get("content-encoding", "identity") != "identity":
            return NoAnswer("it compresses its answer, unasked")
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > limit_bytes:
                return TooLarge(limit_bytes)
        return Answer(response.status_code, bytes(body))
