"""What a store of partners promises."""

from dataclasses import replace

from kwartier.testing.contracts.examples import a_partner
from kwartier.testing.contracts.promises import Promises, Stores

PARTNER_STORE = Promises()


@PARTNER_STORE
def a_partner_is_found_by_id_and_by_name(stores: Stores) -> None:
    """Exactly as it was added."""
    alpha = a_partner(stores)
    assert stores.partners.find(alpha.partner_id) == alpha
    assert stores.partners.find(alpha.name) == alpha
    assert stores.partners.find("nobody") is None


@PARTNER_STORE
def a_name_or_an_id_is_given_once(stores: Stores) -> None:
    """The second partner is not kept."""
    alpha = a_partner(stores)
    assert not stores.partners.add(replace(alpha, partner_id="other"))
    assert not stores.partners.add(replace(alpha, name="Other"))
    assert stores.partners.list_all() == [alpha]


@PARTNER_STORE
def an_id_comes_before_a_name(stores: Stores) -> None:
    """A partner that calls itself by another one's id does not hide that one."""
    alpha = a_partner(stores, "alpha")
    stores.partners.add(replace(alpha, partner_id="aaaa", name="zulu"))
    zulu = a_partner(stores, "zulu")
    assert stores.partners.find("zulu") == zulu


@PARTNER_STORE
def partners_are_listed_by_id(stores: Stores) -> None:
    """All of them."""
    zulu, alpha = a_partner(stores, "zulu"), a_partner(stores, "alpha")
    assert stores.partners.list_all() == [alpha, zulu]
