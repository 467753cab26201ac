"""What a store of the peaks that months are expected to have promises."""

from dataclasses import replace
from datetime import timedelta

from kwartier.service.month_floors.month_floor import LONGEST_WAIT, MonthFloor
from kwartier.service.partner import Partner
from kwartier.tariffs import LocalMonth
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_draft, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

MONTH_FLOOR_STORE = Promises()

FLOOR = MonthFloor(LocalMonth(2026, 3), MONDAY, {"main": 41_200.5}, None)
HOUR = timedelta(hours=1)


def an_active_site(stores: Stores, partner_id: str = "alpha") -> Partner:
    """A partner with a site that is planned, and one that is not."""
    partner = a_partner(stores, partner_id)
    assert stores.sites.create(a_draft(partner, active=True)) is not None
    assert stores.sites.create(a_draft(partner, "shed")) is not None
    return partner


@MONTH_FLOOR_STORE
def the_last_floor_is_read_back(stores: Stores) -> None:
    """Also one that there is not, with the reason."""
    partner_id = an_active_site(stores).partner_id
    assert stores.month_floors.get(partner_id, "hall") is None
    stores.month_floors.keep(partner_id, "hall", FLOOR, TUESDAY)
    assert stores.month_floors.get(partner_id, "hall") == FLOOR
    none = replace(FLOOR, highest_w_by_root={}, reason="roof: nothing measured")
    stores.month_floors.keep(partner_id, "hall", none, TUESDAY)
    assert stores.month_floors.get(partner_id, "hall") == none


@MONTH_FLOOR_STORE
def an_active_site_is_due_at_first_and_again_at_the_moment_that_was_kept(stores: Stores) -> None:
    """And one that is not active never."""
    partner_id = an_active_site(stores).partner_id
    assert stores.month_floors.list_due(partner_id, MONDAY) == ["hall"]
    stores.month_floors.keep(partner_id, "hall", FLOOR, MONDAY + HOUR)
    assert stores.month_floors.list_due(partner_id, MONDAY) == []
    assert stores.month_floors.list_due(partner_id, MONDAY + HOUR) == ["hall"]


@MONTH_FLOOR_STORE
def one_takes_it_at_a_time(stores: Stores) -> None:
    """Until the time is over, in which whoever took it may have died."""
    partner_id = an_active_site(stores).partner_id
    assert stores.month_floors.take(partner_id, "hall", MONDAY, MONDAY + HOUR)
    assert not stores.month_floors.take(partner_id, "hall", MONDAY, MONDAY + HOUR)
    assert stores.month_floors.list_due(partner_id, MONDAY) == []
    assert stores.month_floors.get(partner_id, "hall") is None
    assert stores.month_floors.take(partner_id, "hall", MONDAY + HOUR, MONDAY + 2 * HOUR)


@MONTH_FLOOR_STORE
def what_is_kept_is_not_taken_before_its_moment(stores: Stores) -> None:
    """The floor of before stays while the next one is made."""
    partner_id = an_active_site(stores).partner_id
    stores.month_floors.keep(partner_id, "hall", FLOOR, TUESDAY)
    assert not stores.month_floors.take(partner_id, "hall", MONDAY, MONDAY + HOUR)
    assert stores.month_floors.take(partner_id, "hall", TUESDAY, TUESDAY + HOUR)
    assert stores.month_floors.get(partner_id, "hall") == FLOOR


@MONTH_FLOOR_STORE
def a_moment_that_a_clock_ahead_left_behind_does_not_hold(stores: Stores) -> None:
    """Else there would be no floor for years."""
    partner_id = an_active_site(stores).partner_id
    stores.month_floors.keep(partner_id, "hall", FLOOR, MONDAY + 2 * LONGEST_WAIT)
    assert stores.month_floors.list_due(partner_id, MONDAY) == ["hall"]
    assert stores.month_floors.take(partner_id, "hall", MONDAY, MONDAY + HOUR)


@MONTH_FLOOR_STORE
def a_floor_of_another_partner_is_none(stores: Stores) -> None:
    """Also of a site of the same name."""
    alpha, beta = an_active_site(stores, "alpha"), an_active_site(stores, "beta")
    stores.month_floors.keep(alpha.partner_id, "hall", FLOOR, TUESDAY)
    assert stores.month_floors.get(beta.partner_id, "hall") is None
    assert stores.month_floors.list_due(beta.partner_id, MONDAY) == ["hall"]
