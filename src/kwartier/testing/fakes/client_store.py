"""Clients in memory."""

from dataclasses import replace
from datetime import datetime

from kwartier.service.partner import Client, ClientSecret


class FakeClientStore:
    """Implements `kwartier.service.ports.ClientStore`."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str], Client] = {}

    def add(self, client: Client) -> None:
        """Keep a new client."""
        self._clients[client.partner_id, client.client_id] = client

    def get(self, partner_id: str, client_id: str) -> Client | None:
        """A client with its secrets, the newest first."""
        return self._clients.get((partner_id, client_id))

    def list_all(self, partner_id: str) -> list[Client]:
        """All clients of a partner, by id."""
        own = [client for client in self._clients.values() if client.partner_id == partner_id]
        return sorted(own, key=lambda client: client.client_id)

    def add_secret(
        self, partner_id: str, client_id: str, secret: ClientSecret, *, others_expire_at: datetime
    ) -> None:
        """Give a client a new secret; the others stop working at that moment, or before."""
        client = self._clients[partner_id, client_id]
        others = tuple(
            replace(one, expires_at=min(one.expires_at or others_expire_at, others_expire_at))
            for one in client.secrets
        )
        self._clients[partner_id, client_id] = replace(client, secrets=(secret, *others))

    def revoke(self, partner_id: str, client_id: str, at: datetime) -> None:
        """Revoke a client for good; a second time changes nothing."""
        client = self._clients[partner_id, client_id]
        self._clients[partner_id, client_id] = replace(client, revoked_at=client.revoked_at or at)
