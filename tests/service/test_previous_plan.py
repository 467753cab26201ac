"""The cycle keeps near the plan in force, and only to one that may still be followed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest
from kwartier.service.caller import Caller, Scope
from kwartier.service.plan_in_turn import PlannedInTurn
from kwartier.service.plan_record import PlanRecord
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy
from kwartier.service.previous_plan import previous_plan
from kwartier.service.replay_plan import replay_plan
from tests.service.test_plan_in_turn import BOUNDARY, a_service, clock_of, planned, tell
from tests.services.site_data import a_car

CALLER = Caller("alpha", "alpha.one", Scope.WRITE)
QUARTER_S = 15 * 60.0


class _Remembers:
    """A planner that remembers the plan that each of its plans was to stay near to."""

    def __init__(self) -> None:
        self.previous_ids: list[str | None] = []

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        self.previous_ids.append(None if previous is None else previous.plan_id)
        return plan(request, previous=previous)


def in_turn(ports: Ports) -> PlanRecord:
    """The plan of the one site that is due."""
    (outcome,) = planned(ports)
    assert isinstance(outcome, PlannedInTurn)
    return outcome.record


def test_each_quarter_hours_plan_is_kept_near_the_one_before_it() -> None:
    planner = _Remembers()
    ports = replace(a_service("hall"), planner=planner)
    tell(CALLER, a_car(BOUNDARY), ports)
    first = in_turn(ports)
    clock_of(ports).advance(QUARTER_S - 5.0)
    second = in_turn(ports)
    assert planner.previous_ids == [None, first.plan_id]
    assert (first.previous_plan_id, second.previous_plan_id) == (None, first.plan_id)
    kept = ports.plans.get("alpha", "hall", second.plan_id)
    assert kept is not None
    assert replay_plan(kept, plan, first.plan).is_same
    assert not replay_plan(kept, plan).is_same  # its id names the plan before it


def request_of(record: PlanRecord, *, minutes_later: float, **changed: Any) -> PlanRequest:
    at = record.request.at + timedelta(minutes=minutes_later)
    return record.request.model_copy(update={"at": at, **changed})


def test_a_plan_that_the_ladder_has_left_is_none_to_stay_near_to() -> None:
    # A plan holds for its cycle of 15 min and two more (reliability.md, section 6).
    ports = a_service("hall")
    record = in_turn(ports)
    for minutes, is_near in ((17.0, True), (17.1, False)):
        found = previous_plan("alpha", request_of(record, minutes_later=minutes), plans=ports.plans)
        assert (found is not None) is is_near


def test_a_plan_of_another_document_is_none_to_stay_near_to() -> None:
    ports = a_service("hall")
    record = in_turn(ports)
    site = record.request.site.model_copy(update={"name": "Hall with a new name"})
    request = request_of(record, minutes_later=15.0, site=site)
    assert previous_plan("alpha", request, plans=ports.plans) is None


def test_a_fallback_is_none_to_stay_near_to() -> None:
    ports = a_service("hall")
    record = in_turn(ports)
    later = replace(
        record, plan_id="f" * 32, status="fallback", stored_at=record.stored_at + timedelta(seconds=1)
    )
    ports.plans.keep(later)
    assert previous_plan("alpha", request_of(record, minutes_later=15.0), plans=ports.plans) is None
