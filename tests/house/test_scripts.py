"""The scripts run from anywhere, and a build server runs what a person runs."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.project import ROOT

SCRIPTS = sorted(path for path in (ROOT / "script").iterdir() if path.is_file())
PROGRAMS = [*SCRIPTS, ROOT / ".ci" / "run"]


def is_bash(path: Path) -> bool:
    return path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_scripts_that_the_readers_look_for_are_there() -> None:
    assert {"bootstrap", "run", "test", "nightly"} <= {path.name for path in SCRIPTS}


@pytest.mark.parametrize("path", PROGRAMS, ids=ids)
def test_a_script_can_be_executed(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("#!")
    assert os.access(path, os.X_OK)


@pytest.mark.parametrize("path", [path for path in PROGRAMS if is_bash(path)], ids=ids)
def test_a_shell_script_stops_at_the_first_error_and_parses(path: Path) -> None:
    assert "\nset -euo pipefail\n" in path.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_the_build_server_runs_the_test_script_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set "))]
    assert len(commands) == 1
    assert re.match(r'exec ".*/script/test" "\$@"$', commands[0])


def test_bootstrap_refuses_an_argument_it_does_not_know(tmp_path: Path) -> None:
    result = subprocess.run(
        [str(ROOT / "script" / "bootstrap"), "--nonsense"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "--nonsense" in result.stderr
