"""Broker credentials in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kwartier.service.broker_credential import BrokerCredential


class FakeBrokerCredentialStore:
    """Implements `kwartier.service.ports.BrokerCredentialStore`."""

    def __init__(self) -> None:
        self._credentials: dict[tuple[str, str], BrokerCredential] = {}

    def add(self, credential: BrokerCredential) -> None:
        """Keep a new one."""
        self._credentials[credential.partner_id, credential.username] = credential

    def list_all(self, partner_id: str) -> Sequence[BrokerCredential]:
        """All of them by username, revoked ones too."""
        own = [one for (owner, _), one in self._credentials.items() if owner == partner_id]
        return sorted(own, key=lambda one: one.username)

    def revoke(self, partner_id: str, username: str, at: datetime) -> bool:
        """Revoke one for good; False where the partner has none of that name in use."""
        found = self._credentials.get((partner_id, username))
        if found is None or found.revoked_at is not None:
            return False
        self._credentials[partner_id, username] = replace(found, revoked_at=at)
        return True
