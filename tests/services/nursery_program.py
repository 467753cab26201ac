"""Imports the service once, then starts it as often as it is asked: importing is most of what a start takes.

Each line read is a wish: `{"folder", "environment", "log", "crash", "begins"}` starts `kwartier serve` and is answered
with its process id, `{"wait"}` is answered with how that process has ended. `crash` is a named moment at which the
service kills itself, and how often it passes before; null for none. `begins` is what its clock says at the start; null
for the machine's clock.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from kwartier.adapters.system.fast_clock import FastClock
from kwartier.app.lean_imports import lean_imports
from kwartier.app.settings import load_settings
from kwartier.service.ports import CrashPoints, no_crash

with lean_imports():
    from kwartier.app.serve import serve

PR_SET_PDEATHSIG = 1  # prctl(2)
# What a service imports only once it knows its settings: the dashboard (half a second) and PostgreSQL's driver.
with lean_imports():
    for name in ("kwartier.adapters.dashboard.mount", "kwartier.adapters.sql.postgresql_measurement_group"):
        importlib.import_module(name)


def run(wish: dict[str, Any]) -> None:
    """Be the service."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    with Path(wish["log"]).open("wb") as log, Path(os.devnull).open("rb") as nothing:
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source.fileno(), target)
    os.chdir(wish["folder"])
    os.environ.clear()
    os.environ.update(wish["environment"])
    serve(
        load_settings(),
        crash_points=crashing(*wish["crash"]) if wish["crash"] else no_crash,
        clock=clock_from(datetime.fromisoformat(wish["begins"])) if wish["begins"] else None,
    )


def clock_from(moment: datetime) -> FastClock:
    """A clock that says this moment now, and goes as fast as the machine's."""
    clock = FastClock(moment, 1.0)
    clock.begin()
    return clock


def crashing(name: str, pass_count: int) -> CrashPoints:
    """What dies at the named moment, as by a power cut of this process: nothing is cleaned up."""
    left = [pass_count]

    def crash(seen: str) -> None:
        if seen == name:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return crash


def answer(number: int) -> None:
    """One line."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


for line in sys.stdin:
    wish = json.loads(line)
    if "wait" in wish:
        answer(os.waitstatus_to_exitcode(os.waitpid(wish["wait"], 0)[1]))
    elif pid := os.fork():
        answer(pid)
    else:
        run(wish)
        sys.exit(0)
