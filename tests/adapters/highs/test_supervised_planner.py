"""A supervised plan is the plan that `kwartier.plan` makes, and whatever else happens is said and answered."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

from kwartier import InvalidRequest, PlanRequest, plan
from kwartier.adapters.highs.outcome import (
    Answered,
    Died,
    Garbage,
    NotStarted,
    Outcome,
    Stage,
    TimedOut,
    died,
    why,
)
from kwartier.adapters.highs.supervised_planner import PoolClosed, SupervisedPlanner
from kwartier.demo import demo_request_json
from tests.adapters.highs.planner_case import (
    RUNAWAY_WORKER,
    child_numbers,
    has_gone,
    misbehaving_worker,
    small_request,
    without_times,
)

AMPLE_S = 30.0
STARTS_NEVER = (sys.executable, "-c", "import time; time.sleep(3600)")


@pytest.fixture
def planner() -> Iterator[SupervisedPlanner]:
    with SupervisedPlanner(deadline_s=AMPLE_S) as planner:
        yield planner


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """What the misbehaving worker knows: the plan of `small_request()`."""
    path = tmp_path / "plan.json"
    path.write_text(plan(small_request()).model_dump_json(), encoding="utf-8")
    return path


def pole_twice() -> PlanRequest:
    """A request whose site is wrong in more than one place."""
    document = small_request(pole_count=2).model_dump(mode="json")
    for device in document["site"]["configurations"]["site_configuration"]["device_list"]:
        device |= {"name": "pole_0", "collector": "nowhere"}
    return PlanRequest.model_validate(document)


def until(condition: Callable[[], bool]) -> bool:
    """Wait for something that takes a moment; whether it came."""
    end_s = monotonic() + AMPLE_S
    while not condition() and monotonic() < end_s:
        sleep(0.005)
    return condition()


def test_a_supervised_plan_is_the_plan_itself(planner: SupervisedPlanner) -> None:
    request = PlanRequest.model_validate_json(demo_request_json())
    assert planner.last_outcome is None
    answer = planner.plan_and_outcome(request)
    assert without_times(answer.plan) == without_times(plan(request))
    assert isinstance(answer.outcome, Answered)
    assert 0.0 < answer.outcome.after_s < AMPLE_S
    assert planner.last_outcome == answer.outcome


def test_what_is_wrong_with_a_request_is_said_as_without_supervision(planner: SupervisedPlanner) -> None:
    request = pole_twice()
    with pytest.raises(InvalidRequest) as own:
        plan(request)
    with pytest.raises(InvalidRequest) as supervised:
        planner.plan(request)
    assert len(own.value.findings) > 1
    assert supervised.value.findings == own.value.findings
    assert str(supervised.value) == str(own.value)
    assert isinstance(planner.last_outcome, Answered)


def test_a_worker_that_refused_a_request_plans_the_next_one() -> None:
    with SupervisedPlanner(deadline_s=AMPLE_S, worker_count=1) as planner:
        workers = child_numbers()
        with pytest.raises(InvalidRequest):
            planner.plan(pole_twice())
        assert planner.plan(small_request()).status == "optimal"
        assert child_numbers() == workers


def test_what_is_wrong_with_a_request_is_said_also_without_a_worker(plan_file: Path) -> None:
    document = pole_twice().model_dump(mode="json")
    document["site"]["site_id"] = "exits"
    with SupervisedPlanner(worker_command=misbehaving_worker(plan_file)) as planner:
        with pytest.raises(InvalidRequest):
            planner.plan(PlanRequest.model_validate(document))
        assert planner.last_outcome == Died(1, None)


def test_what_the_solver_prints_disturbs_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with SupervisedPlanner(deadline_s=AMPLE_S, worker_command=RUNAWAY_WORKER) as planner:
        for site_id in ("chatty", "case"):
            assert isinstance(planner.plan_and_outcome(small_request(site_id)).outcome, Answered)
    assert capfd.readouterr() == ("", "said in Python\nsaid in C\n")


def test_the_reason_for_a_fallback_is_in_the_plans_warnings(plan_file: Path) -> None:
    command = misbehaving_worker(plan_file)
    with SupervisedPlanner(deadline_s=AMPLE_S, worker_command=command) as planner:
        assert planner.wait_until_ready(AMPLE_S)
        answer = planner.plan(small_request("is_killed"))
        assert [text for text in answer.warnings if "the optimiser's process was killed by SIGKILL" in text]


def test_the_reason_is_the_true_one_also_where_the_fallback_was_made_before(plan_file: Path) -> None:
    """A worker that closes its output and goes on is given half a second; a quarter of the deadline is less."""
    with SupervisedPlanner(worker_command=misbehaving_worker(plan_file)) as planner:
        assert planner.wait_until_ready(AMPLE_S)
        answer = planner.plan_and_outcome(small_request("closes_its_output"), deadline_s=1.0)
    assert answer.outcome == Garbage("it closed its output and went on")
    assert [text for text in answer.plan.warnings if "it closed its output" in text]
    assert not [text for text in answer.plan.warnings if "within 1 s" in text]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (TimedOut(10.0, Stage.PLAN), "no answer within 10 s (its worker was still planning)"),
        (TimedOut(0.5, Stage.START), "no answer within 0.5 s (its worker was still starting)"),
        (TimedOut(0.5, Stage.FREE_WORKER), "no answer within 0.5 s (every worker was busy)"),
        (died(-11), "killed by SIGSEGV"),
        (died(-40), "killed by signal 40"),
        (died(12), "more memory than it may have"),
        (died(1), "exit code 1; its standard error says more"),
        (Garbage("it answers another request"), "could not be used: it answers another request"),
        (NotStarted("No such file or directory"), "could not be started: No such file or directory"),
    ],
)
def test_every_outcome_has_its_words(outcome: Outcome, words: str) -> None:
    assert not isinstance(outcome, Answered)
    assert words in why(outcome)


def test_a_worker_that_is_still_starting_does_not_hold_up_the_answer() -> None:
    with SupervisedPlanner(worker_command=STARTS_NEVER) as planner:
        assert planner.plan(small_request(), deadline_s=0.2).status == "fallback"
        assert planner.last_outcome == TimedOut(0.2, Stage.START)
        assert not planner.wait_until_ready(0.05)


def test_a_request_larger_than_a_pipe_to_a_worker_that_reads_nothing_does_not_hold_up_the_answer() -> None:
    request = small_request(pole_count=300)
    assert len(request.model_dump_json()) > 100_000  # a pipe holds 65,536 bytes; see pipe(7)
    with SupervisedPlanner(worker_command=STARTS_NEVER) as planner:
        assert planner.plan(request, deadline_s=2.0).status == "fallback"
        assert planner.last_outcome == TimedOut(2.0, Stage.START)


def test_a_large_request_gets_its_large_plan(planner: SupervisedPlanner) -> None:
    request, pipe_bytes = small_request(pole_count=150, options={"search_nodes": 0}), 65_536
    answer = planner.plan_and_outcome(request, deadline_s=60.0)
    assert isinstance(answer.outcome, Answered)
    assert len(request.model_dump_json()) > pipe_bytes
    assert len(answer.plan.model_dump_json()) > 4 * pipe_bytes


def test_who_finds_every_worker_busy_gets_a_fallback_by_the_deadline(plan_file: Path) -> None:
    command = misbehaving_worker(plan_file)
    with SupervisedPlanner(worker_count=1, worker_command=command) as planner, ThreadPoolExecutor(1) as other:
        assert planner.wait_until_ready(AMPLE_S)
        hanging = other.submit(planner.plan_and_outcome, small_request("hangs"), deadline_s=1.0)
        assert until(lambda: planner.ready_count == 0)
        answer = planner.plan_and_outcome(small_request(), deadline_s=0.2)
        assert answer.outcome == TimedOut(0.2, Stage.FREE_WORKER)
        assert answer.plan.status == "fallback"
        assert hanging.result().outcome == TimedOut(1.0, Stage.PLAN)


def test_threads_share_the_workers_and_each_gets_its_own_plan(planner: SupervisedPlanner) -> None:
    requests = [small_request(f"site_{number}") for number in range(12)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(planner.plan_and_outcome, requests))
    assert [one.plan.site_id for one in answers] == [one.site.site_id for one in requests]
    assert all(isinstance(one.outcome, Answered) for one in answers)


def test_a_worker_that_died_unasked_is_replaced_unnoticed(plan_file: Path) -> None:
    with SupervisedPlanner(worker_command=misbehaving_worker(plan_file)) as planner:
        assert planner.wait_until_ready(AMPLE_S)
        first = child_numbers()
        for worker in first:
            os.kill(worker, signal.SIGKILL)
        assert until(lambda: all(has_gone(worker) for worker in first))
        answer = planner.plan_and_outcome(small_request(), deadline_s=AMPLE_S)
        assert isinstance(answer.outcome, Answered)
        assert planner.wait_until_ready(AMPLE_S)
        assert until(lambda: len(child_numbers()) == 2)
        assert not child_numbers() & first


def test_who_waits_for_workers_that_died_unasked_gets_others(plan_file: Path) -> None:
    with SupervisedPlanner(worker_command=misbehaving_worker(plan_file)) as planner:
        assert planner.wait_until_ready(AMPLE_S)
        first = child_numbers()
        for worker in first:
            os.kill(worker, signal.SIGKILL)
        assert until(lambda: all(has_gone(worker) for worker in first))
        assert planner.wait_until_ready(AMPLE_S)
        assert until(lambda: len(child_numbers()) == 2)
        assert not child_numbers() & first


def test_garbage_from_a_worker_that_nobody_asked_is_noticed(tmp_path: Path) -> None:
    script = tmp_path / "babbles.py"
    script.write_text("import sys, time; print('hello there, world', flush=True); time.sleep(3600)\n")
    with SupervisedPlanner(worker_count=1, worker_command=(sys.executable, str(script))) as planner:
        assert not planner.wait_until_ready(0.5)
        assert planner.plan(small_request(), deadline_s=AMPLE_S).status == "fallback"
        assert planner.last_outcome == Garbage("no frame starts with b'h'")


def test_a_command_that_does_not_exist_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SupervisedPlanner(worker_command=[str(tmp_path / "nothing")])


def test_a_worker_that_cannot_be_started_costs_a_plan_and_is_tried_again(
    tmp_path: Path, plan_file: Path
) -> None:
    command = tmp_path / "worker"
    command.write_text('#!/bin/sh\nexec "$@"\n', encoding="utf-8")
    command.chmod(0o700)
    whole = [str(command), *misbehaving_worker(plan_file)]
    with SupervisedPlanner(deadline_s=AMPLE_S, worker_count=1, worker_command=whole) as planner:
        assert planner.wait_until_ready(AMPLE_S)
        command.chmod(0o600)
        assert planner.plan(small_request("exits")).status == "fallback"
        answer = planner.plan_and_outcome(small_request())
        assert answer.outcome == NotStarted("Permission denied")
        assert answer.plan.status == "fallback"
        command.chmod(0o700)
        assert until(lambda: planner.wait_until_ready(0.5))
        assert planner.plan(small_request()).status == "optimal"


def test_a_closed_planner_says_so_and_may_be_closed_again(plan_file: Path) -> None:
    planner = SupervisedPlanner(worker_command=misbehaving_worker(plan_file))
    planner.close()
    planner.close()
    assert child_numbers() == set()
    with pytest.raises(PoolClosed):
        planner.plan(small_request())


def test_closing_ends_a_plan_that_hangs(plan_file: Path) -> None:
    planner = SupervisedPlanner(deadline_s=60.0, worker_command=misbehaving_worker(plan_file))
    assert planner.wait_until_ready(AMPLE_S)
    with ThreadPoolExecutor(1) as other:
        hanging = other.submit(planner.plan_and_outcome, small_request("hangs"))
        assert until(lambda: planner.ready_count == 1)
        planner.close()
        assert child_numbers() == set()
        assert hanging.result(AMPLE_S).outcome == Died(None, signal.SIGKILL)
        assert hanging.result().plan.status == "fallback"


@pytest.mark.parametrize("deadline_s", [0.0, -1.0, float("nan")])
def test_a_deadline_lies_ahead(planner: SupervisedPlanner, deadline_s: float) -> None:
    with pytest.raises(ValueError, match="deadline_s must be above 0"):
        planner.plan(small_request(), deadline_s=deadline_s)


def test_there_is_at_least_one_worker() -> None:
    with pytest.raises(ValueError, match="worker_count must be at least 1"):
        SupervisedPlanner(worker_count=0)
