import threading

import pytest

from kwartier.app.scheduler import Scheduler
from kwartier.service.faults import StoreUnavailable
from kwartier.testing.fakes.clock import FakeClock

PATIENCE_S = 10.0


class Job:
    """Counts its runs, and can be waited for."""

    def __init__(self) -> None:
        self.run_count = 0
        self.has_run = threading.Event()

    def __call__(self) -> None:
        self.run_count += 1
        self.has_run.set()


def test_jobs_run_at_the_start_and_in_their_order() -> None:
    order: list[str] = []
    last = Job()
    scheduler = Scheduler(
        {"a": lambda: order.append("a"), "b": lambda: order.append("b"), "c": last}, FakeClock()
    )
    scheduler.start()
    assert last.has_run.wait(PATIENCE_S)
    scheduler.close()
    assert order == ["a", "b"]


def test_a_quarter_hour_is_worked_once() -> None:
    clock, job = FakeClock(), Job()
    scheduler = Scheduler({"a": job}, clock)
    scheduler.start()
    assert job.has_run.wait(PATIENCE_S)
    scheduler.close()
    assert job.run_count == 1


def test_the_next_quarter_hour_is_worked_when_it_comes() -> None:
    clock = FakeClock()
    clock.jump(899.9)  # the quarter-hour ends in 0.1 s
    runs = threading.Semaphore(0)

    def job() -> None:
        runs.release()
        clock.jump(0.1)

    scheduler = Scheduler({"a": job}, clock)
    scheduler.start()
    assert runs.acquire(timeout=PATIENCE_S)
    assert runs.acquire(timeout=PATIENCE_S)
    scheduler.close()


@pytest.mark.parametrize("fault", [StoreUnavailable("away"), ZeroDivisionError("a mistake")])
def test_a_job_that_fails_keeps_no_other_from_running(fault: Exception) -> None:
    def failing() -> None:
        raise fault

    job = Job()
    scheduler = Scheduler({"a": failing, "b": job}, FakeClock())
    scheduler.start()
    assert job.has_run.wait(PATIENCE_S)
    scheduler.close()


def test_closing_ends_it_at_once() -> None:
    job = Job()
    scheduler = Scheduler({"a": job}, FakeClock())
    scheduler.start()
    assert job.has_run.wait(PATIENCE_S)
    scheduler.close()
    assert not scheduler._thread.is_alive()


def test_one_that_never_started_closes_too() -> None:
    Scheduler({}, FakeClock()).close()
