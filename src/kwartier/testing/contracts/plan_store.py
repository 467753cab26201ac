"""What a store of plans promises."""

from dataclasses import replace
from datetime import timedelta

from kwartier.service.partner import Partner
from kwartier.service.plan_record import PlanRecord
from kwartier.service.ports.plan_store import PlanKey
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_draft, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

PLAN_STORE = Promises()


def a_plan(partner: Partner, number: int = 1, *, site_id: str = "hall") -> PlanRecord:
    """A plan made `number` quarter-hours after Monday's first; its texts are any bytes."""
    return PlanRecord(
        partner_id=partner.partner_id,
        site_id=site_id,
        plan_id=f"{number:032x}",
        planned_from=MONDAY + timedelta(minutes=15 * number),
        stored_at=TUESDAY,
        status="optimal",
        is_safe=True,
        request_json=b'{"a": "\xc3\xa9"}' * 100,
        notes=("roof: a note, “quoted”",),
        plan_json=b'{"b": 0.30000000000000004}',
        previous_plan_id=f"{number - 1:032x}",
    )


def a_site_of_plans(stores: Stores, partner_id: str = "alpha") -> Partner:
    """A partner with a site."""
    partner = a_partner(stores, partner_id)
    assert stores.sites.create(a_draft(partner)) is not None
    return partner


@PLAN_STORE
def a_plan_is_read_back_to_the_byte(stores: Stores) -> None:
    """Request, notes, plan and verdict."""
    plan = a_plan(a_site_of_plans(stores))
    assert stores.plans.keep(plan) is plan
    assert stores.plans.get(plan.partner_id, "hall", plan.plan_id) == plan


@PLAN_STORE
def a_plan_is_stored_once(stores: Stores) -> None:
    """The earlier one stays."""
    plan = a_plan(a_site_of_plans(stores))
    stores.plans.keep(plan)
    assert stores.plans.keep(replace(plan, plan_json=b"{}")) == plan
    assert stores.plans.get(plan.partner_id, "hall", plan.plan_id) == plan


@PLAN_STORE
def the_latest_plan_is_that_of_the_latest_moment(stores: Stores) -> None:
    """Not the one that was stored last."""
    partner = a_site_of_plans(stores)
    assert stores.plans.latest(partner.partner_id, "hall") is None
    first, second = a_plan(partner, 1), a_plan(partner, 2)
    stores.plans.keep(second)
    stores.plans.keep(first)
    assert stores.plans.latest(partner.partner_id, "hall") == second
    again = replace(second, plan_id="0" * 32, stored_at=second.stored_at + timedelta(seconds=1))
    stores.plans.keep(again)
    assert stores.plans.latest(partner.partner_id, "hall") == again


@PLAN_STORE
def the_plan_in_force_has_begun_and_is_safe(stores: Stores) -> None:
    """One for a later moment waits, an unsafe one is passed over."""
    partner = a_site_of_plans(stores)
    first, unsafe, later = a_plan(partner, 1), replace(a_plan(partner, 2), is_safe=False), a_plan(partner, 3)
    for plan in (first, unsafe, later):
        stores.plans.keep(plan)
    assert stores.plans.in_force(partner.partner_id, "hall", MONDAY) is None
    assert stores.plans.in_force(partner.partner_id, "hall", first.planned_from) == first
    assert stores.plans.in_force(partner.partner_id, "hall", unsafe.planned_from) == first
    assert stores.plans.in_force(partner.partner_id, "hall", later.planned_from) == later


@PLAN_STORE
def plans_are_listed_latest_first_in_pages(stores: Stores) -> None:
    """Of one moment by id; a page starts behind the last one."""
    partner = a_site_of_plans(stores)
    plans = [a_plan(partner, number) for number in range(1, 5)]
    plans.append(replace(plans[3], plan_id="f" * 32))
    for plan in plans:
        stores.plans.keep(plan)
    listed = list(stores.plans.list_before(partner.partner_id, "hall", None, 10))
    assert listed == [plan.summary for plan in reversed(plans)]
    key = PlanKey(listed[1].planned_from, listed[1].plan_id)
    assert list(stores.plans.list_before(partner.partner_id, "hall", key, 2)) == listed[2:4]


@PLAN_STORE
def a_plan_of_another_partner_or_site_is_none(stores: Stores) -> None:
    """Neither read nor listed."""
    alpha, beta = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    stores.sites.create(a_draft(alpha, "yard"))
    plan = a_plan(alpha)
    stores.plans.keep(plan)
    for partner_id, site_id in ((beta.partner_id, "hall"), (alpha.partner_id, "yard")):
        assert stores.plans.get(partner_id, site_id, plan.plan_id) is None
        assert stores.plans.latest(partner_id, site_id) is None
        assert list(stores.plans.list_before(partner_id, site_id, None, 10)) == []


@PLAN_STORE
def the_latest_plan_of_each_site_is_listed(stores: Stores) -> None:
    """Of the sites that have one, and of no other partner's."""
    partner, other = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    assert stores.sites.create(a_draft(partner, "shed")) is not None
    for number in (2, 1):
        stores.plans.keep(a_plan(partner, number))
    assert stores.plans.list_latest(partner.partner_id) == {"hall": a_plan(partner, 2).summary}
    assert stores.plans.list_latest(other.partner_id) == {}
