"""`kwartier serve-demo`, which is what script/run shows: the plan's savings, and a service that can be called."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from kwartier import Plan
from tests.services.running_service import environment


def serve_demo(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "kwartier", "serve-demo", "--port", "0", "--folder", str(folder), *arguments],
        cwd=folder,
        # Nothing of the demo goes into the database of whoever tries it.
        env=environment(folder, KWARTIER_DATABASE_URL=f"sqlite:///{folder}/mine.db"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_printed_line_fetches_the_plan_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    # Its quarter-hours are twice as short here as for a visitor: the second one, if need be, comes as much earlier.
    process = serve_demo(tmp_path, "--speed", "40")
    try:
        lines: list[str] = []
        while not lines or "Ctrl-C" not in lines[-1]:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            lines.append(line)
        curl = next(line.strip() for line in lines if line.strip().startswith("curl"))
        answer = subprocess.run(["bash", "-c", curl], capture_output=True, check=True, timeout=60)
        plan = Plan.model_validate_json(answer.stdout)
        setpoint = first_setpoint(next(line.strip() for line in lines if "paho.mqtt" in line))
        lived = minutes_until_told(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
    assert (plan.site_id, plan.status) == ("demo-hub", "optimal")
    assert setpoint["assetId"] in plan.devices
    assert lived[0].startswith("07:00")
    assert any("saved" in line for line in lines)
    assert (tmp_path / "plan.html").exists()
    assert not (tmp_path / "mine.db").exists()


def minutes_until_told(process: "subprocess.Popen[str]") -> list[str]:
    """A line of each minute of the demo's day, up to the first in which all its devices do as the plan says."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        if "cars, setpoints" in line:
            lines.append(line)
        if "setpoints 15 (optimal)" in line:
            return lines
    raise AssertionError(lines)


def first_setpoint(line: str) -> dict[str, Any]:
    """The first setpoint that the printed line shows; retained, so it is there at once."""
    device = subprocess.Popen(["bash", "-c", line], stdout=subprocess.PIPE, text=True)
    try:
        assert device.stdout is not None
        _, _, document = device.stdout.readline().partition(" ")
        found: dict[str, Any] = json.loads(document)
        return found
    finally:
        device.kill()
        device.communicate()


def test_once_is_enough_for_a_build_server(tmp_path: Path) -> None:
    process = serve_demo(tmp_path, "--once", "--json")
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    savings, end = json.JSONDecoder().raw_decode(output)
    access = json.loads(output[end:])
    assert savings["saved_eur"] > 0
    assert access.keys() == {"url", "client_id", "client_secret", "site_id", "curl", "mqtt", "dashboard"}
