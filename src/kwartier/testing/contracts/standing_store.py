"""What a store of standings promises."""

from dataclasses import replace
from datetime import timedelta

from kwartier.control.setpoint import Setpoint
from kwartier.service.dispatching.standing import SiteStanding, StoodOn
from kwartier.testing.contracts.examples import TUESDAY, a_draft
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

STANDING_STORE = Promises()

SETPOINT = Setpoint(
    asset_id="pole",
    plan_id=None,
    valid_from=TUESDAY,
    valid_until=TUESDAY + timedelta(minutes=5),
    max_current=6.0,
    fallback_current=6.0,
    rung="floor",
    reason="no plan",
)
STANDING = SiteStanding(TUESDAY, "floor", "no plan", (SETPOINT,))


@STANDING_STORE
def the_last_standing_is_read_back(stores: Stores) -> None:
    """With its setpoints."""
    partner_id = a_site_of_plans(stores).partner_id
    assert stores.standings.get(partner_id, "hall") is None
    stores.standings.keep(partner_id, "hall", STANDING)
    assert stores.standings.get(partner_id, "hall") == STANDING
    later = replace(STANDING, rung="stop", setpoints=())
    stores.standings.keep(partner_id, "hall", later)
    assert stores.standings.get(partner_id, "hall") == later


@STANDING_STORE
def a_standing_of_another_partner_is_none(stores: Stores) -> None:
    """Also of a site of the same name."""
    alpha, beta = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    stores.standings.keep(alpha.partner_id, "hall", STANDING)
    assert stores.standings.get(beta.partner_id, "hall") is None
    assert stores.standings.list_rungs(beta.partner_id) == {}


@STANDING_STORE
def the_rungs_of_all_sites_are_listed(stores: Stores) -> None:
    """Those that were ever controlled."""
    partner = a_site_of_plans(stores)
    assert stores.sites.create(a_draft(partner, "shed")) is not None
    stores.standings.keep(partner.partner_id, "hall", STANDING)
    assert stores.standings.list_rungs(partner.partner_id) == {"hall": StoodOn("floor", TUESDAY)}
