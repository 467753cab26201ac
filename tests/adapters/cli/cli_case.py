"""Runs the command line inside the test or as a process of its own, on the demo site as it is or changed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

import kwartier
from kwartier.adapters.cli.main import app
from kwartier.demo import demo_request_json

PACKAGE_FOLDER = Path(kwartier.__file__).resolve().parents[1]

Change = Callable[[dict[str, Any]], None]


def invoke(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """Run a command inside this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def run_process(
    *arguments: str | Path, cwd: Path, stdin: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m kwartier` in a folder, without a terminal."""
    given = [sys.executable, "-m", "kwartier", *map(str, arguments)]
    return _run(given, cwd=cwd, stdin=stdin, environment=environment)


def run_python(
    program: str, *arguments: str, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a Python program that sees these arguments."""
    given = [sys.executable, "-c", program, *arguments]
    return _run(given, cwd=cwd, stdin=None, environment=environment)


def run_shell(command: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell; `$0` is Python, `$@` are the arguments."""
    given = ["sh", "-c", command, sys.executable, *arguments]
    return _run(given, cwd=cwd, stdin=None, environment={})


def _run(
    given: list[str], *, cwd: Path, stdin: bytes | None, environment: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        given,
        cwd=cwd,
        input=b"" if stdin is None else stdin,
        env=process_environment() | environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


def process_environment() -> dict[str, str]:
    """The environment without what changes how a terminal program writes; the package is found from any folder."""
    without = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING"}
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return kept | {"PYTHONPATH": str(PACKAGE_FOLDER), "PYTHONUTF8": "1"}


def demo_request() -> dict[str, Any]:
    """A copy of the demo's plan request that a test may change."""
    request: dict[str, Any] = json.loads(demo_request_json())
    return request


def write_request(folder: Path, *changes: Change) -> Path:
    """The demo's plan request as a file, changed as asked."""
    request = demo_request()
    for change in changes:
        change(request)
    return write_json(folder / "request.json", request)


def write_json(path: Path, document: Any) -> Path:
    """A document as a JSON file; NaN is written as Python writes it."""
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def site_configuration(request: dict[str, Any]) -> dict[str, Any]:
    """The devices and collectors inside a plan request."""
    configuration: dict[str, Any] = request["site"]["configurations"]["site_configuration"]
    return configuration


def collector_cycle(request: dict[str, Any]) -> None:
    """Two boards that feed each other, and that no other one feeds."""
    collectors = site_configuration(request)["collector_list"]
    root, room, building = collectors
    root["children"] = [child for child in root["children"] if isinstance(child, dict)]
    room["children"], building["children"] = ["building_board"], ["technical_room"]


def price_gap(request: dict[str, Any]) -> None:
    """One quarter-hour without a price."""
    request["day_ahead"]["eur_per_mwh"][40] = None


def time_without_offset(request: dict[str, Any]) -> None:
    """A moment that could be anywhere on Earth."""
    request["at"] = "2025-10-03T06:52:10"


def unknown_field(request: dict[str, Any]) -> None:
    """A field that the document does not know."""
    request["colour"] = "red"


def unknown_collector(request: dict[str, Any]) -> None:
    """A pole on a board that is not there."""
    site_configuration(request)["device_list"][0]["collector"] = "bord_a"


def overload(request: dict[str, Any]) -> None:
    """A building that by itself needs more than its board allows, on L1."""
    site_configuration(request)["collector_list"][2]["line_current"] = 60
    request["forecasts"]["building"]["power_w"]["L1"][20:30] = [30_000] * 10


def shortage(request: dict[str, Any]) -> None:
    """A car that asks for more than it can get."""
    car = request["transactions"][0]
    car |= {"requestedEnergy": 500_000, "departureTime": "2025-10-03T09:00:00+02:00"}
