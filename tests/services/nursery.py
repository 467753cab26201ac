"""Processes of the service that start within a tenth of a second; see `nursery_program`."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any


class Nursery:
    """One process that is never a service itself, and is told to become another one."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("nursery_program.py")
        # A process with threads should not be forked; numpy would start some.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self._lock = Lock()

    def asked(self, wish: Mapping[str, Any]) -> int:
        """The answer to a wish."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with self._lock:
            stdin.write(json.dumps(wish).encode() + b"\n")
            stdin.flush()
            return int(stdout.readline())


@cache
def nursery() -> Nursery:
    """The one of this test process; it ends when its input does, and its children with it."""
    return Nursery()


@dataclass
class Child:
    """A process that the nursery started; in the ways that the tests need, like `subprocess.Popen`."""

    pid: int
    returncode: int | None = None

    def __post_init__(self) -> None:
        self._handle = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        """How it has ended; None while it runs."""
        return self.returncode if not self._has_ended(0) else self.wait()

    def wait(self, timeout: float | None = None) -> int:
        """How it has ended, at the latest after so many seconds; minus the signal's number where one killed it."""
        if self.returncode is None:
            if not self._has_ended(timeout):
                raise subprocess.TimeoutExpired(f"service {self.pid}", timeout or 0)
            self.returncode = nursery().asked({"wait": self.pid})
            os.close(self._handle)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, to this process and no other that has its number by now."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(9)

    def _has_ended(self, wait_s: float | None) -> bool:
        return self.returncode is not None or bool(select.select([self._handle], [], [], wait_s)[0])


def start(
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    crash: tuple[str, int] | None,
    begins: datetime | None = None,
) -> Child:
    """A service on a folder.

    `crash` is a named moment at which it dies, and how often it passes before; `begins` what its clock says at the
    start, where that is not what the machine's says.
    """
    wish = {
        "folder": str(folder),
        "environment": dict(environment),
        "log": str(log),
        "crash": crash,
        "begins": begins.isoformat() if begins is not None else None,
    }
    return Child(nursery().asked(wish))
