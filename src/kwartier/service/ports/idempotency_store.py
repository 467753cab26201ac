"""The port to requests that are known by a key of the caller's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class KeptAnswer:
    """What was answered to the first request with a key."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Claimed:
    """The request is the first with its key: carry it out, then `keep` its answer, or `release` the key."""


@dataclass(frozen=True)
class InFlight:
    """The first request with the key has no answer yet."""


@dataclass(frozen=True)
class KeyReused:
    """The key came with another request before."""


@dataclass(frozen=True)
class RequestKey:
    """A key as one partner sent it, and the fingerprint of the request that it stood in."""

    partner_id: str
    key: str
    fingerprint: str


Claim = Claimed | InFlight | KeyReused | KeptAnswer


class IdempotencyStore(Protocol):
    """Remembers keys and answers for each partner."""

    def claim(self, request: RequestKey, now: datetime, *, forgotten: datetime, given_up: datetime) -> Claim:
        """Take a key, or say what became of the request that has it.

        Of the partner's keys those from before `forgotten` are dropped. A claim from before `given_up` without an
        answer is one whose process died: the same request may take it over.
        """
        ...

    def keep(self, request: RequestKey, answer: KeptAnswer) -> None:
        """Store the answer to the request that has claimed the key."""
        ...

    def release(self, request: RequestKey) -> None:
        """Forget a key that was claimed: nothing was done."""
        ...
