"""Revoke a client: neither its secrets nor its tokens open anything any more."""

from dataclasses import dataclass

from kwartier.service.choose_client import choose_client
from kwartier.service.outcomes import SeveralClients, UnknownClient, UnknownPartner
from kwartier.service.partner import Client
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.partner_store import PartnerStore


@dataclass(frozen=True)
class ClientRevoked:
    """The client that was revoked."""

    client_id: str


def revoke_client(
    partner: str, client_id: str | None, *, partners: PartnerStore, clients: ClientStore, clock: Clock
) -> ClientRevoked | UnknownPartner | UnknownClient | SeveralClients:
    """Revoke the client for good; a running service hears of it within `authenticate.KNOWN_FOR_S`."""
    client = choose_client(partner, client_id, partners=partners, clients=clients)
    if not isinstance(client, Client):
        return client
    clients.revoke(client.partner_id, client.client_id, clock.now())
    return ClientRevoked(client.client_id)
