"""Give a partner a client: an id and a secret to log in with."""

from dataclasses import dataclass, field

from kwartier.service.caller import Scope
from kwartier.service.outcomes import UnknownPartner
from kwartier.service.partner import SEPARATOR, Client, ClientSecret
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.secret_hasher import SecretHasher


@dataclass(frozen=True)
class ClientCreated:
    """The new client. This is the only moment at which the secret can be read."""

    client_id: str
    client_secret: str = field(repr=False)


def create_client(
    partner: str,
    scope: Scope,
    *,
    partners: PartnerStore,
    clients: ClientStore,
    ids: Ids,
    hasher: SecretHasher,
    clock: Clock,
) -> ClientCreated | UnknownPartner:
    """A new client of the partner with this id or name."""
    found = partners.find(partner)
    if found is None:
        return UnknownPartner()
    at, secret = clock.now(), ids.new_secret()
    client_id = found.partner_id + SEPARATOR + ids.new_id()
    secrets = (ClientSecret(hasher.hashed(secret), at),)
    clients.add(Client(found.partner_id, client_id, scope, at, secrets=secrets))
    return ClientCreated(client_id, secret)
