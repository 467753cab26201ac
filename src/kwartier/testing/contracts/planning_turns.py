"""What the turns of planning promise."""

from dataclasses import replace
from datetime import timedelta

from kwartier.service.planning_turn import DueSite, PlanningTurn, StaleTurn, quarter_number
from kwartier.testing.contracts.examples import MONDAY, a_draft, a_partner, changed
from kwartier.testing.contracts.plan_store import a_plan
from kwartier.testing.contracts.promises import Promises, Stores

PLANNING_TURNS = Promises()

NOW = quarter_number(MONDAY)
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def with_active_site(stores: Stores, partner_id: str = "alpha") -> str:
    """A partner with one active site, hall, and one that is not active, yard."""
    partner = a_partner(stores, partner_id)
    assert stores.sites.create(a_draft(partner, active=True)) is not None
    assert stores.sites.create(a_draft(partner, "yard")) is not None
    return partner.partner_id


def taken(stores: Stores, partner_id: str, number: int = NOW) -> PlanningTurn:
    """The turn at hall, which must be free on Monday."""
    turn = stores.turns.take(partner_id, "hall", number, MONDAY, MONDAY + LEASE)
    assert turn is not None
    return turn


@PLANNING_TURNS
def an_active_site_waits_for_each_quarter_hour_once(stores: Stores) -> None:
    """Until its turn ends; then for the next one."""
    alpha = with_active_site(stores)
    with_active_site(stores, "beta")
    assert list(stores.turns.list_due(alpha, NOW, MONDAY)) == [DueSite(alpha, "hall", MONDAY)]
    assert stores.turns.end(taken(stores, alpha))
    assert list(stores.turns.list_due(alpha, NOW, MONDAY)) == []
    assert list(stores.turns.list_due(alpha, NOW + 1, MONDAY)) == [DueSite(alpha, "hall", None)]


@PLANNING_TURNS
def what_a_clock_that_was_ahead_has_done_holds_nobody_up(stores: Stores) -> None:
    """A lease until tomorrow, and a plan for tomorrow (R33)."""
    alpha, tomorrow = with_active_site(stores), MONDAY + timedelta(days=1)
    ahead = stores.turns.take(alpha, "hall", quarter_number(tomorrow), tomorrow, tomorrow + LEASE)
    assert ahead is not None
    assert list(stores.turns.list_due(alpha, NOW, MONDAY)) == [DueSite(alpha, "hall", None)]
    turn = taken(stores, alpha)
    assert not stores.turns.end(ahead)
    assert stores.turns.end(replace(turn, quarter_number=quarter_number(tomorrow)))
    assert list(stores.turns.list_due(alpha, NOW, MONDAY)) == [DueSite(alpha, "hall", None)]


@PLANNING_TURNS
def a_changed_document_waits_at_once(stores: Stores) -> None:
    """In the same quarter-hour, once."""
    alpha = with_active_site(stores)
    assert stores.turns.end(taken(stores, alpha))
    draft = changed(a_draft(a_partner(stores, "beta")), active=True)
    stored = stores.sites.update(replace(draft, partner_id=alpha), based_on_number=1)
    assert stored is not None
    at = stored.changed_at
    number = quarter_number(at)
    assert list(stores.turns.list_due(alpha, NOW, at)) == [DueSite(alpha, "hall", at)]
    turn = stores.turns.take(alpha, "hall", number, at, at + LEASE)
    assert turn is not None
    assert stores.turns.end(turn)
    assert list(stores.turns.list_due(alpha, number, at)) == []


@PLANNING_TURNS
def a_deleted_site_waits_for_nothing(stores: Stores) -> None:
    """Its row stays."""
    alpha = with_active_site(stores)
    draft = a_draft(a_partner(stores, "beta"))
    assert stores.turns.end(taken(stores, alpha))
    assert stores.sites.delete(alpha, "hall", draft.change, based_on_number=1)
    assert list(stores.turns.list_due(alpha, NOW + 1, MONDAY)) == []


@PLANNING_TURNS
def one_at_a_time_has_the_turn(stores: Stores) -> None:
    """The next one gets it when it is given back, or when the lease has ended."""
    alpha = with_active_site(stores)
    first = taken(stores, alpha)
    assert stores.turns.take(alpha, "hall", NOW, MONDAY + LEASE - SECOND, MONDAY + 2 * LEASE) is None
    assert list(stores.turns.list_due(alpha, NOW, MONDAY + LEASE - SECOND)) == []
    second = stores.turns.take(alpha, "hall", NOW, MONDAY + LEASE, MONDAY + 2 * LEASE)
    assert second == replace(first, fence_number=first.fence_number + 1)


@PLANNING_TURNS
def who_lost_the_turn_writes_nothing(stores: Stores) -> None:
    """Neither its plan nor its end; the plan of who has it is kept and ends it."""
    alpha = with_active_site(stores)
    first = taken(stores, alpha)
    second = stores.turns.take(alpha, "hall", NOW, MONDAY + LEASE, MONDAY + 2 * LEASE)
    assert second is not None
    partner = a_partner(stores, "beta")
    stale, kept = (replace(a_plan(partner, number), partner_id=alpha) for number in (1, 2))
    assert stores.plans.keep_in_turn(stale, first) == StaleTurn()
    assert not stores.turns.end(first)
    assert not stores.turns.drop(first, MONDAY)
    assert stores.plans.keep_in_turn(kept, second) is kept
    assert stores.plans.get(alpha, "hall", stale.plan_id) is None
    assert list(stores.turns.list_due(alpha, NOW, MONDAY + LEASE)) == []


@PLANNING_TURNS
def what_is_asked_for_is_due_from_its_moment_on(stores: Stores) -> None:
    """The earliest counts; a turn answers what was asked until it began, not what was asked meanwhile."""
    alpha = with_active_site(stores)
    stores.turns.ask(alpha, "hall", MONDAY + 2 * SECOND)
    stores.turns.ask(alpha, "hall", MONDAY + SECOND)
    stores.turns.ask(alpha, "hall", MONDAY + 3 * SECOND)
    assert stores.turns.end(taken(stores, alpha))
    assert list(stores.turns.list_due(alpha, NOW, MONDAY)) == []
    later = MONDAY + SECOND
    assert list(stores.turns.list_due(alpha, NOW, later)) == [DueSite(alpha, "hall", later)]
    turn = stores.turns.take(alpha, "hall", NOW, later, later + LEASE)
    assert turn is not None
    stores.turns.ask(alpha, "hall", later)
    assert stores.turns.end(turn)
    assert list(stores.turns.list_due(alpha, NOW, later)) == [DueSite(alpha, "hall", later)]


@PLANNING_TURNS
def a_turn_given_back_undone_is_due_again_later(stores: Stores) -> None:
    """Not before the moment that was said."""
    alpha = with_active_site(stores)
    assert stores.turns.drop(taken(stores, alpha), MONDAY + SECOND)
    assert list(stores.turns.list_due(alpha, NOW, MONDAY)) == []
    assert stores.turns.take(alpha, "hall", NOW, MONDAY, MONDAY + LEASE) is None
    assert list(stores.turns.list_due(alpha, NOW, MONDAY + SECOND)) == [
        DueSite(alpha, "hall", MONDAY + SECOND)
    ]
