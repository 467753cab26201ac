"""Of several processes on one database one controls (docs/decisions/0013)."""

from dataclasses import replace
from datetime import timedelta

from kwartier.app.control_loop import ControlLoop
from kwartier.app.planning_figures import PlanningFigures
from kwartier.service.control_lease import CONTROL_LEASE
from kwartier.service.dispatching.live_readings import LiveReadings, SiteKey
from kwartier.service.dispatching.site_dispatch import Dispatched, LeaseLost
from kwartier.service.ports import Ports
from kwartier.testing.fakes.ids import FakeIds
from tests.app.test_planning_cycle import wait_until
from tests.service.test_plan_in_turn import a_service, clock_of
from tests.service.test_site_dispatch import KEY, Hall


def a_loop(ports: Ports, told: list[SiteKey]) -> ControlLoop:
    """A process's control."""
    loop = ControlLoop(ports, LiveReadings(ports.clock), told.append, PlanningFigures())
    loop.start()
    return loop


def test_a_second_process_tells_nothing_until_the_first_one_has_ended() -> None:
    ports = replace(a_service("hall"), ids=FakeIds())
    first_told: list[SiteKey] = []
    second_told: list[SiteKey] = []
    first = a_loop(ports, first_told)
    wait_until(lambda: bool(first_told))
    second = a_loop(ports, second_told)
    second.close()
    assert second_told == []
    first.close()
    third = a_loop(ports, second_told)
    wait_until(lambda: bool(second_told))
    third.close()


def test_a_control_that_was_paused_beyond_its_lease_tells_nobody_anything() -> None:
    # R53: a stale writer is refused.
    hall = Hall()
    leases, now = hall.ports.control_leases, hall.ports.clock.now()
    lease = leases.take("alpha", "paused", now, now + CONTROL_LEASE)
    assert isinstance(hall.dispatch.tick(lease), Dispatched)
    before = hall.ports.outbox.list_waiting(*KEY)
    clock_of(hall.ports).advance(CONTROL_LEASE.total_seconds() + 60.0)
    later = hall.ports.clock.now()
    assert leases.take("alpha", "other", later, later + timedelta(seconds=20)) is not None
    assert hall.dispatch.tick(lease) == LeaseLost()
    assert hall.ports.outbox.list_waiting(*KEY) == before
