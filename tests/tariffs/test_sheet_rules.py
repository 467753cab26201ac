"""What makes a sheet unusable, each with its place in the file and the next step, all at once."""

import json
from pathlib import Path

import pytest

from kwartier.site.shape import SHAPE_RULES
from kwartier.tariffs.sheet_rules import SHEET_RULES
from tests.tariffs.facts import shipped_files
from tests.tariffs.sheet_case import FLEMISH, TRANSMISSION, WALLOON, changed, read

PRICE = 'price = { value = 0.05, unit = "EUR/kWh", source = "list", confidence = "O" }'
PEAK_PRICE = 'price = { value = 60, unit = "EUR/kW/year", source = "list", confidence = "O" }'
NETWORK = 'id = "network"\nkind = "energy"\ngroup = "grid"\n' + PRICE


def by_hour(calendar: str, *periods: str) -> str:
    """The network component with a price for each of these periods."""
    prices = (f"prices.{name} = {PRICE.removeprefix('price = ')}" for name in periods)
    return NETWORK.replace(PRICE, "\n".join([f'calendar = "{calendar}"', *prices]))


REFUSED: dict[str, tuple[str, str, str, str]] = {
    "missing figure": (
        changed(FLEMISH, (PRICE, 'price = { missing = "ask Fluvius", unit = "EUR/kWh" }')),
        "sheet.missing_figure",
        "$.components[1].price",
        "the component network has no amount in price; get it here, and write it in place of missing: ask Fluvius",
    ),
    "unit of another quantity": (
        changed(FLEMISH, (PRICE, PRICE.replace("EUR/kWh", "EUR/MWh"))),
        "shape.choice",
        "$.components[1].price.unit",
        '"unit" "EUR/MWh" is not known; write \'EUR/kWh\'',
    ),
    "negative price": (
        changed(FLEMISH, (PRICE, PRICE.replace("0.05", "-0.05"))),
        "shape.range",
        "$.components[1].price.value",
        "must be at least 0, and is -0.05",
    ),
    "unknown confidence": (
        changed(FLEMISH, (PRICE, PRICE.replace('"O"', '"sure"'))),
        "shape.choice",
        "$.components[1].price.confidence",
        '"sure" is not known',
    ),
    "figure without a source": (
        changed(FLEMISH, (PRICE, PRICE.replace('source = "list", ', ""))),
        "shape.missing",
        "$.components[1].price.source",
        '"source" is missing',
    ),
    "source that is not listed": (
        changed(FLEMISH, (PRICE, PRICE.replace('"list"', '"lst"'))),
        "sheet.unknown_source",
        "$.components[1].price.source",
        'network, price: the source "lst" stands in no [sources] (did you mean "list"?)',
    ),
    "kind that is not known": (
        changed(FLEMISH, ('kind = "energy"', 'kind = "energie"')),
        "sheet.unknown_kind",
        "$.components[1].kind",
        'there is no kind "energie" (did you mean "energy"?)',
    ),
    "no kind": (
        changed(FLEMISH, ('kind = "energy"\n', "")),
        "sheet.unknown_kind",
        "$.components[1].kind",
        "the component network has no kind; write one of energy, monthly_peak",
    ),
    "field that is not known": (
        changed(FLEMISH, (PRICE, PRICE + "\ncolour = 3")),
        "shape.unknown_field",
        "$.components[1].colour",
        'there is no field "colour"',
    ),
    "Flemish sheet with a transmission line": (
        FLEMISH + TRANSMISSION,
        "sheet.transmission",
        "$.transmission",
        "remove the components of the group transmission",
    ),
    "Walloon sheet without transmission": (
        changed(WALLOON, (TRANSMISSION, "")),
        "sheet.transmission",
        "$.transmission",
        "add the components of the group transmission",
    ),
    "Walloon sheet that says transmission is inside": (
        changed(WALLOON, ('"line"', '"included"')),
        "sheet.transmission",
        "$.transmission",
        'write transmission = "line"',
    ),
    "days the wrong way round": (
        changed(FLEMISH, ("valid_to = 2027-12-31", "valid_to = 2026-12-31")),
        "sheet.validity",
        "$.valid_to",
        "valid_to 2026-12-31 lies before valid_from 2027-01-01",
    ),
    "combination that no site may name": (
        changed(FLEMISH, ('"Imewo"', '"Imewoo"')),
        "sheet.combination",
        "$.connection_type",
        '(did you mean "Imewo"?)',
    ),
    "two components of one name": (
        FLEMISH + "\n[[components]]\n" + NETWORK,
        "sheet.component_twice",
        "$.components[3].id",
        "two components are called network",
    ),
    "cap of what is not there": (
        changed(FLEMISH, ('"capacity", "network"', '"capacity", "netwrk"')),
        "sheet.unknown_component",
        "$.components[2].covers[1]",
        'cannot cover "netwrk" (did you mean "network"?)',
    ),
    "calendar that is not there": (
        changed(FLEMISH, (NETWORK, by_hour("walloon-bihorair", "HP", "HC"))),
        "sheet.unknown_calendar",
        "$.components[1].calendar",
        'there is no calendar "walloon-bihorair" (did you mean "walloon-bihoraire"?)',
    ),
    "calendar without hours in the sheet's days": (
        changed(
            FLEMISH,
            (NETWORK, by_hour("walloon-impact", "PIC", "MEDIUM", "ECO")),
            ("valid_from = 2027-01-01", "valid_from = 2025-01-01"),
        ),
        "sheet.unknown_calendar",
        "$.components[1].calendar",
        "the calendar walloon-impact has no hours for 2025-01-01; it holds from 2026-01-01",
    ),
    "period without a price": (
        changed(FLEMISH, (NETWORK, by_hour("walloon-bihoraire", "HP"))),
        "sheet.calendar_periods",
        "$.components[1].calendar",
        "the periods of walloon-bihoraire are HC, HP, and here stand HP",
    ),
    "price and prices": (
        changed(FLEMISH, (PRICE, PRICE + '\ncalendar = "walloon-bihoraire"')),
        "shape.value",
        "$.components[1]",
        "give either price, or calendar together with prices",
    ),
    "no TOML": ("id = ", "sheet.unreadable", "$", "sheet.toml: not TOML"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_sheet_is_refused_with_the_place_and_the_next_step(tmp_path: Path, case: str) -> None:
    text, rule, path, words = REFUSED[case]
    file = read(tmp_path, text)
    assert file.sheet is None
    (finding,) = file.findings
    assert (finding.rule, finding.severity, finding.path) == (rule, "ERROR", path)
    assert words in finding.message
    assert json.loads(json.dumps(finding.to_json())) == finding.to_json()


def test_every_rule_about_one_sheet_is_shown_here_and_every_id_is_listed() -> None:
    shown = {rule for _, rule, _, _ in REFUSED.values()}
    between_sheets = {"sheet.overlap", "sheet.gap"}
    assert shown - set(SHAPE_RULES) == set(SHEET_RULES) - between_sheets


@pytest.mark.parametrize("text", [FLEMISH, WALLOON], ids=["Flemish", "Walloon"])
def test_the_sheet_that_the_cases_change_can_be_used(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).findings == ()


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = changed(
        FLEMISH,
        (PRICE, 'price = { missing = "ask", unit = "EUR/kWh" }'),
        (PEAK_PRICE, 'price = { missing = "ask", unit = "EUR/kW/year" }'),
        ('voltage = "low"', 'voltage = "lo"'),
    )
    rules = sorted(finding.rule for finding in read(tmp_path, text).findings)
    assert rules == ["shape.choice", "sheet.missing_figure", "sheet.missing_figure"]


UNUSABLE = {
    # What no source has: prices per kWh, public service and fixed term of T-BT; off-peak prices of AIEG and REW; the
    # degression of Sibelga's medium voltage; two terms of its low voltage above 56 kVA.
    "aieg/all/mt-avec-terme-capacitaire/2026": 1,
    "aieg/all/t-bt-avec-terme-capacitaire/2026": 4,
    "ores/all/t-bt-avec-terme-capacitaire/2026": 4,
    "resa/all/t-bt-avec-terme-capacitaire/2026": 4,
    "rew/all/mt-avec-terme-capacitaire/2026": 1,
    "rew/all/t-bt-avec-terme-capacitaire/2026": 4,
    "sibelga/all/bt-56kva/2026": 2,
    "sibelga/all/mt/2026": 1,
}


def test_the_sheets_of_the_package_can_be_used_or_lack_figures_that_no_source_has() -> None:
    unusable = {name: len(file.findings) for name, file in shipped_files().items() if file.sheet is None}
    assert unusable == UNUSABLE
    rules = {finding.rule for file in shipped_files().values() for finding in file.findings}
    assert rules == {"sheet.missing_figure"}


def test_a_file_of_the_package_bears_its_combination_and_year() -> None:
    for file in shipped_files().values():
        assert file.combination is not None
        assert file.span is not None
        operator, region, connection = file.combination.slug.split("/")
        assert file.path.parent.name == operator
        assert file.path.stem == f"{region}-{connection}-{file.span.first.year}"
        assert file.sheet_id == f"{file.combination.slug}/{file.span.first.year}"
