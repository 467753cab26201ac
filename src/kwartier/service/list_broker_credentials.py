"""Everything that opens the broker."""

from kwartier.service.broker_credential import BrokerCredential
from kwartier.service.ports import BrokerCredentialStore, PartnerStore


def list_broker_credentials(
    *, partners: PartnerStore, credentials: BrokerCredentialStore
) -> list[BrokerCredential]:
    """The credentials in use of all partners, by username; for the broker's files only."""
    return sorted(
        (
            credential
            for partner in partners.list_all()
            for credential in credentials.list_all(partner.partner_id)
            if credential.revoked_at is None
        ),
        key=lambda one: one.username,
    )
