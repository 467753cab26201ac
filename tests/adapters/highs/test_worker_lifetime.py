"""A worker has little, lives no longer than its parent, and does not heed the signals that are meant for the parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from kwartier import plan
from kwartier.adapters.highs.supervised_planner import SupervisedPlanner
from tests.adapters.highs.planner_case import child_numbers, has_gone, misbehaving_worker, small_request

AMPLE_S = 30.0
MEMORY_BYTES = 512 * 2**20

# A service that asks for a plan that hangs, or forgets its planner; first it says which workers it has.
SERVICE = """
import signal
import sys
from kwartier import PlanRequest
from kwartier.adapters.highs.supervised_planner import SupervisedPlanner

# A shell starts what it runs in the background deaf to Ctrl-C, the tests included.
signal.signal(signal.SIGINT, signal.default_int_handler)
ending, request, *command = sys.argv[1:]
planner = SupervisedPlanner(deadline_s=600.0, worker_command=command)
assert planner.wait_until_ready(30.0)
print(*(worker.process_number for worker in planner._pool._unreaped), flush=True)
if ending == "hangs":
    with planner:
        planner.plan(PlanRequest.model_validate_json(request))
"""


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(plan(small_request()).model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def planner() -> Iterator[SupervisedPlanner]:
    with SupervisedPlanner(deadline_s=AMPLE_S, worker_count=1, memory_bytes=MEMORY_BYTES) as planner:
        assert planner.wait_until_ready(AMPLE_S)
        yield planner


def service(ending: str, plan_file: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """Start a service of its own process group; the service and its workers' numbers."""
    request = small_request("hangs_in_c_code").model_dump_json()
    given = [sys.executable, "-c", SERVICE, ending, request, *misbehaving_worker(plan_file)]
    started = subprocess.Popen(
        given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, process_group=0
    )
    assert started.stdout is not None
    workers = [int(number) for number in started.stdout.readline().split()]
    assert len(workers) == 2
    return started, workers


def seconds_until_gone(workers: list[int]) -> float:
    """How long it takes until all have ended; at most `AMPLE_S`."""
    start_s = monotonic()
    while not all(has_gone(worker) for worker in workers) and monotonic() < start_s + AMPLE_S:
        sleep(0.005)
    return monotonic() - start_s


def only_worker() -> int:
    (number,) = child_numbers()
    return number


def test_workers_die_with_a_service_that_is_killed_while_one_hangs(plan_file: Path) -> None:
    started, workers = service("hangs", plan_file)
    with started:
        sleep(0.2)  # for the request to reach the worker
        assert not any(has_gone(worker) for worker in workers)
        started.kill()
        assert seconds_until_gone(workers) < 1.0


def test_workers_die_with_a_service_that_forgets_to_close(plan_file: Path) -> None:
    started, workers = service("forgets", plan_file)
    with started:
        assert started.wait(AMPLE_S) == 0
        assert seconds_until_gone(workers) < 1.0


def test_ctrl_c_ends_a_plan_that_hangs_with_all_workers(plan_file: Path) -> None:
    started, workers = service("hangs", plan_file)
    with started:
        sleep(0.2)
        os.killpg(started.pid, signal.SIGINT)
        assert started.wait(AMPLE_S) == -signal.SIGINT
        assert seconds_until_gone(workers) < 1.0


@pytest.mark.parametrize("heard", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_worker_leaves_stopping_to_its_parent(planner: SupervisedPlanner, heard: signal.Signals) -> None:
    worker = only_worker()
    os.kill(worker, heard)
    assert planner.plan(small_request()).status == "optimal"
    assert only_worker() == worker


def test_workers_outlive_the_thread_that_built_the_planner(plan_file: Path) -> None:
    built: list[SupervisedPlanner] = []
    command = misbehaving_worker(plan_file)
    thread = Thread(target=lambda: built.append(SupervisedPlanner(worker_count=1, worker_command=command)))
    thread.start()
    thread.join()
    with built[0] as planner:
        assert planner.wait_until_ready(AMPLE_S)
        worker = only_worker()
        assert planner.plan(small_request()).status == "optimal"
        assert only_worker() == worker


def test_a_worker_whose_input_ends_ends_itself() -> None:
    given = [sys.executable, "-m", "kwartier.adapters.highs.worker", str(MEMORY_BYTES), str(os.getpid())]
    ended = subprocess.run(given, input=b"", capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == b"R" + bytes(12)


def test_a_worker_of_another_parent_does_not_even_start() -> None:
    given = [sys.executable, "-m", "kwartier.adapters.highs.worker", str(MEMORY_BYTES), "1"]
    ended = subprocess.run(given, input=b"", capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, b"")


def test_a_worker_has_its_memory_cap_and_writes_no_core(planner: SupervisedPlanner) -> None:
    assert planner.ready_count == 1
    lines = Path(f"/proc/{only_worker()}/limits").read_text(encoding="ascii").splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert limits["Max address space"] == [str(MEMORY_BYTES)] * 2
    assert limits["Max core file size"] == ["0", "0"]


def test_a_worker_is_the_kernels_first_choice_when_memory_ends(planner: SupervisedPlanner) -> None:
    assert planner.ready_count == 1
    worker, own = (
        int(Path(f"/proc/{number}/oom_score_adj").read_text(encoding="ascii"))
        for number in (only_worker(), "self")
    )
    assert worker > own


def test_a_worker_gets_no_secret_and_no_open_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plan_file: Path
) -> None:
    monkeypatch.setenv("KWARTIER_DATABASE_PASSWORD", "canary")
    with (tmp_path / "open").open("wb") as file:
        os.set_inheritable(file.fileno(), True)
        with SupervisedPlanner(worker_count=1, worker_command=misbehaving_worker(plan_file)) as planner:
            assert planner.wait_until_ready(AMPLE_S)
            folder = Path("/proc") / str(only_worker())
            assert b"canary" not in (folder / "environ").read_bytes()
            leads_to = [str(link.readlink()) for link in (folder / "fd").iterdir()]
            assert str(tmp_path / "open") not in leads_to
            # Input, output and errors, and the pipes of requests and answers; errors go where the parent's go.
            assert len(leads_to) == 5
