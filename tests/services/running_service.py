"""`kwartier serve` in a process of its own, on a free port."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from typer.testing import CliRunner

from kwartier.app.main import app
from tests.services.nursery import start

READY_S = 30.0  # a machine that is busy with other tests may need longer than the 5 s of R01
SERVE = ("-m", "kwartier", "serve")
# What stands in no other text: a secret of every service that the tests start, looked for in its log at the end.
SECRETS = {
    "KWARTIER_SECRET_KEY": "canary-key-of-every-service-0123456789",
    "KWARTIER_ENTSOE_API_KEY": "canary-of-the-price-source-of-every-service",
}
_ADDRESS = re.compile(r"running on https?://127\.0\.0\.1:(\d+)")


class Process(Protocol):
    """What the tests do with a process."""

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """How it has ended; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """How it has ended."""

    def send_signal(self, number: int, /) -> None:
        """Send a signal."""

    def kill(self) -> None:
        """End it at once."""


@dataclass
class RunningService:
    """A server that listens, its data folder, its log, and how long it took to come so far."""

    process: Process
    port: int
    data_dir: Path
    log: Path
    started_after_s: float

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def new_client(self, partner: str) -> dict[str, str]:
        """A client of a new partner, made with the commands that an operator has, in this process."""
        self._command("partner", "create", partner)
        return self.client_of(partner)

    def client_of(self, partner: str) -> dict[str, str]:
        """A client of a partner that there is."""
        client: dict[str, str] = self._command("client", "create", partner)
        return client

    def _command(self, *arguments: str) -> Any:
        settings = environment(self.data_dir)
        result = CliRunner().invoke(app, [*arguments, "--json"], env=settings, catch_exceptions=False)
        return json.loads(result.stdout)


def database_file(data_dir: Path) -> str:
    """The URL of the embedded database in a data folder."""
    return f"sqlite:///{data_dir}/kwartier.db"


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """The environment of a service on a data folder, without settings of whoever runs the tests."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KWARTIER_")}
    return {**inherited, "KWARTIER_DATA_DIR": str(data_dir), "KWARTIER_MQTT_URL": "off", **settings}


def run_kwartier(data_dir: Path, *arguments: str, **settings: str) -> Any:
    """Run a command beside the service; what it printed, as JSON."""
    result = subprocess.run(
        [sys.executable, "-m", "kwartier", *arguments],
        cwd=data_dir,
        env=environment(data_dir, **settings),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return json.loads(result.stdout)


@contextmanager
def running_service(
    data_dir: Path,
    *,
    crash: tuple[str, int] | None = None,
    is_new_program: bool = False,
    program: Sequence[str] = SERVE,
    begins: datetime | None = None,
    **settings: str,
) -> Iterator[RunningService]:
    """The service, from its first answer on; killed at the end where it still runs.

    `crash` is a named moment at which it dies, and how often it passes before. With `is_new_program` the program is
    started as an operator does (or another `program` in its place), else a process that has imported it already takes
    its part; there `begins` is what its clock says at the start.
    """
    log = data_dir / "service.log"
    surroundings = environment(data_dir, KWARTIER_HTTP_PORT="0", **{**SECRETS, **settings})
    log.write_bytes(b"")
    start_s = time.monotonic()
    if is_new_program:
        process: Process = new_program(data_dir, surroundings, log, program)
    else:
        process = start(data_dir, surroundings, log, crash, begins)
    try:
        port = _port(process, log)
        yield RunningService(process, port, data_dir, log, time.monotonic() - start_s)
    finally:
        process.kill()
        process.wait()
        # reliability.md, R48: however it ended, and whatever it was asked.
        told = log.read_text(errors="replace")
        assert [name for name in SECRETS if surroundings[name] in told] == []


def new_program(
    data_dir: Path, surroundings: dict[str, str], log: Path, program: Sequence[str]
) -> "subprocess.Popen[bytes]":
    """`kwartier serve`, or what stands in for it."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, *program],
            cwd=data_dir,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def _port(process: Process, log: Path) -> int:
    deadline_s = time.monotonic() + READY_S
    while time.monotonic() < deadline_s and process.poll() is None:
        if found := _ADDRESS.search(log.read_text()):
            return int(found[1])
        time.sleep(0.01)
    raise RuntimeError(f"the service did not start: {log.read_text()}")
