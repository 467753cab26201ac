"""A planner that takes only what it can do in time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kwartier import Plan, PlanRequest
from kwartier.adapters.highs.bounded_planner import WAITING_PER_WORKER_COUNT, BoundedPlanner
from kwartier.adapters.highs.supervised_planner import SupervisedPlanner
from kwartier.adapters.http.planning.example import EXAMPLE_REQUEST
from kwartier.planning.fallback import fallback_plan
from kwartier.planning.problem import InvalidRequest
from kwartier.service.ports.planner import PlannerBusy

REQUEST = PlanRequest.model_validate(EXAMPLE_REQUEST)
PATIENCE_S = 30.0


def test_a_plan_is_made_in_a_child_and_the_children_end() -> None:
    planner = BoundedPlanner(deadline_s=20.0, at_once_count=1)
    try:
        made = planner.plan(REQUEST)
        assert isinstance(made, Plan)
        assert made.status == "optimal"
    finally:
        planner.close()


def test_what_is_wrong_with_a_request_is_raised_and_gives_its_place_back() -> None:
    planner = BoundedPlanner(deadline_s=20.0, at_once_count=1)
    wrong = REQUEST.model_copy(
        update={"transactions": [REQUEST.transactions[0].model_copy(update={"asset_id": "x"})]}
    )
    try:
        for _ in range(2 + WAITING_PER_WORKER_COUNT):
            with pytest.raises(InvalidRequest):
                planner.plan(wrong)
        assert isinstance(planner.plan(REQUEST), Plan)
    finally:
        planner.close()


def test_one_more_than_may_wait_is_told_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    go, begun = threading.Event(), threading.Semaphore(0)
    running: list[int] = []

    def slow(_: SupervisedPlanner, request: PlanRequest, **__: object) -> Plan:
        running.append(1)
        begun.release()
        assert go.wait(PATIENCE_S)
        running.pop()
        return fallback_plan(request, "a test")

    monkeypatch.setattr(SupervisedPlanner, "plan", slow)
    planner = BoundedPlanner(deadline_s=3.0, at_once_count=1)
    places = 1 + WAITING_PER_WORKER_COUNT
    with ThreadPoolExecutor(places) as pool:
        try:
            made = [pool.submit(planner.plan, REQUEST) for _ in range(places)]
            assert begun.acquire(timeout=PATIENCE_S)
            while planner._admitted._value:
                pass
            assert planner.plan(REQUEST) == PlannerBusy(3.0)
            assert len(running) == 1  # the others wait
        finally:
            go.set()
    assert all(isinstance(one.result(PATIENCE_S), Plan) for one in made)
    planner.close()


def test_nothing_is_started_before_it_is_needed() -> None:
    planner = BoundedPlanner(deadline_s=1.0, at_once_count=1)
    planner.close()
    assert planner._planner is None
