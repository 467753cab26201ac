"""Whatever is wrong with a file or an option: a sentence, the exit code, never a traceback."""

import json
from pathlib import Path

import pytest

from tests.adapters.cli import cli_case
from tests.adapters.cli.cli_case import Change, demo_request, invoke, run_process, write_json, write_request

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "cut off": (json.dumps(demo_request()).encode()[:5000], "the text ends in the middle, at line 1, column"),
    "empty": (b"", "the text is empty"),
    "not a number": (b'{"at": NaN}', "line 1, column 8: NaN is not JSON; write null"),
    "10 MB": (b'{"at": "' + b"x" * 10_000_000 + b'"}', "larger than 8 MiB"),
    "a comma too many": (b'{\n "at": 1,\n}', "not JSON at line"),
    "a key twice": (b'{"at": 1, "at": 2}', 'the key "at" stands twice'),
    "not UTF-8": ('{"at": "é"}'.encode("latin-1"), "not UTF-8 at line 1, column 9"),
    "too deep": (b"[" * 70 + b"]" * 70, "nested deeper than 64 levels"),
}
COMMANDS = {"validate": 1, "plan": 1, "check": 2}


def arguments(command: str, file: Path) -> list[str]:
    """The command with the file at the place of its first document."""
    other = file.with_name("other.json")
    other.write_text("{}", encoding="utf-8")
    return [command, str(file), *[str(other)] * (COMMANDS[command] - 1)]


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["to read", "json"])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", UNREADABLE)
def test_a_text_that_is_no_json_is_bad_usage(
    tmp_path: Path, case: str, command: str, flags: list[str]
) -> None:
    file = tmp_path / "bad.json"
    content, message = UNREADABLE[case]
    file.write_bytes(content)
    result = invoke(*arguments(command, file), *flags)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {file}: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_not_there_is_bad_usage(tmp_path: Path, command: str) -> None:
    result = invoke(*arguments(command, tmp_path / "nowhere.json"))
    assert result.exit_code == 2
    assert "nowhere.json: there is no such file; check the path" in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_is_no_file(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "folder.json"
    folder.mkdir()
    result = invoke(*arguments(command, folder))
    assert result.exit_code == 2
    assert "folder.json: is a folder; name a file in it" in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_may_not_be_read_is_bad_usage(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = arguments(command, write_json(tmp_path / "secret.json", {}))

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    result = invoke(*given)
    assert result.exit_code == 2
    assert "secret.json: no permission to read it; change its permissions" in result.stderr


def test_a_circle_of_links_is_bad_usage(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(link)
    result = invoke("plan", link)
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


@pytest.mark.parametrize(
    ("change", "rule", "path"),
    [
        (cli_case.unknown_field, "shape.unknown_field", "$.colour"),
        (cli_case.time_without_offset, "shape.value", "$.at"),
        (cli_case.price_gap, "series.gap", "$.day_ahead.eur_per_mwh"),
        (
            cli_case.collector_cycle,
            "collector.cycle",
            "$.site.configurations.site_configuration.collector_list[",
        ),
        (
            cli_case.unknown_collector,
            "device.unknown_collector",
            "$.site.configurations.site_configuration.device_list[0].collector",
        ),
    ],
)
def test_a_request_that_cannot_be_planned_gives_its_findings(
    tmp_path: Path, change: Change, rule: str, path: str
) -> None:
    request = write_request(tmp_path, change)
    as_json = invoke("plan", request, "--json", "-o", tmp_path / "plan.json")
    assert as_json.exit_code == 1
    findings = json.loads(as_json.stdout)["findings"]
    assert any(one["rule"] == rule and one["path"].startswith(path) for one in findings)
    assert as_json.stderr == ""
    assert not (tmp_path / "plan.json").exists()
    to_read = invoke("plan", request)
    assert to_read.exit_code == 1
    assert f"rule {rule}" in to_read.stdout
    assert to_read.stderr == ""


@pytest.mark.parametrize(
    "change",
    [
        cli_case.unknown_field,
        cli_case.time_without_offset,
        cli_case.price_gap,
        cli_case.collector_cycle,
        cli_case.unknown_collector,
    ],
)
def test_no_plan_of_a_wrong_request_passes_the_check(tmp_path: Path, change: Change) -> None:
    plan = tmp_path / "plan.json"
    assert invoke("plan", write_request(tmp_path), "-o", plan).exit_code == 0
    result = invoke("check", write_request(tmp_path, change), plan, "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["violations"]
    assert answer["money"] is None


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (".", "is a folder, or lies below a file"),
        ("no/such/folder/plan.json", "its folder does not exist; make it"),
        ("request.json/plan.json", "is a folder, or lies below a file"),
        ("request.json", "is named twice"),
        ("-", "- is no output file; --json prints the plan"),
    ],
)
@pytest.mark.parametrize("option", ["-o", "--plot"])
def test_an_output_that_cannot_be_written_is_bad_usage(
    tmp_path: Path, place: str, message: str, option: str
) -> None:
    request = write_request(tmp_path)
    before = request.read_bytes()
    target = place if place == "-" else str(tmp_path / place)
    result = invoke("plan", request, option, target)
    assert result.exit_code == 2
    assert message in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["request.json"]
    assert request.read_bytes() == before


def test_a_write_protected_file_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = write_json(tmp_path / "plan.json", "mine")
    # The tests may run as a user to whom no file is write-protected.
    monkeypatch.setattr("kwartier.adapters.cli.json_files.os.access", lambda *_: False)
    result = invoke("plan", write_request(tmp_path), "-o", plan)
    assert result.exit_code == 2
    assert "plan.json: no permission to write it" in result.stderr
    assert plan.read_text(encoding="utf-8") == '"mine"'


def test_two_outputs_must_differ(tmp_path: Path) -> None:
    same = tmp_path / "same"
    result = invoke("plan", write_request(tmp_path), "-o", same, "--plot", tmp_path / "." / "same")
    assert result.exit_code == 2
    assert not same.exists()


def test_standard_input_holds_one_document() -> None:
    result = invoke("check", "-", "-", stdin=b"{}")
    assert result.exit_code == 2
    assert "- is named twice" in result.stderr


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["plan"], "Missing argument 'REQUEST.json'"),
        (["plan", "a.json", "b.json"], "unexpected extra argument"),
        (["plan", "a.json", "--nonsense"], "No such option: --nonsense"),
        (["schema", "nonsense"], "'nonsense' is not one of 'site', 'plan-request', 'plan'"),
        (["valdate"], "Did you mean 'validate'"),
        (["demo", "--folder"], "requires an argument"),
    ],
)
def test_wrong_arguments_are_bad_usage(given: list[str], message: str) -> None:
    result = invoke(*given)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr


def test_a_full_disk_behind_standard_output_is_said(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    request = write_request(tmp_path)
    command = f'"$0" -m kwartier plan "{request}" "$@" > {full}'
    for flags in ([], ["--json"]):
        result = cli_case.run_shell(command, *flags, cwd=tmp_path)
        assert result.returncode == 2
        assert result.stderr == b"Error: standard output: No space left on device; send it somewhere else\n"


@pytest.mark.parametrize("name", ["cut off", "not a number", "10 MB"])
def test_a_process_ends_with_the_same_code_and_one_line(tmp_path: Path, name: str) -> None:
    content, message = UNREADABLE[name]
    result = run_process("plan", "-", "--json", cwd=tmp_path, stdin=content)
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr.startswith(b"Error: standard input: ")
    assert message.encode() in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_fault_of_kwartier_itself_says_so(tmp_path: Path) -> None:
    program = (
        "import kwartier.adapters.cli.main as cli, kwartier.site.parse as parse\n"
        "parse.read_site = lambda value: 1 // 0\n"
        "cli.main()\n"
    )
    site = write_json(tmp_path / "site.json", demo_request()["site"])
    result = cli_case.run_python(program, "validate", str(site), cwd=tmp_path)
    assert result.returncode == 3
    assert b"a mistake in kwartier, not in your files: ZeroDivisionError" in result.stderr
    assert b"Traceback" not in result.stderr
    result = cli_case.run_python(program, "validate", str(site), cwd=tmp_path, KWARTIER_TRACEBACK="1")
    assert result.returncode == 3
    assert b"Traceback" in result.stderr
