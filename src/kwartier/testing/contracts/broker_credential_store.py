"""What a store of broker credentials promises."""

from dataclasses import replace

from kwartier.service.broker_credential import BrokerCredential
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

BROKER_CREDENTIAL_STORE = Promises()


def a_credential(partner_id: str, name: str = "gateway", site_id: str | None = None) -> BrokerCredential:
    """A credential made on Monday."""
    return BrokerCredential(partner_id, f"{partner_id}.{name}", "$7$101$c2FsdA==$aGFzaA==", site_id, MONDAY)


@BROKER_CREDENTIAL_STORE
def credentials_are_listed_by_username(stores: Stores) -> None:
    """With the site that one is bound to."""
    partner_id = a_partner(stores).partner_id
    second, first = a_credential(partner_id, "b"), a_credential(partner_id, "a", "hall")
    stores.broker_credentials.add(second)
    stores.broker_credentials.add(first)
    assert list(stores.broker_credentials.list_all(partner_id)) == [first, second]


@BROKER_CREDENTIAL_STORE
def a_revoked_credential_stays_listed(stores: Stores) -> None:
    """It is revoked once."""
    partner_id = a_partner(stores).partner_id
    credential = a_credential(partner_id)
    stores.broker_credentials.add(credential)
    assert stores.broker_credentials.revoke(partner_id, credential.username, TUESDAY)
    assert not stores.broker_credentials.revoke(partner_id, credential.username, MONDAY)
    assert list(stores.broker_credentials.list_all(partner_id)) == [replace(credential, revoked_at=TUESDAY)]


@BROKER_CREDENTIAL_STORE
def another_partners_credential_is_none(stores: Stores) -> None:
    """Neither listed nor revoked."""
    alpha, beta = a_partner(stores, "alpha").partner_id, a_partner(stores, "beta").partner_id
    credential = a_credential(alpha)
    stores.broker_credentials.add(credential)
    assert list(stores.broker_credentials.list_all(beta)) == []
    assert not stores.broker_credentials.revoke(beta, credential.username, TUESDAY)
