"""Levies and VAT by region, voltage, customer and day; amounts are those of the fact table `levies.csv`."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kwartier.site.dso import Fluvius, Sibelga, UnknownDso, WalloonDso
from kwartier.tariffs.components import LevyBrackets
from kwartier.tariffs.levies import Customer, Levies, area_of, levies_for
from kwartier.tariffs.levies.levies import AREAS
from kwartier.tariffs.levies.levy_file import Area, LevyFile
from kwartier.tariffs.levies.levy_rules import levy_findings
from kwartier.tariffs.sheet import Voltage
from kwartier.tariffs.sheets import TariffSheets
from kwartier.tariffs.toml_file import read_toml
from tests.house.project import ROOT
from tests.tariffs.facts import table
from tests.tariffs.sheet_case import write

FOLDER = ROOT / "src" / "kwartier" / "tariffs" / "levies"
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def prices(levies: Levies) -> dict[str, list[Decimal]]:
    """The prices of each levy in the order of their days; of brackets one per slice."""
    found: dict[str, list[Decimal]] = {}
    for amount in levies.amounts:
        component = amount.component
        parts = component.brackets if isinstance(component, LevyBrackets) else [component]
        values = [part.price.value for part in parts]
        found.setdefault(amount.component.id, []).extend(values)
    return found


def unknown(levies: Levies) -> list[object]:
    return [finding.observed for finding in levies.unknown]


EXCISE = [Decimal(row["value"]) for row in table("levies.csv") if row["levy"] == "special_excise_business"]


@pytest.mark.parametrize(
    ("area", "voltage", "expected"),
    [
        ("flanders", "low", {"energy-contribution": ["1.9261"], "energiefonds": ["10.07"]}),
        ("flanders", "medium", {"energy-contribution": ["0"], "energiefonds": ["192.11"]}),
        ("flanders", "high", {"energy-contribution": ["0"], "energiefonds": ["1120.66"]}),
        ("brussels", "low", {"energy-contribution": ["1.9261"]}),
        ("wallonia", "low", {"energy-contribution": ["1.9261"], "connection-fee": ["0.75"]}),
    ],
)
def test_a_business_pays_the_levies_of_its_region_and_voltage(
    area: Area, voltage: Voltage, expected: dict[str, list[str]]
) -> None:
    levies = levies_for(area, voltage, "business", *MARCH)
    assert prices(levies) == {"special-excise": EXCISE} | {
        name: [Decimal(value) for value in values] for name, values in expected.items()
    }
    assert levies.unknown == ()
    assert [rate.rate_percent for rate in levies.vat] == [21]


def test_the_brackets_of_the_excise_are_those_of_the_table() -> None:
    rows = [row for row in table("levies.csv") if row["levy"] == "special_excise_business"]
    (excise,) = (
        amount.component
        for amount in levies_for("brussels", "low", "business", *MARCH).amounts
        if isinstance(amount.component, LevyBrackets)
    )
    assert [str(bracket.up_to_mwh or "") for bracket in excise.brackets] == [row["to_mwh"] for row in rows]


@pytest.mark.parametrize("year", range(2022, 2027))
def test_the_energiefonds_has_the_amount_of_its_year(year: int) -> None:
    rows = {
        row["condition"]: row["value"]
        for row in table("levies.csv")
        if row["levy"] == "energiefonds" and row["valid_from"] == f"{year}-01-01"
    }
    first, last = date(year, 1, 1), date(year, 12, 31)
    voltages: dict[str, Voltage] = {"LV non-residential": "low", "MV": "medium", "HV": "high"}
    for condition, voltage in voltages.items():
        found = prices(levies_for("flanders", voltage, "business", first, last))["energiefonds"]
        assert found == [Decimal(rows[condition])]


def test_levies_without_vat_say_so() -> None:
    amounts = [
        *levies_for("flanders", "low", "business", *MARCH).amounts,
        *levies_for("wallonia", "low", "business", *MARCH).amounts,
    ]
    free = {amount.component.id for amount in amounts if amount.component.vat == "none"}
    assert free == {"energiefonds", "connection-fee"}


def test_the_excise_of_a_household_changes_on_the_first_of_august_2026() -> None:
    levies = levies_for("brussels", "low", "household", date(2026, 7, 1), date(2026, 8, 31))
    spans = [
        (str(amount.first), str(amount.last))
        for amount in levies.amounts
        if amount.component.id == "special-excise"
    ]
    assert prices(levies)["special-excise"] == [Decimal("47.48"), Decimal("46.0")]
    assert spans == [("2026-07-01", "2026-07-31"), ("2026-08-01", "2026-08-31")]
    assert [rate.rate_percent for rate in levies.vat] == [6]


@pytest.mark.parametrize(
    ("area", "voltage", "customer", "day", "levy", "words"),
    [
        ("wallonia", "medium", "business", date(2026, 3, 1), "connection-fee", "above 1 kV"),
        ("flanders", "low", "household", date(2026, 3, 1), "energiefonds", "amounts for households"),
        ("flanders", "medium_or_high", "business", date(2026, 3, 1), "energiefonds", "below 30 kV"),
        ("flanders", "low", "business", date(2027, 1, 1), "energiefonds", "within 2022-01-01 to 2026-12-31"),
        ("brussels", "low", "household", date(2026, 10, 1), "energy-contribution", "sources disagree"),
        ("brussels", "low", "business", date(2021, 12, 31), "special-excise", "within 2022-01-01"),
        ("brussels", "low", "household", date(2022, 1, 1), "vat", "levy file of your own"),
    ],
)
def test_a_levy_whose_amount_nobody_knows_is_a_warning_and_not_zero(
    area: Area, voltage: Voltage, customer: Customer, day: date, levy: str, words: str
) -> None:
    levies = levies_for(area, voltage, customer, day, day)
    assert levy in unknown(levies)
    finding = levies.unknown[unknown(levies).index(levy)]
    assert (finding.rule, finding.severity) == ("levy.no_amount_known", "WARNING")
    assert words in finding.message
    assert levy not in prices(levies)


def test_each_operator_lies_in_its_region() -> None:
    imewo = Fluvius(dso="Fluvius", region="Imewo", connection_type="LS net")
    assert area_of(imewo) == "flanders"
    assert area_of(Sibelga(dso="Sibelga", region="All", connection_type="BT")) == "brussels"
    ores = WalloonDso(dso="ORES", region="All", connection_type="BT - heures normales")
    assert area_of(ores) == "wallonia"
    assert area_of(UnknownDso(dso="Elsewhere")) is None


@pytest.mark.parametrize("area", AREAS)
def test_every_figure_of_the_package_names_a_listed_source(area: Area) -> None:
    file = LevyFile.model_validate(read_toml(FOLDER / f"{area}.toml"))
    assert file.area == area
    assert levy_findings(file) == []


OWN = """
area = "wallonia"
[sources.invoice]
title = "A made-up invoice"
retrieved = 2026-11-22

[[levies]]
levy = "connection-fee"
valid_from = 2026-03-15
voltages = ["medium"]
[levies.component]
id = "connection-fee"
kind = "levy_energy"
group = "levies"
price = { value = 0.5, unit = "EUR/MWh", source = "invoice", confidence = "S" }

[[levies]]
levy = "green-certificates"
[levies.component]
id = "green-certificates"
kind = "levy_energy"
group = "levies"
price = { value = 28, unit = "EUR/MWh", source = "invoice", confidence = "S" }
"""


def test_a_levy_file_of_one_s_own_adds_levies_and_comes_first_on_its_days(tmp_path: Path) -> None:
    write(tmp_path, "levies", OWN)
    sheets = TariffSheets([tmp_path])
    levies = levies_for("wallonia", "medium", "business", *MARCH, sheets.levy_files)
    assert sheets.own_findings == ()
    assert prices(levies)["connection-fee"] == [Decimal("0.5")]
    assert prices(levies)["green-certificates"] == [28]
    (finding,) = levies.unknown
    assert "connection-fee for 2026-03-01 to 2026-03-14" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "rule", "path"),
    [
        (
            'source = "invoice"',
            'source = "bill"',
            "sheet.unknown_source",
            "$.levies[0].component.price.source",
        ),
        ('levy = "green-certificates"', 'levy = "certificates"', "shape.value", "$.levies[1]"),
        (
            "valid_from = 2026-03-15",
            "valid_from = 2026-03-15\nvalid_to = 2026-03-14",
            "sheet.validity",
            "$.levies[0].valid_to",
        ),
        ('"EUR/MWh"', '"EUR/kWh"', "shape.choice", "$.levies[0].component.price.unit"),
    ],
)
def test_a_levy_file_that_is_wrong_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, rule: str, path: str
) -> None:
    assert old in OWN
    write(tmp_path, "levies", OWN.replace(old, new))
    sheets = TariffSheets([tmp_path])
    found = [(finding.rule, finding.path) for _, finding in sheets.own_findings]
    assert (rule, path) in found
    assert sheets.levy_files == ()
