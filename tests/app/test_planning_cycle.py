"""The thread that plans the sites whose moment has come."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic, sleep

from kwartier.app.planning_cycle import PlanningCycle
from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest
from kwartier.service.faults import StoreUnavailable
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy
from tests.service.test_plan_in_turn import a_service, clock_of


class _FailsAtFirst:
    """A planner that fails for each site the first time."""

    def __init__(self) -> None:
        self._failed: set[str] = set()

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        site_id = request.site.site_id
        if site_id in self._failed:
            return plan(request, previous=previous)
        self._failed.add(site_id)
        if site_id == "a":
            raise StoreUnavailable("the database does not answer")
        raise RuntimeError("a mistake of ours")


def wait_until(is_so: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Wait until something is so."""
    deadline = monotonic() + timeout_s
    while not is_so():
        assert monotonic() < deadline
        sleep(0.01)


def plan_count(ports: Ports) -> int:
    """How many plans of the three sites there are."""
    return sum(len(ports.plans.list_before("alpha", site_id, None, 10)) for site_id in ("a", "b", "c"))


def test_it_plans_every_active_site_and_ends_when_it_is_closed() -> None:
    ports = a_service("a", "b", "c")
    cycle = PlanningCycle(ports, worker_count=2)
    cycle.start()
    wait_until(lambda: plan_count(ports) == 3)
    cycle.close()
    ports.turns.ask("alpha", "a", ports.clock.now())
    sleep(0.05)
    assert plan_count(ports) == 3


def test_a_failure_at_one_site_holds_nobody_up() -> None:
    ports = replace(a_service("a", "b", "c"), planner=_FailsAtFirst())
    cycle = PlanningCycle(ports, worker_count=1)
    cycle.start()

    def all_are_planned() -> bool:
        clock_of(ports).advance(1.0)  # the leases of the failed turns end
        return plan_count(ports) == 3

    wait_until(all_are_planned)
    cycle.close()


def test_one_that_never_began_can_be_closed() -> None:
    PlanningCycle(a_service(), worker_count=1).close()
