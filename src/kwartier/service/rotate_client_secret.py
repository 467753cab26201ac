"""Give a client a new secret, while the old one works for some more time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kwartier.service.choose_client import choose_client
from kwartier.service.outcomes import SeveralClients, UnknownClient, UnknownPartner
from kwartier.service.partner import Client, ClientSecret
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.secret_hasher import SecretHasher


@dataclass(frozen=True)
class SecretRotated:
    """The new secret, which can be read only now, and until when the old ones still work."""

    client_id: str
    old_until: datetime
    client_secret: str = field(repr=False)


def rotate_client_secret(
    partner: str,
    client_id: str | None,
    *,
    overlap: timedelta,
    partners: PartnerStore,
    clients: ClientStore,
    ids: Ids,
    hasher: SecretHasher,
    clock: Clock,
) -> SecretRotated | UnknownPartner | UnknownClient | SeveralClients:
    """A new secret for the client; the old ones work for `overlap` more, so that no program is ever locked out."""
    client = choose_client(partner, client_id, partners=partners, clients=clients)
    if not isinstance(client, Client):
        return client
    at, secret = clock.now(), ids.new_secret()
    clients.add_secret(
        client.partner_id,
        client.client_id,
        ClientSecret(hasher.hashed(secret), at),
        others_expire_at=at + overlap,
    )
    return SecretRotated(client.client_id, at + overlap, secret)
