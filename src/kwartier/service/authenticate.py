"""Whose token this is."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from kwartier.service.caller import Caller
from kwartier.service.partner import Client, partner_of
from kwartier.service.ports.access_tokens import AccessTokens, TokenClaims
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.clock import Clock

# A client is looked up again after so long; a revocation elsewhere is heard of by then. R47 allows 60 s.
KNOWN_FOR_S = 5.0
MOST_KNOWN_COUNT = 10_000

T = TypeVar("T")


@dataclass(frozen=True)
class BadToken:
    """No token of this service, an expired one, or one of a revoked client."""


@dataclass(frozen=True)
class NotKnownYet:
    """The store must be asked about the client, which is not for an event loop."""

    claims: TokenClaims


class Authenticator:
    """Tells whose tokens are whose, and remembers clients for a few seconds; safe to use from several threads."""

    def __init__(self, tokens: AccessTokens, clients: ClientStore, clock: Clock) -> None:
        self._tokens, self._clients, self._clock = tokens, clients, clock
        self._known: OrderedDict[str, tuple[float, Client | None]] = OrderedDict()
        self._read_before: OrderedDict[str, TokenClaims] = OrderedDict()
        self._lock = Lock()

    def caller(self, token: str) -> Caller | BadToken | NotKnownYet:
        """Who has this token, as far as memory tells; never waits for the store."""
        claims = self._read(token)
        if claims is None or claims.expires_at <= self._clock.now():
            return BadToken()
        with self._lock:
            known = self._known.get(claims.client_id)
        if known is None or self._clock.monotonic_s() - known[0] >= KNOWN_FOR_S:
            return NotKnownYet(claims)
        return _caller(claims, known[1])

    def _read(self, token: str) -> TokenClaims | None:
        """What a token says. To check a signature costs as much as all else about a measurement; it is done once."""
        with self._lock:
            claims = self._read_before.get(token)
        if claims is None:
            claims = self._tokens.read(token)
            if claims is not None:
                with self._lock:
                    _keep(self._read_before, token, claims)
        return claims

    def caller_from_store(self, claims: TokenClaims) -> Caller | BadToken:
        """Who has the token with these claims, after asking the store; remembered for `KNOWN_FOR_S`."""
        asked_s = self._clock.monotonic_s()
        client = self._clients.get(partner_of(claims.client_id), claims.client_id)
        with self._lock:
            _keep(self._known, claims.client_id, (asked_s, client))
        return _caller(claims, client)


def _keep(memory: OrderedDict[str, T], key: str, value: T) -> None:
    """Remember a value, and forget the oldest one beyond `MOST_KNOWN_COUNT`."""
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > MOST_KNOWN_COUNT:
        memory.popitem(last=False)


def _caller(claims: TokenClaims, client: Client | None) -> Caller | BadToken:
    if client is None or client.revoked_at is not None:
        return BadToken()
    return Caller(client.partner_id, client.client_id, min(claims.scope, client.scope))
