"""Take a broker credential back."""

from dataclasses import dataclass

from kwartier.service.partner import partner_of
from kwartier.service.ports import BrokerCredentialStore, Clock


@dataclass(frozen=True)
class BrokerCredentialRevoked:
    """It opens nothing any more as soon as the broker has the new files."""

    username: str


@dataclass(frozen=True)
class UnknownBrokerCredential:
    """There is none of that name in use."""


def revoke_broker_credential(
    username: str, *, credentials: BrokerCredentialStore, clock: Clock
) -> BrokerCredentialRevoked | UnknownBrokerCredential:
    """Revoke it for good; its name says whose it is."""
    partner_id = partner_of(username)
    if partner_id and credentials.revoke(partner_id, username, clock.now()):
        return BrokerCredentialRevoked(username)
    return UnknownBrokerCredential()
