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
from pathlib import Path
from typing import Any

READY_S = 30.0  # a machine that is busy with other tests needs longer than the 5 s of R01
SERVE = ("-m", "kwartier", "serve")
_ADDRESS = re.compile(r"running on http://127\.0\.0\.1:(\d+)")


@dataclass
class RunningService:
    """A server that answers, its data folder, and its log."""

    process: "subprocess.Popen[bytes]"
    port: int
    data_dir: Path
    log: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def new_client(self, partner: str) -> dict[str, str]:
        """A client of a new partner, made with the commands that an operator has."""
        run_kwartier(self.data_dir, "partner", "create", partner, "--json")
        client: dict[str, str] = run_kwartier(self.data_dir, "client", "create", partner, "--json")
        return client


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
    data_dir: Path, *, program: Sequence[str] = SERVE, **settings: str
) -> Iterator[RunningService]:
    """The service, from its first answer on; killed at the end where it still runs."""
    log = data_dir / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *program],
            cwd=data_dir,
            env=environment(data_dir, KWARTIER_HTTP_PORT="0", **settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield RunningService(process, _port(process, log), data_dir, log)
    finally:
        process.kill()
        process.wait()


def _port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    deadline_s = time.monotonic() + READY_S
    while time.monotonic() < deadline_s and process.poll() is None:
        if found := _ADDRESS.search(log.read_text()):
            return int(found[1])
        time.sleep(0.05)
    raise RuntimeError(f"the service did not start: {log.read_text()}")
