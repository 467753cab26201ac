"""The loop of every driver: a problem comes in as one line of JSON, a timed schedule goes out as another.

Runs inside the peers' environments, so it uses nothing but the standard library.
"""

import gc
import json
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

Json = dict[str, Any]


def timed(action: Callable[[], Any]) -> tuple[Any, Json]:
    """What an action returns, and its `wall_ms` and `cpu_ms` (all threads); earlier garbage is cleared away first."""
    gc.collect()
    wall, cpu = perf_counter(), process_time()
    answer = action()
    return answer, {"wall_ms": (perf_counter() - wall) * 1000.0, "cpu_ms": (process_time() - cpu) * 1000.0}


def most_memory_mib() -> float:
    """The most memory that this process has held so far, MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    facts = dict(line.split(":", 1) for line in lines)
    return int(facts["VmHWM"].split()[0]) / 1024.0


def answer_all(solve: Callable[[Json], Json], packages: list[str], **facts: Any) -> None:
    """Say hello with the packages' versions and other facts, then answer problems until there are no more.

    `solve` returns `wall_ms`, `cpu_ms` and `schedule`: power in W per device and step, positive when consumed. A
    problem that it cannot solve is answered with `error`. What libraries print goes to stderr.
    """
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    hello = {"versions": {name: version(name) for name in packages}, **facts}
    print(json.dumps(hello), file=channel)
    for line in sys.stdin:
        try:
            answer = solve(json.loads(line))
        except Exception as error:  # noqa: BLE001  whatever a peer raises is its answer
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer | {"memory_mib": most_memory_mib()}), file=channel)
