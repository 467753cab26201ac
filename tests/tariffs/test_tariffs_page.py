"""docs/tariffs.md says what is known today, which kinds there are, and what the calendars hold."""

import re
from pathlib import Path

from kwartier.tariffs.calendars import CALENDAR_IDS
from kwartier.tariffs.components import CONFIDENCE_WORDS, GRID_KINDS, LEVY_KINDS
from kwartier.tariffs.sheet_combination import all_combinations
from kwartier.tariffs.sheet_file import SheetFile
from kwartier.tariffs.sheet_rules import SHEET_RULES
from kwartier.tariffs.sheets import TariffSheets
from tests.house.project import ROOT
from tests.tariffs.facts import shipped_files
from tests.tariffs.sheet_case import read, write

PAGE = (ROOT / "docs" / "tariffs.md").read_text(encoding="utf-8")
YEARS = (2025, 2026)


def state(file: SheetFile | None) -> str:
    """«known (S2)» with the mark of the least sure figure, what is missing, or a hyphen."""
    if file is None:
        return "–"
    if file.sheet is None:
        return f"refused: {len(file.findings)} figures missing".replace("1 figures", "1 figure")
    marks = {figure.confidence for _, _, figure in file.sheet.figures()}
    return f"known ({[mark for mark in CONFIDENCE_WORDS if mark in marks][-1]})"


def known_rows() -> list[str]:
    """One row per operator and connection type; the regions of Fluvius are alike, or stand apart."""
    rows: dict[tuple[str, str], list[str]] = {}
    for combination in all_combinations():
        states = [state(shipped_files().get(f"{combination.slug}/{year}")) for year in YEARS]
        place = combination.dso, combination.connection_type
        assert rows.setdefault(place, states) == states, "regions differ: give them rows of their own"
    return [f"| {' | '.join([*place, *states])} |" for place, states in rows.items()]


def table_below(heading: str) -> list[str]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


def first_cells(heading: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", "\n".join(table_below(heading)), re.MULTILINE)


def test_the_table_of_what_is_known_is_current() -> None:
    assert table_below("What is known") == known_rows()


def test_every_kind_calendar_mark_and_rule_has_its_row() -> None:
    assert first_cells("Kinds of components") == [*GRID_KINDS, *LEVY_KINDS]
    assert first_cells("Calendars") == list(CALENDAR_IDS)
    assert first_cells("How sure a figure is") == list(CONFIDENCE_WORDS)
    assert first_cells("What makes a sheet unusable") == list(SHEET_RULES)


def test_the_sheet_on_the_page_lacks_only_the_figure_that_it_calls_missing(tmp_path: Path) -> None:
    sheet, _ = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (finding,) = read(tmp_path, sheet).findings
    assert (finding.rule, finding.path) == ("sheet.missing_figure", "$.components[0].floor_kw")


def test_the_levy_file_on_the_page_can_be_used(tmp_path: Path) -> None:
    _, levies = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    write(tmp_path, "levies", levies)
    sheets = TariffSheets([tmp_path])
    assert sheets.own_findings == ()
    assert [entry.levy for file in sheets.levy_files for entry in file.levies] == ["green-certificates"]
