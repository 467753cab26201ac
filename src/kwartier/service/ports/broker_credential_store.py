"""The port to what partners log in to the broker with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kwartier.service.broker_credential import BrokerCredential


class BrokerCredentialStore(Protocol):
    """The broker credentials of one partner at a time."""

    def add(self, credential: BrokerCredential) -> None:
        """Keep a new one; its partner must be known."""
        ...

    def list_all(self, partner_id: str) -> Sequence[BrokerCredential]:
        """All of them by username, revoked ones too."""
        ...

    def revoke(self, partner_id: str, username: str, at: datetime) -> bool:
        """Revoke one for good; False where the partner has none of that name in use."""
        ...
