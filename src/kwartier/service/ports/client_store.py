"""The port to the clients of a partner."""

from datetime import datetime
from typing import Protocol

from kwartier.service.partner import Client, ClientSecret


class ClientStore(Protocol):
    """The clients of one partner at a time."""

    def add(self, client: Client) -> None:
        """Keep a new client with its secrets; its partner must be known."""
        ...

    def get(self, partner_id: str, client_id: str) -> Client | None:
        """A client with its secrets, the newest first; None where the partner has no such client."""
        ...

    def list_all(self, partner_id: str) -> list[Client]:
        """All clients of a partner with their secrets, by id."""
        ...

    def add_secret(
        self, partner_id: str, client_id: str, secret: ClientSecret, *, others_expire_at: datetime
    ) -> None:
        """Give a client a new secret; the others stop working at that moment, or before where they do already."""
        ...

    def revoke(self, partner_id: str, client_id: str, at: datetime) -> None:
        """Revoke a client for good; a second time changes nothing."""
        ...
