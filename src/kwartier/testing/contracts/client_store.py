"""What a store of clients promises."""

from dataclasses import replace
from datetime import timedelta

from kwartier.service.partner import ClientSecret
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_client, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

CLIENT_STORE = Promises()


@CLIENT_STORE
def a_client_is_read_back(stores: Stores) -> None:
    """With its secrets and its moments."""
    client = a_client(a_partner(stores))
    stores.clients.add(client)
    assert stores.clients.get(client.partner_id, client.client_id) == client


@CLIENT_STORE
def a_client_belongs_to_its_partner_only(stores: Stores) -> None:
    """Under another partner it does not exist."""
    client = a_client(a_partner(stores, "alpha"))
    stores.clients.add(client)
    other = a_partner(stores, "beta")
    assert stores.clients.get(other.partner_id, client.client_id) is None
    assert stores.clients.list_all(other.partner_id) == []


@CLIENT_STORE
def clients_are_listed_by_id(stores: Stores) -> None:
    """All of one partner."""
    alpha = a_partner(stores)
    two, one = a_client(alpha, "two"), a_client(alpha, "one")
    for client in (two, one):
        stores.clients.add(client)
    assert stores.clients.list_all(alpha.partner_id) == [one, two]


@CLIENT_STORE
def a_new_secret_comes_first_and_lets_the_old_ones_expire(stores: Stores) -> None:
    """One that expires earlier already stays as it is."""
    client = a_client(a_partner(stores))
    stores.clients.add(client)
    keys = client.partner_id, client.client_id
    soon, later = MONDAY + timedelta(hours=1), TUESDAY
    second, third = ClientSecret("hash of two", MONDAY), ClientSecret("hash of three", MONDAY)
    stores.clients.add_secret(*keys, second, others_expire_at=soon)
    stores.clients.add_secret(*keys, third, others_expire_at=later)
    found = stores.clients.get(*keys)
    assert found is not None
    assert found.secrets == (
        third,
        replace(second, expires_at=later),
        replace(client.secrets[0], expires_at=soon),
    )


@CLIENT_STORE
def a_client_is_revoked_once(stores: Stores) -> None:
    """The first moment stays."""
    client = a_client(a_partner(stores))
    stores.clients.add(client)
    for at in (MONDAY, TUESDAY):
        stores.clients.revoke(client.partner_id, client.client_id, at)
    found = stores.clients.get(client.partner_id, client.client_id)
    assert found is not None
    assert found.revoked_at == MONDAY
