"""`kwartier tariffs`: list, show, check and new, to read and as JSON."""

import json
import re
from pathlib import Path

import pytest

from kwartier.tariffs.sheet_combination import Combination, all_combinations
from tests.adapters.cli.cli_case import demo_request, invoke, write_json
from tests.tariffs.facts import shipped_files
from tests.tariffs.sheet_case import FLEMISH, changed, write

ORES_MT = "ores/all/mt-avec-terme-capacitaire/2026"


@pytest.mark.parametrize("command", ["list", "show", "check", "new"])
def test_every_help_has_an_example_and_takes_json(command: str) -> None:
    result = invoke("tariffs", command, "--help")
    assert result.exit_code == 0
    assert "Example:" in result.stdout
    assert "--json" in result.stdout


# --- list -------------------------------------------------------------------------------------------------


def test_the_list_has_every_combination_with_what_is_known() -> None:
    document = json.loads(invoke("tariffs", "list", "--json").stdout)["combinations"]
    names = [(one["dso"], one["region"], one["connection_type"]) for one in document]
    assert names == [(one.dso, one.region, one.connection_type) for one in all_combinations()]
    sheets = {sheet["id"]: sheet for one in document for sheet in one["sheets"]}
    usable = {name for name, sheet in sheets.items() if sheet["is_usable"]}
    assert set(sheets) == set(shipped_files())
    assert usable == {name for name, file in shipped_files().items() if file.sheet is not None}
    assert sheets[ORES_MT]["figures_by_confidence"] == {"S2": 4, "S": 8, "D": 1}


def test_the_list_of_one_operator_has_a_line_per_connection_type() -> None:
    head, _, *lines = invoke("tariffs", "list", "ORES").stdout.splitlines()
    rows = {cells[1]: cells[2:] for cells in (re.split(r" {2,}", line) for line in lines)}
    assert re.split(r" {2,}", head)[2:] == ["2025", "2026"]
    assert len(rows) == len(lines) == 11
    assert rows["T-BT avec terme capacitaire"] == ["-", "4 missing"]
    assert rows["BT - heures normales"] == ["known, D", "known, D"]


def test_an_unknown_operator_is_bad_usage() -> None:
    result = invoke("tariffs", "list", "Eandis")
    assert result.exit_code == 2
    assert "Eandis is no operator; write one of Fluvius, Sibelga, AIEG" in result.stderr


# --- show -------------------------------------------------------------------------------------------------


def test_a_sheet_is_shown_with_source_and_confidence_of_each_figure() -> None:
    result = invoke("tariffs", "show", ORES_MT)
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if "2.7943885" in line)
    assert line.split() == ["price", "2.7943885", "EUR/kW/month", "S2", "flexcity"]
    assert "not on this sheet: injection tariff" in result.stdout
    assert "D: derived here by arithmetic" in result.stdout


def test_a_step_is_shown_with_its_bound() -> None:
    lines = invoke("tariffs", "show", "sibelga/all/bt/2026").stdout.splitlines()
    line = next(line for line in lines if "to 13 kVA.price" in line)
    assert "47.24" in line


def test_a_sheet_with_missing_figures_is_shown_with_them_and_exits_1() -> None:
    result = invoke("tariffs", "show", "sibelga/all/mt/2026")
    assert result.exit_code == 1
    assert "degression" in result.stdout
    assert "rule sheet.missing_figure" in result.stdout
    document = json.loads(invoke("tariffs", "show", "sibelga/all/mt/2026", "--json").stdout)
    assert document["is_usable"] is False
    assert document["content"]["valid_from"] == "2026-01-01"


def test_a_sheet_that_is_not_there_is_bad_usage() -> None:
    result = invoke("tariffs", "show", "ores/all/nothing/2026")
    assert result.exit_code == 2
    assert "there is no sheet ores/all/nothing/2026; kwartier tariffs list" in result.stderr


# --- check ------------------------------------------------------------------------------------------------


def test_a_right_file_has_no_findings(tmp_path: Path) -> None:
    result = invoke("tariffs", "check", write(tmp_path, "own", FLEMISH))
    assert result.exit_code == 0
    assert result.stdout.endswith("own.toml: no error\n")


def test_every_finding_of_every_file_is_said_with_its_file(tmp_path: Path) -> None:
    one = write(tmp_path, "one", changed(FLEMISH, ('"included"', '"line"'), ('"EUR/kW/year"', '"EUR/kW"')))
    two = write(tmp_path, "two", FLEMISH)
    result = invoke("tariffs", "check", one, two, "--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)["findings"]
    assert [(Path(one["file"]).name, one["rule"]) for one in findings] == [
        ("one.toml", "shape.choice"),
        ("one.toml", "sheet.overlap"),
    ]


def test_days_without_a_sheet_between_one_s_own_and_kwartier_s_are_found(tmp_path: Path) -> None:
    late = write(tmp_path, "late", changed(FLEMISH, ("2027-01-01", "2027-02-01")))
    result = invoke("tariffs", "check", late)
    assert result.exit_code == 1
    assert "nothing holds for 2027-01-01 to" in result.stdout


def test_a_file_that_is_not_there_is_bad_usage(tmp_path: Path) -> None:
    result = invoke("tariffs", "check", tmp_path / "none.toml")
    assert result.exit_code == 2
    assert "none.toml: there is no such file" in result.stderr


# --- new --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", all_combinations(), ids=str)
def test_a_blank_sheet_lacks_figures_and_nothing_else(tmp_path: Path, one: Combination) -> None:
    file = tmp_path / "blank.toml"
    made = invoke("tariffs", "new", one.dso, one.region, one.connection_type, "--year", "2027", "-o", file)
    assert made.exit_code == 0
    findings = json.loads(invoke("tariffs", "check", file, "--json").stdout)["findings"]
    rules = {finding["rule"] for finding in findings}
    assert rules == {"sheet.missing_figure"}


def test_a_filled_in_sheet_is_used_in_place_of_kwartier_s(tmp_path: Path) -> None:
    file = tmp_path / "own" / "imewo.toml"
    file.parent.mkdir()
    invoke("tariffs", "new", "Fluvius", "Imewo", "Low Voltage Network", "--year", "2027", "-o", file)
    blank = file.read_text(encoding="utf-8")
    where = 'missing = "vlaamsenutsregulator.be, «hoeveel bedragen de distributienettarieven», 2027"'
    assert blank.count(where) == 10
    figure = 'value = 1.5, source = "list", confidence = "S"'
    file.write_text(blank.replace(where, figure), encoding="utf-8")
    assert invoke("tariffs", "check", file).exit_code == 0
    site = write_json(tmp_path / "site.json", demo_request()["site"])
    for options, warnings in ((["--sheets", str(file.parent)], 0), ([], 1)):
        result = invoke("validate", site, "--day", "2027-06-01", "--json", *options)
        assert len(json.loads(result.stdout)["findings"]) == warnings


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = write(tmp_path, "own", FLEMISH)
    result = invoke("tariffs", "new", "Sibelga", "All", "MT", "--year", "2027", "-o", file)
    assert result.exit_code == 2
    assert file.read_text(encoding="utf-8") == FLEMISH


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Eandis", "All", "MT"), "there is no operator Eandis; write one of"),
        (("Fluvius", "Imewa", "MS"), "Fluvius has no region Imewa; write one of Antwerpen"),
        (("Sibelga", "All", "HT"), "Sibelga has no such connection type; write one of BT; BT>56kVA"),
    ],
)
def test_a_combination_that_does_not_exist_is_bad_usage(words: tuple[str, ...], message: str) -> None:
    result = invoke("tariffs", "new", *words, "--year", "2027")
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_folder_of_sheets_that_is_not_there_is_bad_usage(tmp_path: Path) -> None:
    result = invoke("tariffs", "list", "--sheets", tmp_path / "none")
    assert result.exit_code == 2
    assert "there is no such folder; check the path after --sheets" in result.stderr
