"""Which client of a partner is meant, where only the partner has to be named."""

from kwartier.service.outcomes import SeveralClients, UnknownClient, UnknownPartner
from kwartier.service.partner import Client
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.partner_store import PartnerStore


def choose_client(
    partner: str, client_id: str | None, *, partners: PartnerStore, clients: ClientStore
) -> Client | UnknownPartner | UnknownClient | SeveralClients:
    """The client with this id, or the only one of the partner that is not revoked."""
    found = partners.find(partner)
    if found is None:
        return UnknownPartner()
    in_use = [client for client in clients.list_all(found.partner_id) if client.revoked_at is None]
    meant = [client for client in in_use if client_id in (None, client.client_id)]
    if len(meant) > 1:
        return SeveralClients(tuple(client.client_id for client in meant))
    return meant[0] if meant else UnknownClient()
