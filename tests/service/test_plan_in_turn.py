"""The planning cycle over stores in memory, a clock that the test moves, and the real planner."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest
from kwartier.service.caller import Caller, Scope
from kwartier.service.faults import StoreUnavailable
from kwartier.service.ingest_transaction import ingest_transaction
from kwartier.service.partner import Partner
from kwartier.service.plan_in_turn import (
    LEAD,
    PlannedInTurn,
    TurnOutcome,
    TurnTaken,
    due_sites,
    own_moment,
    plan_in_turn,
)
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.planning_turn import DEBOUNCE, LEASE, DueSite, StaleTurn, quarter_number
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy
from kwartier.service.set_grid_limits import set_grid_limits
from kwartier.site.transaction import Transaction
from kwartier.testing.contracts.examples import a_draft
from kwartier.testing.fakes.clock import FakeClock
from tests.services.described import ports_in_memory
from tests.services.site_data import a_car, example_site

ALPHA = Partner("alpha", "Company alpha", datetime(2026, 3, 1, tzinfo=UTC))
BOUNDARY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # where the clock of the tests stands
FIXED_PRICE = {
    "contract_type": "fixed",
    "fixed_offtake_cost_per_mwh": 100.0,
    "fixed_injection_cost_per_mwh": 10.0,
}


def a_service(*site_ids: str) -> Ports:
    """Stores with active sites."""
    ports = ports_in_memory()
    ports.partners.add(ALPHA)
    for site_id in site_ids:
        document = example_site(active=True, site_id=site_id)
        document["configurations"]["contract"] = FIXED_PRICE
        draft = replace(a_draft(ALPHA, site_id), document=document)
        assert ports.sites.create(draft) is not None
    return ports


def clock_of(ports: Ports) -> FakeClock:
    """The clock to move."""
    assert isinstance(ports.clock, FakeClock)
    return ports.clock


def planned(ports: Ports) -> list[TurnOutcome]:
    """What becomes of all that is due now."""
    return [plan_in_turn(due, ports=ports) for due in list(due_sites(ports.clock.now(), ports=ports))]


def plan_starts(ports: Ports, site_id: str) -> list[datetime]:
    """The moments from which a site was planned, in order."""
    return sorted(one.planned_from for one in ports.plans.list_before("alpha", site_id, None, 1_000))


class InterruptedPlanner:
    """A planner that lets something happen while it works, once."""

    def __init__(self, happens: Callable[[], None]) -> None:
        self._happens: Callable[[], None] | None = happens

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        """The plan."""
        happens, self._happens = self._happens, None
        if happens is not None:
            happens()
        return plan(request, previous=previous)


def test_a_new_site_is_planned_at_once_and_then_for_each_quarter_hour_once() -> None:
    ports = a_service("hall")
    for _ in range(31 * 60):  # 31 minutes, second by second
        planned(ports)
        clock_of(ports).advance(1.0)
    quarter = timedelta(minutes=15)
    assert plan_starts(ports, "hall") == [BOUNDARY, BOUNDARY + quarter, BOUNDARY + 2 * quarter]


def test_the_plan_for_a_quarter_hour_is_there_before_it_begins_and_in_force_from_then_on() -> None:
    ports = a_service("hall")
    planned(ports)
    coming = BOUNDARY + timedelta(minutes=15)
    clock_of(ports).advance(15 * 60 - 5.0)
    (outcome,) = planned(ports)
    assert isinstance(outcome, PlannedInTurn)
    assert outcome.record.planned_from == coming
    in_force = ports.plans.in_force("alpha", "hall", coming - timedelta(seconds=1))
    assert in_force is not None
    assert in_force.planned_from == BOUNDARY
    assert ports.plans.in_force("alpha", "hall", coming) == outcome.record


def test_sites_are_spread_over_the_minute_before_the_boundary() -> None:
    number = quarter_number(BOUNDARY)
    moments = sorted(own_moment(DueSite("alpha", f"site-{index}", None), number) for index in range(1_000))
    assert moments[0] >= BOUNDARY - LEAD
    assert moments[-1] <= BOUNDARY - timedelta(seconds=5)
    in_first_half = sum(moment < BOUNDARY - timedelta(seconds=32.5) for moment in moments)
    assert 400 < in_first_half < 600  # a fair coin leaves 500 +- 100 less often than once in 10^9


def test_what_was_missed_is_caught_up_once() -> None:
    ports = a_service("hall")
    planned(ports)
    clock_of(ports).advance(3 * 3600.0 + 200.0)
    assert len(planned(ports)) == 1
    assert planned(ports) == []
    assert len(plan_starts(ports, "hall")) == 2


def test_a_car_that_arrives_is_planned_for_within_seconds_its_news_together() -> None:
    ports = a_service("hall")
    planned(ports)
    clock_of(ports).advance(60.0)
    caller = Caller("alpha", "alpha.one", Scope.WRITE)
    for second in range(3):
        message = a_car(ports.clock.now())
        tell(caller, message.model_copy(update={"requested_energy": 9_000.0 + second}), ports)
        assert planned(ports) == []
        clock_of(ports).advance(1.0)
    clock_of(ports).advance(DEBOUNCE.total_seconds() - 3.0)
    (outcome,) = planned(ports)
    assert isinstance(outcome, PlannedInTurn)
    assert outcome.record.planned_from == BOUNDARY + timedelta(seconds=65)
    assert planned(ports) == []


def test_where_asking_for_a_plan_fails_the_message_that_comes_again_asks() -> None:
    # The first one is stored, and its sender hears that the database is away; so it sends again.
    ports = a_service("hall")
    planned(ports)
    clock_of(ports).advance(60.0)
    caller, message = Caller("alpha", "alpha.one", Scope.WRITE), a_car(ports.clock.now())
    with (
        patch.object(ports.turns, "ask", side_effect=StoreUnavailable("away")),
        pytest.raises(StoreUnavailable),
    ):
        tell(caller, message, ports)
    assert len(ports.transactions.list_running("alpha", "hall")) == 1
    clock_of(ports).advance(DEBOUNCE.total_seconds())
    assert planned(ports) == []
    tell(caller, message, ports)
    clock_of(ports).advance(DEBOUNCE.total_seconds())
    (outcome,) = planned(ports)
    assert isinstance(outcome, PlannedInTurn)
    assert len(outcome.record.request.transactions) == 1


def test_where_asking_for_a_plan_fails_grid_limits_that_come_again_ask() -> None:
    ports = a_service("hall")
    planned(ports)
    caller = Caller("alpha", "alpha.one", Scope.WRITE)
    with (
        patch.object(ports.turns, "ask", side_effect=StoreUnavailable("away")),
        pytest.raises(StoreUnavailable),
    ):
        set_grid_limits(caller, "hall", [], [], ports=ports)
    assert planned(ports) == []
    set_grid_limits(caller, "hall", [], [], ports=ports)
    assert len(planned(ports)) == 1


def test_energy_that_flows_as_planned_is_no_reason_to_plan_again() -> None:
    ports = a_service("hall")
    caller = Caller("alpha", "alpha.one", Scope.WRITE)
    tell(caller, a_car(ports.clock.now()), ports)
    clock_of(ports).advance(DEBOUNCE.total_seconds())
    planned(ports)
    clock_of(ports).advance(60.0)
    first = ports.transactions.list_running("alpha", "hall")[0].latest
    going_on = {"timestamp": ports.clock.now(), "energy_charged": 1_000.0}
    tell(caller, first.model_copy(update=going_on), ports)
    clock_of(ports).advance(DEBOUNCE.total_seconds())
    assert planned(ports) == []


def test_after_an_event_in_the_last_minute_the_coming_quarter_hour_is_planned_anew() -> None:
    ports = a_service("hall")
    planned(ports)
    clock_of(ports).advance(15 * 60 - 5.0)
    planned(ports)
    coming = BOUNDARY + timedelta(minutes=15)
    before = ports.plans.in_force("alpha", "hall", coming)
    clock_of(ports).advance(1.0)  # of two plans that are stored at one moment none is the newer one
    tell(Caller("alpha", "alpha.one", Scope.WRITE), a_car(ports.clock.now()), ports)
    ports.turns.ask("alpha", "hall", ports.clock.now())
    assert len(planned(ports)) == 1
    assert len(planned(ports)) == 1
    assert planned(ports) == []
    after = ports.plans.in_force("alpha", "hall", coming)
    assert before is not None
    assert after is not None
    assert (before.planned_from, after.planned_from) == (coming, coming)
    assert (before.request.transactions, len(after.request.transactions)) == ([], 1)


def test_of_two_planners_at_once_one_plans() -> None:
    # R53: each (site, quarter) has one effective plan.
    ports = a_service("hall")
    (due,) = due_sites(ports.clock.now(), ports=ports)
    others: list[TurnOutcome] = []
    planner = InterruptedPlanner(lambda: others.append(plan_in_turn(due, ports=ports)))
    assert isinstance(plan_in_turn(due, ports=replace(ports, planner=planner)), PlannedInTurn)
    assert others == [TurnTaken()]
    assert len(plan_starts(ports, "hall")) == 1


def test_a_planner_that_was_paused_beyond_its_lease_writes_nothing() -> None:
    # R53: the fencing number refuses the stale writer, and another one takes over when the lease has ended.
    ports = a_service("hall")
    (due,) = due_sites(ports.clock.now(), ports=ports)
    others: list[TurnOutcome] = []

    def paused() -> None:
        clock_of(ports).advance(LEASE.total_seconds())
        others.append(plan_in_turn(due, ports=ports))

    outcome = plan_in_turn(due, ports=replace(ports, planner=InterruptedPlanner(paused)))
    assert outcome == StaleTurn()
    assert isinstance(others[0], PlannedInTurn)
    assert plan_starts(ports, "hall") == [BOUNDARY + LEASE]


def test_a_planner_that_died_is_followed_by_another_one_when_its_lease_ends() -> None:
    ports = a_service("hall")
    (due,) = due_sites(ports.clock.now(), ports=ports)
    now = ports.clock.now()
    assert ports.turns.take("alpha", "hall", quarter_number(now), now, now + LEASE) is not None
    assert plan_in_turn(due, ports=ports) == TurnTaken()
    clock_of(ports).advance(LEASE.total_seconds())
    (outcome,) = planned(ports)
    assert isinstance(outcome, PlannedInTurn)


def test_a_busy_planner_is_asked_again_when_it_said() -> None:
    ports = a_service("hall")
    busy = replace(ports, planner=_Busy())
    assert planned(busy) == [PlannerBusy(7.0)]
    clock_of(ports).advance(6.0)
    assert planned(ports) == []
    clock_of(ports).advance(1.0)
    assert len(planned(ports)) == 1


def test_a_site_with_errors_waits_for_its_next_document() -> None:
    ports = a_service()
    draft = replace(a_draft(ALPHA, "bare"), document={**a_draft(ALPHA, "bare").document, "active": True})
    assert ports.sites.create(draft) is not None
    (outcome,) = planned(ports)
    assert isinstance(outcome, NotPlannable)
    assert planned(ports) == []


def test_sites_somebody_asked_for_come_first() -> None:
    ports = a_service("a", "b", "c")
    planned(ports)
    clock_of(ports).advance(15 * 60 - 5.0)
    ports.turns.ask("alpha", "b", ports.clock.now())
    order = [one.site_id for one in due_sites(ports.clock.now(), ports=ports)]
    assert order == ["b", "a", "c"]


class _Busy:
    def plan(self, *_: object, **__: object) -> Plan | PlannerBusy:
        return PlannerBusy(7.0)


def tell(caller: Caller, message: Transaction, ports: Ports) -> None:
    """Send a message of a transaction."""
    ingest_transaction(
        caller,
        "hall",
        message,
        transactions=ports.transactions,
        turns=ports.turns,
        clock=ports.clock,
    )
