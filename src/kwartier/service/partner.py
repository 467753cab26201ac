"""A partner (the tenant), its clients and their secrets, as the service keeps them."""

from dataclasses import dataclass
from datetime import datetime

from kwartier.service.caller import Scope

# A client's id starts with its partner's, so that a login finds its tenant without searching through others.
SEPARATOR = "."


@dataclass(frozen=True)
class Partner:
    """A tenant. `name` is unique; `partner_id` stands in topics and ids, so it has letters and digits only."""

    partner_id: str
    name: str
    created_at: datetime


@dataclass(frozen=True)
class ClientSecret:
    """One secret of a client, as a hash; with `expires_at` it stops working at that moment."""

    secret_hash: str
    created_at: datetime
    expires_at: datetime | None = None

    def is_alive(self, at: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.expires_at is None or at < self.expires_at


@dataclass(frozen=True)
class Client:
    """A program that calls for a partner; revoked, it never does again."""

    partner_id: str
    client_id: str
    scope: Scope
    created_at: datetime
    revoked_at: datetime | None = None
    secrets: tuple[ClientSecret, ...] = ()


def partner_of(client_id: str) -> str:
    """The partner that a client's id names, known or not.

    >>> partner_of("k7c2m9x4qwer.p3v8b2n6")
    'k7c2m9x4qwer'
    """
    return client_id.partition(SEPARATOR)[0]
