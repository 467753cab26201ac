"""Requests, worker commands, and a look at the processes and open files of this process."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

from kwartier import Plan, PlanRequest

FOLDER = Path(__file__).resolve().parent
RUNAWAY_WORKER = (sys.executable, str(FOLDER / "runaway_worker.py"))
TOLERANCE_S = 0.1
"""An answer comes by its deadline and this much: the promise of docs/decisions/0004."""


def misbehaving_worker(plan_file: Path) -> tuple[str, ...]:
    """The command of a worker that knows the plan in a file."""
    return sys.executable, str(FOLDER / "misbehaving_worker.py"), str(plan_file)


def small_request(site_id: str = "case", *, pole_count: int = 1, **changes: Any) -> PlanRequest:
    """One car at each pole for the night, cheap energy between 02:00 and 04:00."""
    start = "2025-03-03T00:00:00+01:00"
    pins = {"pin_list": ["pin1", "pin2", "pin3"], "phase_list": ["L1", "L2", "L3"]}
    poles = [
        {
            "name": f"pole_{number}",
            "collector": "main",
            "type": "charging_pole_3phase",
            "line_current": 16,
            "pin_to_phase_mapping": pins,
        }
        for number in range(pole_count)
    ]
    cars = [
        {
            "assetId": f"pole_{number}",
            "transactionId": f"tx_{number}",
            "timestamp": start,
            "transactionState": "Started",
            "startTime": start,
            "departureTime": "2025-03-03T08:00:00+01:00",
            "requestedEnergy": 16_560,
        }
        for number in range(pole_count)
    ]
    board = {"name": "main", "line_current": 63, "phase_voltage": 230, "1P_3P": "3P"}
    site = {
        "site_id": site_id,
        "name": "Case",
        "location": {"name": "Gent", "coordinates": [51.05, 3.73, 8]},
        "country": "BE",
        "configurations": {
            "site_configuration": {"device_list": poles, "collector_list": [board]},
            "optimization_configuration": {"cost_minimization_active": True},
        },
    }
    prices = {
        "start": start,
        "resolution": "PT15M",
        "offtake_eur_per_mwh": [100] * 8 + [40] * 8 + [100] * 80,
        "injection_eur_per_mwh": [0] * 96,
    }
    document = {"site": site, "at": start, "prices": prices, "transactions": cars}
    return PlanRequest.model_validate(document | changes)


def without_times(plan: Plan) -> Plan:
    """The plan, solve times aside: they alone may differ between two runs."""
    quiet = plan.solve.model_copy(update={"build_ms": 0.0, "solve_ms": 0.0, "other_ms": 0.0})
    return plan.model_copy(update={"solve": quiet})


def child_numbers() -> set[int]:
    """The processes that this one has started and not reaped, zombies included.

    Not the servers, the nursery and the browser's driver that other tests of this process share: they live as long as
    it does.
    """
    tasks = Path("/proc/self/task")
    children = {int(number) for task in tasks.iterdir() for number in _text(task / "children").split()}
    return {number for number in children if not _is_shared(number)}


def _is_shared(process_number: int) -> bool:
    process = Path(f"/proc/{process_number}")
    command = _text(process / "cmdline")
    return _text(process / "comm").strip() in ("postgres", "mosquitto") or any(
        shared in command for shared in ("nursery_program", "playwright")
    )


def has_gone(process_number: int) -> bool:
    """Whether a process, of whatever parent, has ended."""
    state = _text(Path(f"/proc/{process_number}/stat")).rpartition(")")[2].split()
    return not state or state[0] in ("Z", "X")


def open_files() -> dict[str, str]:
    """What each open file descriptor of this process leads to."""
    found = {}
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found[descriptor.name] = str(descriptor.readlink())
        except FileNotFoundError:  # the one that listed the folder
            continue
    return found


def withheld_s() -> float:
    """Time that the machine has kept from this thread, s; only differences mean something.

    A shared machine gives its processors to others for tenths of a second at a time, and nobody answers by any
    deadline then. Two accounts of the kernel say how much: what the hypervisor took from the processors ("steal" in
    /proc/stat, of all of them together), and how long this thread was ready to run and did not (the second number of
    /proc/PID/task/TID/schedstat, ns).
    """
    stolen_ticks = int(_text(Path("/proc/stat")).split(maxsplit=9)[8])
    waited_ns = int(_text(Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")).split()[1])
    return stolen_ticks / os.sysconf("SC_CLK_TCK") + waited_ns / 1e9


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""
