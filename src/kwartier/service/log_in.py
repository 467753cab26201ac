"""Exchange a client's secret for a short-lived token."""

from dataclasses import dataclass, field
from datetime import timedelta

from kwartier.service.login_backoff import LoginBackoff
from kwartier.service.partner import Client, partner_of
from kwartier.service.ports.access_tokens import AccessTokens, TokenClaims
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.secret_hasher import SecretHasher

TOKEN_LIFE_S = 3600  # contract.md, section 6

# Longer ids and secrets are none of ours, and are not worth the hashing.
LONGEST_CREDENTIAL_LENGTH = 200


@dataclass(frozen=True)
class Credentials:
    """What somebody logs in with, and from which address."""

    client_id: str
    client_secret: str = field(repr=False)
    address: str


@dataclass(frozen=True)
class LoggedIn:
    """The token to call with, and how long it is good."""

    access_token: str = field(repr=False)
    expires_in_s: int


@dataclass(frozen=True)
class BadCredentials:
    """No such client, or not with that secret; which of them is not said."""


@dataclass(frozen=True)
class TooManyFailures:
    """That client failed too often from that address; the next try is allowed after so many seconds."""

    retry_after_s: float


def log_in(
    credentials: Credentials,
    *,
    clients: ClientStore,
    hasher: SecretHasher,
    tokens: AccessTokens,
    clock: Clock,
    backoff: LoginBackoff,
) -> LoggedIn | BadCredentials | TooManyFailures:
    """A token for the client. Slow on purpose: it hashes, also for a client that does not exist."""
    who = f"{credentials.address} {credentials.client_id[:LONGEST_CREDENTIAL_LENGTH]}"
    wait_s = backoff.wait_s(who, clock.monotonic_s())
    if wait_s > 0:
        return TooManyFailures(wait_s)
    client = _client(credentials, clients)
    at = clock.now()
    hashes = [secret.secret_hash for secret in client.secrets if secret.is_alive(at)] if client else []
    is_match = [hasher.is_match(credentials.client_secret, one) for one in hashes or [hasher.no_secret]]
    if client is None or not hashes or not any(is_match):
        backoff.has_failed(who, clock.monotonic_s())
        return BadCredentials()
    claims = TokenClaims(client.client_id, client.scope, at, at + timedelta(seconds=TOKEN_LIFE_S))
    return LoggedIn(tokens.signed(claims), TOKEN_LIFE_S)


def _client(credentials: Credentials, clients: ClientStore) -> Client | None:
    """The client that may log in, revoked ones not."""
    client_id, secret = credentials.client_id, credentials.client_secret
    is_possible = max(len(client_id), len(secret)) <= LONGEST_CREDENTIAL_LENGTH
    if not is_possible or not client_id.isascii() or not client_id.isprintable():
        return None
    client = clients.get(partner_of(client_id), client_id)
    return client if client is not None and client.revoked_at is None else None
