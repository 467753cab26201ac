"""`kwartier simulate`: the table, the JSON, what is kept, and what stops it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.cli.cli_case import invoke
from tests.simulation.small_site import site_document

ONE_DAY = ["--from", "2026-03-01", "--to", "2026-03-02", "--processes", "1"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The small site's document."""
    path = tmp_path / "site.json"
    path.write_text(json.dumps(site_document()), encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with two days of hourly load and prices, and one car."""
    folder = tmp_path / "data"
    folder.mkdir()
    hours = [f"2026-{day}T{hour:02d}:00:00Z" for day in ("02-28", "03-01") for hour in range(24)]
    for name, column in (("building", "power_w"), ("prices", "eur_per_mwh")):
        rows = "\n".join(f"{hour},100" for hour in hours)
        (folder / f"{name}.csv").write_text(f"start,{column}\n{rows}\n", encoding="utf-8")
    (folder / "sessions.csv").write_text(
        "pole,arrival,departure,energy_wh,max_power_w,phases\n"
        "left,2026-03-01T08:00:00Z,2026-03-01T12:00:00Z,11040,11040,3\n",
        encoding="utf-8",
    )
    return folder


def _simulated(site: Path, *arguments: str) -> list[dict[str, Any]]:
    ran = invoke("simulate", str(site), *ONE_DAY, "--json", *arguments)
    assert ran.exit_code == 0, ran.stderr
    runs: list[dict[str, Any]] = json.loads(ran.stdout)["runs"]
    return runs


def test_a_day_on_arrival_costs_what_the_sum_by_hand_says(site: Path, data: Path) -> None:
    run = _simulated(site, "--data", str(data), "--policy", "uncontrolled")[0]
    # 0.1 kW for 24 h and 11.04 kWh (the car tapers, and is full within its stay) at 100 EUR/MWh.
    assert run["total_eur"] == pytest.approx((24 * 0.1 + 11.04) * 0.1, abs=0.005)
    assert run["charged_wh"] == pytest.approx(11_040.0)
    assert run["breach_count"] == 0


def test_what_is_kept_is_not_run_again_unless_its_inputs_change(
    site: Path, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "runs"
    arguments = ("--data", str(data), "--policy", "uncontrolled", "--out", str(out))
    first = _simulated(site, *arguments)
    (kept,) = out.glob("*.json")
    document = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps(document | {"breaches": []} | {"seed": 77}), encoding="utf-8")
    assert [run["seed"] for run in _simulated(site, *arguments)] == [77]
    (data / "sessions.csv").unlink()
    assert _simulated(site, *arguments) != first
    assert len(list(out.glob("*.json"))) == 2


def test_a_disturbed_site_says_so_and_is_kept_beside_the_undisturbed_one(
    site: Path, data: Path, tmp_path: Path
) -> None:
    arguments = ("--data", str(data), "--policy", "uncontrolled", "--out", str(tmp_path / "runs"))
    (plain,) = _simulated(site, *arguments)
    (disturbed,) = _simulated(site, *arguments, "--lost-orders", "1")
    # Its poles hear nothing and stay at their fallback, which is 0 A beside a load at its rating.
    assert (plain["charged_wh"], disturbed["charged_wh"]) == (pytest.approx(11_040.0), 0.0)
    assert "100 % of orders are lost" in disturbed["warnings"][0]
    assert not any("orders are lost" in warning for warning in plain["warnings"])
    assert len(list((tmp_path / "runs").glob("*.json"))) == 2


def test_a_table_has_a_row_per_policy(site: Path, data: Path) -> None:
    ran = invoke(
        "simulate", str(site), *ONE_DAY, "--data", str(data), "--policy", "uncontrolled", "--policy", "oracle"
    )
    assert ran.exit_code == 0, ran.stderr
    assert "uncontrolled" in ran.stdout
    assert "oracle" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--policy", "hope"], "'hope' is no policy"),
        (["--from", "2026-3-1"], "'2026-3-1' is no date"),
        (["--to", "2026-03-01"], "does not come after"),
        (["--to", "2026-04-01"], "not the period"),
        (["--data", "nowhere"], "there is no such folder"),
    ],
)
def test_what_cannot_be_simulated_is_said_in_one_line(
    site: Path, data: Path, arguments: list[str], said: str
) -> None:
    ran = invoke("simulate", str(site), *ONE_DAY, "--data", str(data), *arguments)
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert ran.stderr.count("Error:") == 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("sessions.csv", "pole,arrival\nmiddle,2026-03-01T08:00:00Z\n", "'middle' is no charging pole"),
        ("building.csv", "start,power_w\n2026-03-01T08:00:00,1\n", "with an offset"),
        ("building.csv", "start,power_w\n2026-03-01T08:00:00Z,x\n", "'x' is no number"),
        ("prices.csv", None, "there is no such file; it holds day-ahead prices"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(
    site: Path, data: Path, name: str, text: str | None, said: str
) -> None:
    if text is None:
        (data / name).unlink()
    else:
        (data / name).write_text(text, encoding="utf-8")
    ran = invoke("simulate", str(site), *ONE_DAY, "--data", str(data), "--policy", "uncontrolled")
    assert ran.exit_code == 2
    assert name in ran.stderr
    assert said in ran.stderr


def test_a_report_compares_the_policies_on_a_page(site: Path, data: Path, tmp_path: Path) -> None:
    page = tmp_path / "savings.html"
    named = ("--policy", "uncontrolled", "--policy", "oracle", "--policy", "equal_share")
    _simulated(site, "--data", str(data), *named, "--report", str(page))
    text = page.read_text(encoding="utf-8")
    assert "Charging on arrival" in text
    assert "Hindsight optimum" in text


def test_a_report_is_json_where_its_name_says_so(site: Path, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "savings.json"
    _simulated(site, "--data", str(data), "--policy", "uncontrolled", "--report", str(file))
    report = json.loads(file.read_text(encoding="utf-8"))
    assert [one["policy"] for one in report["policies"]] == ["uncontrolled"]
    assert len(report["policies"][0]["net_power_w"]) == 96
