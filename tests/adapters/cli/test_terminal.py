"""Where the output goes: pipes, terminals, other encodings, narrow windows; and how fast the help is there."""

import json
import os
import pty
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.adapters.cli import cli_case
from tests.adapters.cli.cli_case import demo_request, invoke, run_process, write_json, write_request

COMMANDS = ["validate", "plan", "check", "schema", "demo"]
ESCAPE = b"\x1b"


def on_a_terminal(*arguments: str | Path, cwd: Path, **environment: str) -> bytes:
    """What a terminal of 80 columns receives from a command on both of its streams."""
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "kwartier", *map(str, arguments)],
        cwd=cwd,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=cli_case.process_environment() | {"TERM": "xterm-256color", "COLUMNS": "80"} | environment,
    )
    os.close(inner)
    received = b""
    try:
        while piece := os.read(outer, 65_536):
            received += piece
    except OSError:  # Linux says EIO when the last writer has gone
        pass
    os.close(outer)
    assert process.wait(timeout=60) in (0, 1)
    return received


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example_and_fits_in_80_columns(command: str) -> None:
    result = invoke(command, "--help")
    assert result.exit_code == 0
    assert f"Example:\n    kwartier {command}" in result.stdout
    assert "--json" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stdout.isascii()


def test_the_help_lists_every_command() -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    assert [name for name in COMMANDS if f"\n  {name} " in result.stdout] == COMMANDS
    assert "..." not in result.stdout.replace("[ARGS]...", "")


def test_the_version_is_one_line() -> None:
    result = invoke("--version")
    assert result.exit_code == 0
    assert re.fullmatch(r"kwartier(, | )\S.*\n", result.stdout)


def test_the_help_loads_no_solver_no_arrays_and_no_charts(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from kwartier.app.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "slow = {'numpy', 'highspy', 'plotly', 'pydantic', 'sqlalchemy', 'zoneinfo'} & set(sys.modules)\n"
        "print(sorted(slow), file=sys.stderr)\n"
    )
    result = cli_case.run_python(program, "--help", cwd=tmp_path)
    assert result.stdout.startswith(b"Usage: kwartier")
    assert result.stderr == b"[]\n"


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["to read", "json"])
def test_a_pipe_gets_no_control_characters_and_no_blanks_at_line_ends(
    tmp_path: Path, flags: list[str]
) -> None:
    result = run_process("plan", write_request(tmp_path), *flags, cwd=tmp_path)
    assert result.returncode == 0
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", result.stdout + result.stderr)
    assert b" \n" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80 or flags


def test_an_encoding_without_the_letters_shows_them_as_escapes(tmp_path: Path) -> None:
    request = demo_request()
    request["site"]["name"] = "Straße"
    request["site"]["é"] = 1
    site = write_json(tmp_path / "site.json", request["site"])
    run = partial(run_process, cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    result = run("validate", site)
    assert result.returncode == 1
    assert rb"\xe9" in result.stdout
    del request["site"]["é"]
    request_file = write_json(tmp_path / "request.json", request)
    for flags in ([], ["--json"]):
        result = run("plan", request_file, *flags)
        assert result.returncode == 0, result.stderr
        assert result.stdout.isascii()
    assert json.loads(result.stdout)["site_id"] == "demo-hub"
    result = run("validate", "é.json")
    assert result.returncode == 2
    assert b"there is no such file" in result.stderr


def test_a_terminal_shows_colour_unless_the_user_wants_none(tmp_path: Path) -> None:
    request = demo_request()
    cli_case.unknown_collector(request)
    site = write_json(tmp_path / "site.json", request["site"])
    assert b"\x1b[1;31mERROR\x1b[0m" in on_a_terminal("validate", site, cwd=tmp_path)
    without = on_a_terminal("validate", site, cwd=tmp_path, NO_COLOR="1")
    assert b"ERROR" in without
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]", without)


def test_a_terminal_sees_that_something_goes_on_and_nothing_of_it_stays(tmp_path: Path) -> None:
    received = on_a_terminal("plan", write_request(tmp_path), cwd=tmp_path)
    assert b"Planning ..." in received
    assert received.index(b"Planning ...") < received.index(b"Demo charging hub")
    assert received.count(b"\x1b[?25l") == received.count(b"\x1b[?25h")  # the cursor is shown again
    lines = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", received).split(b"\r\n")
    assert max(len(line.decode().split("\r")[-1]) for line in lines) <= 80


def test_json_on_a_terminal_has_no_colours(tmp_path: Path) -> None:
    received = on_a_terminal("schema", "site", cwd=tmp_path)
    assert ESCAPE not in received
    assert json.loads(received)["title"] == "Site"


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    request = write_request(tmp_path)
    command = f'"$0" -m kwartier plan "{request}" --json | head -c 20'
    result = cli_case.run_shell(command, cwd=tmp_path)
    assert result.stdout == b'{"plan_id":"' + result.stdout[12:20]
    assert result.stderr == b""


def test_the_module_and_the_program_are_called_the_same(tmp_path: Path) -> None:
    result = run_process("plan", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith(b"Usage: kwartier plan ")
