"""What the leases of the control promise."""

from dataclasses import replace
from datetime import timedelta

from kwartier.testing.contracts.examples import MONDAY
from kwartier.testing.contracts.outbox import a_message, waiting
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

CONTROL_LEASES = Promises()
LATER, END = MONDAY + timedelta(seconds=10), MONDAY + timedelta(seconds=20)


@CONTROL_LEASES
def one_holds_a_lease_until_it_ends(stores: Stores) -> None:
    """It renews it under the same number; whoever takes it over counts on."""
    partner_id = a_site_of_plans(stores).partner_id
    first = stores.control_leases.take(partner_id, "one", MONDAY, END)
    assert first is not None
    assert stores.control_leases.take(partner_id, "other", LATER, END) is None
    assert stores.control_leases.take(partner_id, "one", LATER, END) == first
    taken_over = stores.control_leases.take(partner_id, "other", END, END + timedelta(seconds=20))
    assert taken_over == replace(first, fence_number=first.fence_number + 1)
    assert stores.control_leases.take(partner_id, "one", END, END) is None


@CONTROL_LEASES
def a_lease_that_is_given_back_is_free_at_once(stores: Stores) -> None:
    """One that was taken over stays with whom it went to."""
    partner_id = a_site_of_plans(stores).partner_id
    first = stores.control_leases.take(partner_id, "one", MONDAY, END)
    assert first is not None
    stores.control_leases.give_back(first, LATER)
    second = stores.control_leases.take(partner_id, "other", LATER, END)
    assert second is not None
    stores.control_leases.give_back(first, LATER)
    assert stores.control_leases.take(partner_id, "one", LATER, END) is None


@CONTROL_LEASES
def what_is_told_without_the_lease_does_not_wait(stores: Stores) -> None:
    """The setpoints of a process that was paused beyond its lease."""
    partner = a_site_of_plans(stores)
    leases, partner_id = stores.control_leases, partner.partner_id
    first = leases.take(partner_id, "one", MONDAY, END)
    assert stores.outbox.post(partner_id, [a_message(partner, "early")], first)
    second = leases.take(partner_id, "other", END, END + timedelta(seconds=20))
    assert not stores.outbox.post(partner_id, [a_message(partner, "late")], first)
    assert stores.outbox.post(partner_id, [a_message(partner, "new")], second)
    assert [one.subject.asset_id for one in waiting(stores, partner)] == ["early", "new"]


@CONTROL_LEASES
def each_partner_has_a_lease_of_its_own(stores: Stores) -> None:
    """Two services may share the partners."""
    alpha, beta = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    assert stores.control_leases.take(alpha.partner_id, "one", MONDAY, END) is not None
    assert stores.control_leases.take(beta.partner_id, "other", MONDAY, END) is not None
