"""What each command prints and writes when all is well, and when the answer is no."""

import json
import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kwartier.planning.plan import Plan
from tests.adapters.cli import cli_case
from tests.adapters.cli.cli_case import demo_request, invoke, write_json, write_request

DAY = ("--day", "2026-03-01")
"""A day for which the grid amounts of the demo site are known."""


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    return write_request(tmp_path)


def broken_plan(folder: Path, request: Path) -> Path:
    """A plan that one pole follows at twice its rating, and that counts its money wrongly."""
    result = invoke("plan", request, "--json")
    plan = json.loads(result.stdout)
    plan["devices"]["pole_a3"]["current_a"]["pin1"][0] = 64.0
    plan["money"]["total"] -= 100.0
    return write_json(folder / "broken.json", plan)


# --- validate ---------------------------------------------------------------------------------------------


def test_a_right_site_has_no_error(tmp_path: Path) -> None:
    result = invoke("validate", write_json(tmp_path / "site.json", demo_request()["site"]), *DAY)
    assert result.exit_code == 0
    assert result.stdout.endswith("site.json: no error, no warning\n")


def test_a_day_without_known_tariff_amounts_is_warned_of(tmp_path: Path) -> None:
    site = write_json(tmp_path / "site.json", demo_request()["site"])
    result = invoke("validate", site, "--day", "2024-12-31", "--json")
    assert result.exit_code == 0
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["severity"]) == ("dso.no_amounts_known", "WARNING")
    assert finding["path"] == "$.configurations.dso"
    assert finding["allowed"] == "days with amounts: 2025-01-01 to 2025-12-31, 2026-01-01 to 2026-12-31"
    assert "no sheet of Fluvius, Imewo, Low Voltage Network holds for 2024-12-31" in finding["message"]


def test_errors_are_listed_with_place_words_and_rule(tmp_path: Path) -> None:
    request = demo_request()
    cli_case.unknown_collector(request)
    site = write_json(tmp_path / "site.json", request["site"])
    result = invoke("validate", site, *DAY)
    assert result.exit_code == 1
    assert "site.json: 1 error, no warning" in result.stdout
    assert "ERROR  $.configurations.site_configuration.device_list[0].collector" in result.stdout
    assert '"bord_a"' in result.stdout
    assert "rule device.unknown_collector" in result.stdout


def test_findings_as_json_have_the_six_keys_of_the_contract(tmp_path: Path) -> None:
    request = demo_request()
    cli_case.unknown_collector(request)
    result = invoke("validate", write_json(tmp_path / "site.json", request["site"]), "--json", *DAY)
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert list(document) == ["findings"]
    (finding,) = document["findings"]
    assert set(finding) == {"rule", "severity", "path", "message", "observed", "allowed"}
    assert finding["severity"] == "ERROR"


def test_warnings_alone_are_fine(tmp_path: Path) -> None:
    site = demo_request()["site"]
    del site["configurations"]["contract"]
    result = invoke("validate", write_json(tmp_path / "site.json", site), "--json")
    assert result.exit_code == 0
    assert {one["severity"] for one in json.loads(result.stdout)["findings"]} == {"WARNING"}


def test_errors_come_before_warnings_and_a_long_list_is_cut(tmp_path: Path) -> None:
    request = demo_request()
    del request["site"]["configurations"]["contract"]
    request["site"] |= {f"field_{number}": number for number in range(30)}
    site = write_json(tmp_path / "site.json", request["site"])
    result = invoke("validate", site)
    assert "30 errors, 1 warning" in result.stdout
    assert result.stdout.count("ERROR") == 20
    assert "WARNING" not in result.stdout
    assert result.stderr == "... and 11 more; --json lists them all\n"
    assert len(json.loads(invoke("validate", site, "--json").stdout)["findings"]) == 31


def test_a_plan_request_is_told_from_a_site(request_file: Path) -> None:
    result = invoke("validate", request_file)
    assert result.exit_code == 1
    assert "looks like a plan request: kwartier plan judges it" in result.stderr


def test_a_document_cannot_control_the_terminal(tmp_path: Path) -> None:
    request = demo_request()
    request["site"]["name"] = "Hall \x1b[2J\u202e [bold]up[/bold]"
    request["site"]["\x1b]0;title\x07"] = 1
    site = write_json(tmp_path / "site.json", request["site"])
    del request["site"]["\x1b]0;title\x07"]
    for result in (invoke("validate", site), invoke("plan", write_json(tmp_path / "request.json", request))):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", result.stdout)
    assert result.stdout.startswith(r"Hall \x1b[2J\u202e [bold]up[/bold]")


# --- plan -------------------------------------------------------------------------------------------------


def test_the_plan_goes_to_its_file_and_the_result_to_standard_error(
    tmp_path: Path, request_file: Path
) -> None:
    result = invoke("plan", request_file, "-o", tmp_path / "plan.json")
    assert result.exit_code == 0
    assert result.stdout == ""
    plan = Plan.model_validate_json((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert f"plan.json: {plan.status}, {plan.money.total:.2f} EUR" in result.stderr
    assert all(f"Warning: {warning}\n" in result.stderr for warning in plan.warnings)


def without_times(text: str) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(text)
    del plan["solve"]
    return plan


def test_standard_input_and_output_carry_the_same_plan(tmp_path: Path, request_file: Path) -> None:
    result = invoke("plan", "-", "--json", "-o", tmp_path / "plan.json", stdin=request_file.read_bytes())
    assert result.exit_code == 0
    written = (tmp_path / "plan.json").read_text(encoding="utf-8")
    assert without_times(result.stdout) == without_times(written)
    assert without_times(result.stdout)["site_id"] == "demo-hub"


def test_the_summary_says_what_the_plan_says(request_file: Path) -> None:
    plan = Plan.model_validate_json(invoke("plan", request_file, "--json").stdout)
    result = invoke("plan", request_file)
    assert result.exit_code == 0
    assert result.stderr == ""
    rows = dict(re.findall(r"^(\S.*?)  +(\S.*)$", result.stdout, flags=re.MULTILINE))
    arrival_eur = plan.uncontrolled_money.total
    assert [float(amount) for amount in rows["Total"].split()] == [
        round(plan.money.total, 2),
        round(arrival_eur, 2),
        round(plan.money.total - arrival_eur, 2),
    ]
    step = plan.offtake_w.index(max(plan.offtake_w))
    local = plan.steps[step].start.astimezone(ZoneInfo("Europe/Brussels"))
    when = f"{local:%a} {local.day} {local:%b %H:%M}"
    assert rows["Highest quarter-hour"] == f"{max(plan.offtake_w) / 1000:.1f} kW  {when}"
    assert rows["Not charged"] == "0.0 kWh  every car gets what it asks for"
    assert rows["Limits"] == "kept"
    assert "Fri 3 Oct 06:52 to Sun 5 Oct 06:52 (Europe/Brussels)" in result.stdout


def test_the_summary_shows_the_first_setpoints(request_file: Path) -> None:
    plan = Plan.model_validate_json(invoke("plan", request_file, "--json").stdout)
    result = invoke("plan", request_file)
    assert "06:52-07:00" in result.stdout
    assert "07:00-07:15" in result.stdout
    shown = set(re.findall(r"^(\w+) .* A +\d+\.\d kW\b", result.stdout, flags=re.MULTILINE))
    with_car = {
        name
        for name, device in plan.devices.items()
        if device.current_a is not None and any((device.transaction_id or [])[:2])
    }
    assert shown == with_car
    assert with_car
    pole = plan.devices["pole_a3"]
    assert pole.current_a is not None
    current_a, power_w = pole.current_a["pin1"][0], pole.power_w[0]
    assert re.search(rf"^pole_a3 +{current_a:.1f} A +{power_w / 1000:.1f} kW", result.stdout, re.MULTILINE)


def test_shortage_and_broken_limits_are_said_and_still_exit_with_zero(tmp_path: Path) -> None:
    request = write_request(tmp_path, cli_case.shortage, cli_case.overload)
    plan = Plan.model_validate_json(invoke("plan", request, "--json").stdout)
    assert plan.limit_violations
    result = invoke("plan", request)
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    short = {name: short_wh for name, short_wh in plan.unserved_wh.items() if short_wh > 1.0}
    assert f"Not charged {sum(short.values()) / 1000:.1f} kWh" in text
    assert all(f"{name} {short_wh / 1000:.1f}" in text for name, short_wh in short.items())
    steps = {violation.step for violation in plan.limit_violations}
    assert f"Limits broken in {len(steps)} steps; worst: building_board L1 75.0 of 60.0 A" in text
    assert all(f"Warning {warning}" in text for warning in plan.warnings)


def test_a_plan_with_hours_does_not_speak_of_quarter_hours(tmp_path: Path) -> None:
    request = demo_request() | {"options": {"resolution": "mixed"}}
    result = invoke("plan", write_json(tmp_path / "request.json", request))
    assert "Highest step " in result.stdout
    assert "quarter-hour  " not in result.stdout


def test_local_times_follow_the_clock_change(tmp_path: Path) -> None:
    request = demo_request()
    # The last quarter-hour of summer time in Belgium in 2025 starts on 26 October at 00:45 UTC, 02:45 there.
    start = datetime(2025, 10, 26, 0, 45, tzinfo=UTC)
    for series in (request["day_ahead"], *request["forecasts"].values()):
        series["start"] = start.isoformat()
    # Repeated, so that each series covers the two days.
    request["day_ahead"]["eur_per_mwh"] *= 2
    request["forecasts"]["roof_pv"]["power_w"] *= 2
    by_phase = request["forecasts"]["building"]["power_w"]
    by_phase |= {phase: power_w * 2 for phase, power_w in by_phase.items()}
    request |= {"at": start.isoformat(), "transactions": []}
    result = invoke("plan", write_json(tmp_path / "request.json", request))
    assert result.exit_code == 0, result.stdout
    assert "Sun 26 Oct 02:45 to Tue 28 Oct 01:45" in result.stdout
    assert re.search(r"02:45-02:00 +02:00-02:15", result.stdout)


def test_the_page_is_written(tmp_path: Path, request_file: Path) -> None:
    result = invoke("plan", request_file, "--plot", tmp_path / "plan.html", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["site_id"] == "demo-hub"
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert "<title>Demo charging hub" in page
    assert "local time, Europe/Brussels" in page
    assert result.stderr.endswith("plan.html: open it in a browser\n")


def test_a_written_file_replaces_the_old_one_keeps_its_mode_and_leaves_nothing(
    tmp_path: Path, request_file: Path
) -> None:
    (tmp_path / "real.json").write_text("old", encoding="utf-8")
    (tmp_path / "real.json").chmod(0o640)
    (tmp_path / "link.json").symlink_to("real.json")
    assert invoke("plan", request_file, "-o", tmp_path / "link.json").exit_code == 0
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text(encoding="utf-8"))["site_id"] == "demo-hub"
    assert stat.S_IMODE((tmp_path / "real.json").stat().st_mode) == 0o640
    assert {path.name for path in tmp_path.iterdir()} == {"request.json", "real.json", "link.json"}


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, request_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kwartier.adapters.cli.json_files.os.fsync", full)
    result = invoke("plan", request_file, "-o", plan)
    assert result.exit_code == 2
    assert "plan.json: cannot be written: No space left on device" in result.stderr
    assert plan.read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"request.json", "plan.json"}


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path, request_file: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    command = f'cat pipe & "$0" -m kwartier plan "{request_file}" -o pipe; wait'
    result = cli_case.run_shell(command, cwd=tmp_path)
    assert json.loads(result.stdout)["site_id"] == "demo-hub"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


# --- check ------------------------------------------------------------------------------------------------


def test_a_plan_of_the_planner_passes(tmp_path: Path, request_file: Path) -> None:
    invoke("plan", request_file, "-o", tmp_path / "plan.json")
    result = invoke("check", request_file, tmp_path / "plan.json")
    assert result.exit_code == 0
    assert "plan.json: no violation\n" in result.stdout
    assert "Costs as computed anew:" in result.stdout


def test_a_wrong_plan_is_refused(tmp_path: Path, request_file: Path) -> None:
    plan = broken_plan(tmp_path, request_file)
    as_json = invoke("check", request_file, plan, "--json")
    assert as_json.exit_code == 1
    answer = json.loads(as_json.stdout)
    assert {"violations", "money"} <= set(answer)
    assert any(one["path"].startswith("devices.pole_a3") for one in answer["violations"])
    assert any(one["path"] == "money.total" for one in answer["violations"])
    to_read = invoke("check", request_file, plan)
    assert to_read.exit_code == 1
    assert f"broken.json: {len(answer['violations'])} violations\n" in to_read.stdout
    assert "VIOLATION  money.total\n" in to_read.stdout


def test_the_check_answers_in_its_own_form_for_what_is_no_plan_at_all(request_file: Path) -> None:
    result = invoke("check", request_file, "-", "--json", stdin=b'{"plan_id": 7}')
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["money"] is None
    rules = {(one["rule"], one["path"]) for one in answer["violations"]}
    assert ("shape.type", "plan.plan_id") in rules
    assert ("shape.missing", "plan.steps") in rules
