"""Looking up the sheets of a connection: what is known, what is not and why, and sheets of one's own."""

import time
from datetime import date
from pathlib import Path

import pytest

from kwartier.demo import demo_request_json
from kwartier.planning.request import PlanRequest
from kwartier.site.document import Site
from kwartier.site.dso import Dso, Fluvius, Sibelga, UnknownDso, WalloonDso
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.sheet_combination import (
    VOLTAGE_BY_CONNECTION_TYPE,
    WHERE_TO_GET,
    Combination,
    all_combinations,
    combination_of,
)
from kwartier.tariffs.sheet_file import SheetFile, read_sheet
from kwartier.tariffs.sheets import (
    AmountsUnknown,
    SheetsFound,
    TariffSheets,
    _shipped_file,
    amounts_finding,
    sheets_for,
)
from tests.tariffs.facts import shipped_files
from tests.tariffs.sheet_case import FLEMISH, changed, write

IMEWO = Fluvius(dso="Fluvius", region="Imewo", connection_type="Low Voltage Network")
ORES_MT = WalloonDso(dso="ORES", region="All", connection_type="MT avec terme capacitaire")
YEAR_2026 = (date(2026, 1, 1), date(2026, 12, 31))


def found(dso: Dso, first: date, last: date, *places: Path) -> SheetsFound:
    outcome = sheets_for(dso, first, last, places)
    assert isinstance(outcome, SheetsFound), outcome
    return outcome


def unknown(dso: Dso, first: date, last: date, *places: Path) -> AmountsUnknown:
    outcome = sheets_for(dso, first, last, places)
    assert isinstance(outcome, AmountsUnknown)
    return outcome


def test_days_in_two_years_have_two_sheets_in_their_order() -> None:
    sheets = found(IMEWO, date(2025, 12, 31), date(2026, 1, 1)).sheets
    assert [sheet.id for sheet in sheets] == [
        "fluvius/imewo/low-voltage-network/2025",
        "fluvius/imewo/low-voltage-network/2026",
    ]


def test_the_operator_s_own_words_for_region_and_connection_are_understood() -> None:
    dso = Fluvius(dso="Fluvius", region="Fluvius West", connection_type="MS")
    assert found(dso, *YEAR_2026).sheets[0].id == "fluvius/west/medium-voltage-network-1-26-kv/2026"


@pytest.mark.parametrize("one", all_combinations(), ids=str)
def test_every_combination_of_the_contract_has_an_answer(one: Combination) -> None:
    outcome = TariffSheets().find_combination(one, DaySpan(*YEAR_2026))
    usable = {
        file.combination
        for file in shipped_files().values()
        if file.sheet and file.span == DaySpan(*YEAR_2026)
    }
    assert isinstance(outcome, SheetsFound) == (one in usable)
    if isinstance(outcome, AmountsUnknown):
        assert str(one) in outcome.message
    assert one.connection_type in VOLTAGE_BY_CONNECTION_TYPE
    assert one.dso in WHERE_TO_GET


def test_a_day_without_a_sheet_is_named_with_what_is_known_and_where_to_get_it() -> None:
    outcome = unknown(IMEWO, date(2026, 12, 1), date(2027, 1, 31))
    assert outcome.message.startswith(
        "no sheet of Fluvius, Imewo, Low Voltage Network holds for 2027-01-01 to 2027-01-31"
    )
    assert "vlaamsenutsregulator.be" in outcome.message
    assert outcome.known == (DaySpan(date(2025, 1, 1), date(2025, 12, 31)), DaySpan(*YEAR_2026))


def test_a_combination_without_any_sheet_says_so() -> None:
    dso = WalloonDso(dso="REW", region="All", connection_type="T-MT sans terme capacitaire")
    assert "it has none for any day" in unknown(dso, *YEAR_2026).message


def test_a_sheet_with_a_missing_figure_is_refused_with_every_one_of_them() -> None:
    dso = WalloonDso(dso="ORES", region="All", connection_type="T-BT avec terme capacitaire")
    outcome = unknown(dso, *YEAR_2026)
    assert [finding.rule for finding in outcome.findings] == ["sheet.missing_figure"] * 4
    assert "cannot be used: ores/all/t-bt-avec-terme-capacitaire/2026" in outcome.message
    assert "(and 3 more)" in outcome.message


def test_an_unknown_operator_has_no_amounts() -> None:
    dso = UnknownDso(dso="Elsewhere")
    assert combination_of(dso) is None
    assert unknown(dso, *YEAR_2026).combination is None


def test_a_fluvius_area_of_before_2025_has_no_sheet() -> None:
    dso = Fluvius(dso="Fluvius", region="Iverlek", connection_type="LS net")
    assert "no sheet of Fluvius, Iverlek" in unknown(dso, *YEAR_2026).message


# --- sheets of one's own ---------------------------------------------------------------------------------


def test_a_sheet_of_one_s_own_adds_a_year(tmp_path: Path) -> None:
    write(tmp_path, "imewo-2027", FLEMISH)
    outcome = found(IMEWO, date(2025, 6, 1), date(2027, 6, 1), tmp_path)
    assert [sheet.id for sheet in outcome.sheets][2] == "mine/imewo/2027"
    assert outcome.notes == ()


def test_a_sheet_of_one_s_own_takes_the_place_of_kwartier_s_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, "own", changed(FLEMISH, ("2027", "2026")))
    outcome = found(IMEWO, *YEAR_2026, tmp_path)
    assert [sheet.id for sheet in outcome.sheets] == ["mine/imewo/2026"]
    assert outcome.notes == (
        "own.toml: mine/imewo/2026 takes the place of kwartier's fluvius/imewo/low-voltage-network/2026",
    )


def test_days_that_two_sheets_hold_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "one", FLEMISH)
    write(
        tmp_path, "two", changed(FLEMISH, ("mine/imewo/2027", "mine/imewo/b"), ("2027-01-01", "2027-12-31"))
    )
    (finding,) = unknown(IMEWO, *YEAR_2026, tmp_path).findings
    assert finding.rule == "sheet.overlap"
    assert "mine/imewo/2027 and mine/imewo/b both hold on 2027-12-31" in finding.message


def test_days_between_sheets_that_none_holds_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "one", changed(FLEMISH, ("2027-01-01", "2027-01-02")))
    (finding,) = unknown(IMEWO, *YEAR_2026, tmp_path).findings
    assert finding.rule == "sheet.gap"
    assert "nothing holds for 2027-01-01; add a sheet" in finding.message


def test_a_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "broken", "dso = ")
    assert "broken.toml: not TOML" in unknown(IMEWO, *YEAR_2026, tmp_path).message


def test_a_folder_that_is_called_like_a_sheet_is_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    assert "folder.toml: cannot be read" in unknown(IMEWO, *YEAR_2026, tmp_path).message


def test_a_broken_sheet_of_one_s_own_does_not_let_kwartier_s_through(tmp_path: Path) -> None:
    write(tmp_path, "own", changed(FLEMISH, ("2027", "2026"), ('"EUR/kWh"', '"EUR/MWh"')))
    outcome = unknown(IMEWO, *YEAR_2026, tmp_path)
    assert {finding.rule for finding in outcome.findings} == {"shape.choice"}


# --- the warning of validation -------------------------------------------------------------------------


def demo_site() -> Site:
    return PlanRequest.model_validate_json(demo_request_json()).site


def test_the_demo_site_has_amounts_in_2026_and_a_warning_in_2024() -> None:
    assert amounts_finding(demo_site(), date(2026, 3, 1)) is None
    finding = amounts_finding(demo_site(), date(2024, 3, 1))
    assert finding is not None
    assert (finding.rule, finding.severity, finding.path) == (
        "dso.no_amounts_known",
        "WARNING",
        "$.configurations.dso",
    )
    assert finding.observed == "Fluvius, Imewo, Low Voltage Network"


def test_a_site_without_an_operator_is_no_matter_of_amounts() -> None:
    site = demo_site()
    without = site.model_copy(update={"configurations": site.configurations.model_copy(update={"dso": None})})
    assert amounts_finding(without, date(2024, 3, 1)) is None


# --- cost ---------------------------------------------------------------------------------------------------


def test_a_look_up_reads_its_own_files_only(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noting(path: Path, *, is_own: bool) -> SheetFile:
        read.append(path.name)
        return read_sheet(path, is_own=is_own)

    _shipped_file.cache_clear()
    monkeypatch.setattr("kwartier.tariffs.sheets.read_sheet", noting)
    started_s = time.process_time()
    found(ORES_MT, *YEAR_2026)
    sibelga = Sibelga(dso="Sibelga", region="All", connection_type="BT")
    found(sibelga, *YEAR_2026)
    assert read == ["all-mt-avec-terme-capacitaire-2026.toml", "all-bt-2025.toml", "all-bt-2026.toml"]
    assert time.process_time() - started_s < 0.2  # takes 6 ms where nothing else runs; 95 files take 150 ms
