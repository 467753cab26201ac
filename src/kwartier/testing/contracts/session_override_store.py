"""What a store of overridden charging sessions promises."""

from dataclasses import replace

from kwartier.service.session_override import NumberedOverride, SessionKey, SessionOverride
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_draft
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

SESSION_OVERRIDE_STORE = Promises()

SESSION = SessionKey("pole_1", "7")
OVERRIDE = SessionOverride(SESSION, "leave_at", "somebody", MONDAY, departure_time=TUESDAY)
MINIMUM = SessionOverride(SESSION, "minimum", "somebody else", TUESDAY, minimum_energy_wh=12_500.5)


@SESSION_OVERRIDE_STORE
def overrides_are_numbered_per_site_and_read_back_newest_first(stores: Stores) -> None:
    """As they were asked; none is ever replaced."""
    partner = a_site_of_plans(stores)
    stores.sites.create(a_draft(partner, "yard"))
    kept = [stores.session_overrides.add(partner.partner_id, "hall", one) for one in (OVERRIDE, MINIMUM)]
    stores.session_overrides.add(partner.partner_id, "yard", OVERRIDE)
    assert kept == [NumberedOverride(1, OVERRIDE), NumberedOverride(2, MINIMUM)]
    listed = stores.session_overrides.list_before(partner.partner_id, "hall", None, 10)
    assert list(listed) == kept[::-1]
    assert list(stores.session_overrides.list_before(partner.partner_id, "hall", 2, 10)) == kept[:1]
    assert list(stores.session_overrides.list_before(partner.partner_id, "hall", None, 1)) == kept[1:]


@SESSION_OVERRIDE_STORE
def the_one_asked_last_counts_for_each_session(stores: Stores) -> None:
    """A session of the same id at another pole is another one."""
    partner_id = a_site_of_plans(stores).partner_id
    elsewhere = SessionKey("pole_2", "7")
    for one in (OVERRIDE, MINIMUM, replace(OVERRIDE, session=elsewhere)):
        stores.session_overrides.add(partner_id, "hall", one)
    found = stores.session_overrides.latest_of(partner_id, "hall", {SESSION, SessionKey("pole_1", "8")})
    assert found == {SESSION: MINIMUM}
    assert stores.session_overrides.latest_of(partner_id, "hall", set()) == {}


@SESSION_OVERRIDE_STORE
def overrides_of_another_partner_are_none(stores: Stores) -> None:
    """Also of a site of the same name."""
    alpha, beta = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    stores.session_overrides.add(alpha.partner_id, "hall", OVERRIDE)
    assert list(stores.session_overrides.list_before(beta.partner_id, "hall", None, 10)) == []
    assert stores.session_overrides.latest_of(beta.partner_id, "hall", {SESSION}) == {}
