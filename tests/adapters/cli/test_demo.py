"""`kwartier demo`, which is what script/run shows."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from kwartier.adapters.cli.demo import arrival_peak_w
from kwartier.demo import demo_request_json
from kwartier.planning.check import CheckResult, Violation
from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest
from tests.adapters.cli.cli_case import invoke, run_process


def test_the_demo_plans_checks_and_says_what_it_saves(tmp_path: Path) -> None:
    result = run_process("demo", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr == b""
    text = result.stdout.decode()
    plan = Plan.model_validate_json((tmp_path / "kwartier-demo" / "plan.json").read_text(encoding="utf-8"))
    amounts = re.search(r"^All costs and income, EUR +(\S+) +(\S+) +(\S+)$", text, flags=re.MULTILINE)
    assert amounts is not None
    arrival_eur, planned_eur = plan.uncontrolled_money.total, plan.money.total
    expected = [arrival_eur, planned_eur, arrival_eur - planned_eur]
    assert [float(amount) for amount in amounts.groups()] == pytest.approx(expected, abs=0.0051)
    assert "finds no violation" in text
    assert re.search(r"^Planned in \d+\.\d\d s, checked in \d+\.\d\d s\.$", text, flags=re.MULTILINE)
    page = re.search(r"^Page: +(\S+)$", text, flags=re.MULTILINE)
    assert page is not None
    assert "<title>Demo charging hub" in Path(unquote(urlsplit(page[1]).path)).read_text(encoding="utf-8")
    request = (tmp_path / "kwartier-demo" / "request.json").read_text(encoding="utf-8")
    assert request == demo_request_json()


def test_the_demo_as_json_names_its_files_and_figures(tmp_path: Path) -> None:
    result = invoke("demo", "--folder", tmp_path / "new" / "demo", "--json")
    assert result.exit_code == 0
    facts = json.loads(result.stdout)
    assert facts["violations"] == []
    assert facts["saved_eur"] == pytest.approx(facts["on_arrival_eur"] - facts["planned_eur"])
    assert facts["planned_peak_w"] < facts["on_arrival_peak_w"]
    assert {Path(path).name for path in facts["files"].values()} == {"request.json", "plan.json", "plan.html"}
    assert all(Path(path).is_file() for path in facts["files"].values())
    assert invoke("check", *list(facts["files"].values())[:2]).exit_code == 0


def test_the_peak_on_arrival_is_that_of_cars_at_full_power() -> None:
    """One car on an otherwise empty site: 16 A on three phases of 230 V is 11 040 W."""
    request = PlanRequest.model_validate_json(demo_request_json())
    car = next(one for one in request.transactions if one.transaction_state == "Started")
    car = car.model_copy(update={"max_power": 11_040.0, "no_charging_phases": 3})
    alone = request.model_copy(update={"transactions": [car], "forecasts": {}})
    assert arrival_peak_w(alone) == pytest.approx(11_040.0)


def test_a_violation_in_the_demo_is_said_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = CheckResult([Violation("limit.current", "collectors.car_park", "127 A of 125 A")], None, None)
    monkeypatch.setattr("kwartier.planning.check.check_plan", lambda *_: found)
    to_read = invoke("demo", "--folder", tmp_path)
    assert to_read.exit_code == 1
    assert "The check finds 1 violation:" in to_read.stdout
    assert "VIOLATION  collectors.car_park" in to_read.stdout
    as_json = invoke("demo", "--folder", tmp_path, "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["violations"][0]["rule"] == "limit.current"


def test_a_file_is_no_folder_for_the_demo(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place, message in (("file", "is a file; name a folder"), ("file/below", "cannot be made")):
        result = invoke("demo", "--folder", tmp_path / place)
        assert result.exit_code == 2
        assert message in result.stderr
