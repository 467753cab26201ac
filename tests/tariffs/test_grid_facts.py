"""Every figure on every sheet of the package is that of the fact tables, and every fact is on its sheet."""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import product

import pytest

from kwartier.tariffs.toml_file import read_toml
from tests.tariffs.facts import Figures, raw_figures, shipped_files, table

FLUVIUS_2026 = {
    "LS digitale meter / piekmeting": "low-voltage-network",
    "LS distributiecabine (Trans-LS)": "low-voltage-transformer-cabin",
    "1-26kV net (MS)": "medium-voltage-network-1-26-kv",
    "1-26kV post (Trans-HS)": "medium-voltage-post-1-26-kv",
    "26-36kV net": "network-26-36-kv",
    "26-36kV post": "post-26-36-kv",
}
FLUVIUS_COLUMNS = {
    "access_power_eur_kva_year": ("access-power", "price"),
    "overrun_eur_kva_year": ("access-power", "overrun_price"),
    "month_peak_eur_kva_year": ("month-peak", "price"),
    "avg_month_peak_eur_kw_year": ("capacity", "price"),
    "network_kwh_eur": ("network", "price"),
    "odv_kwh_eur": ("public-service", "price"),
    "odv_excl_night_kwh_eur": ("public-service", "exclusive_night_price"),
    "surcharge_kwh_eur": ("surcharges", "price"),
    "max_tariff_kwh_eur": ("maximum-tariff", "price"),
    "data_mgmt_offtake_eur_year": ("data-management", "price"),
    "reactive_eur_kvarh": ("reactive", "price"),
    "injection_kwh_eur": ("injection", "price"),
    "data_mgmt_injection_eur_year": ("injection-data-management", "price"),
}
FLUVIUS_2025_COLUMNS = {
    "avg_month_peak_eur_kw_year": ("capacity", "price"),
    "kwh_total_normal_eur": ("energy", "price"),
    "kwh_total_excl_night_eur": ("energy", "exclusive_night_price"),
    "data_mgmt_eur_year": ("data-management", "price"),
}
SIBELGA = {
    ("BT (<56 kVA)", "distribution_day_or_single"): ("bt", "distribution", "prices.day"),
    ("BT (<56 kVA)", "distribution_night_and_excl_night"): ("bt", "distribution", "prices.night"),
    ("BT (<56 kVA)", "transport"): ("bt", "transport", "price"),
    ("BT (<56 kVA)", "metering"): ("bt", "metering", "price"),
    ("BT (<56 kVA)", "power_term_le_13kVA"): ("bt", "power", "steps[0].price"),
    ("BT (<56 kVA)", "power_term_gt_13kVA"): ("bt", "power", "steps[1].price"),
    ("BT (<56 kVA)", "metering_plus_power_term_le_13kVA"): ("bt", "power", "steps[0].price"),
    ("BT (<56 kVA)", "metering_plus_power_term_gt_13kVA"): ("bt", "power", "steps[1].price"),
    ("BT", "osp_duty_<=1.44kVA"): ("bt", "public-service", "steps[0].price"),
    ("BT", "osp_duty_<=6kVA"): ("bt", "public-service", "steps[1].price"),
    ("BT", "osp_duty_<=9.6kVA"): ("bt", "public-service", "steps[2].price"),
    ("BT", "osp_duty_<=13kVA"): ("bt", "public-service", "steps[3].price"),
    ("BT", "osp_duty_<=18kVA"): ("bt", "public-service", "steps[4].price"),
    ("BT", "osp_duty_<=36kVA"): ("bt", "public-service", "steps[5].price"),
    ("BT", "osp_duty_<=56kVA"): ("bt", "public-service", "steps[6].price"),
    ("BT", "osp_duty_>56kVA"): ("bt", "public-service", "steps[7].price"),
    ("MT 1-26 kV", "fixed"): ("mt", "fixed", "price"),
    ("MT 1-26 kV", "peak_last12m_peak_hours"): ("mt", "peak", "price"),
    ("MT 1-26 kV", "prop_HI"): ("mt", "distribution", "prices.HI"),
    ("MT 1-26 kV", "prop_LO"): ("mt", "distribution", "prices.LO"),
    ("MT 1-26 kV", "osp"): ("mt", "public-service", "price"),
    ("MT 1-26 kV", "other_surcharges"): ("mt", "surcharges", "price"),
    ("MT 1-26 kV", "transport"): ("mt", "transport", "price"),
    ("BT with peak measurement (>56 kVA)", "peak"): ("bt-56kva", "peak", "price"),
    ("BT with peak measurement (>56 kVA)", "prop_HP"): ("bt-56kva", "distribution", "prices.day"),
    ("BT with peak measurement (>56 kVA)", "osp"): ("bt-56kva", "public-service", "price"),
    ("BT with peak measurement (>56 kVA)", "voirie"): ("bt-56kva", "road-fee", "price"),
    ("BT with peak measurement (>56 kVA)", "taxes"): ("bt-56kva", "taxes", "price"),
    ("BT with peak measurement (>56 kVA)", "other"): ("bt-56kva", "other", "price"),
    ("BT with peak measurement (>56 kVA)", "transport"): ("bt-56kva", "transport", "price"),
}
NORMAL, TWO_RATE, IMPACT = "bt-heures-normales", "bt-heures-pleines-creuses", "bt-heures-incitative"
WALLONIA_BT = {
    "distribution_mono": [(NORMAL, "distribution", "price")],
    "distribution_HP": [(TWO_RATE, "distribution", "prices.HP")],
    "distribution_HC": [(TWO_RATE, "distribution", "prices.HC")],
    "distribution_excl_night": [(TWO_RATE, "distribution", "exclusive_night_price")],
    "distribution_HC_and_excl_night": [
        (TWO_RATE, "distribution", "prices.HC"),
        (TWO_RATE, "distribution", "exclusive_night_price"),
    ],
    "distribution_PIC": [(IMPACT, "distribution", "prices.PIC")],
    "distribution_MEDIUM": [(IMPACT, "distribution", "prices.MEDIUM")],
    "distribution_ECO": [(IMPACT, "distribution", "prices.ECO")],
    "fixed_term": [(NORMAL, "fixed", "price"), (TWO_RATE, "fixed", "price")],
    "transport_elia": [(name, "transport", "price") for name in (NORMAL, TWO_RATE, IMPACT)],
    "prosumer": [],  # for meters that run backwards, to 10 kVA: no concern of a site
}
WALLONIA_MT_COLUMNS = {
    "monthly_peak_eur_kw_month": ("month-peak", "price"),
    "annual_peak_eur_kw_month": ("annual-peak", "price"),
    "hp_eur_kwh": ("distribution", "prices.HP"),
    "hc_eur_kwh": ("distribution", "prices.HC"),
    "osp_surcharges_balances_eur_kwh": ("public-service", "price"),
    "fixed_eur_year": ("fixed", "price"),
}
ELIA_COLUMNS = {
    "monthly_peak_eur_kw_month": ("transport-month-peak", "price"),
    "annual_peak_eur_kw_month": ("transport-annual-peak", "price"),
    "hp_eur_kwh": ("transport-energy", "price"),
    "hc_eur_kwh": ("transport-energy", "price"),
}
# Rules, not prices: fluvius.be (2.5 kW), dlv.be (12 months), Flexcity (11th-highest quarter-hour).
RULES = {
    ("capacity", "floor_kw"): Decimal("2.5"),
    ("access-power", "overrun_memory_months"): Decimal(12),
    ("month-peak", "rank"): Decimal(11),
    ("annual-peak", "rank"): Decimal(11),
    ("transport-month-peak", "rank"): Decimal(11),
    ("transport-annual-peak", "rank"): Decimal(11),
}


Fact = tuple[str, str, str, str]
"""Sheet, component, field, and the amount as the table writes it; empty where it was not found."""


def fluvius() -> Iterator[Fact]:
    for row, (column, place) in product(table("fluvius_2026.csv"), FLUVIUS_COLUMNS.items()):
        yield f"fluvius/{row['region'].lower()}/{FLUVIUS_2026[row['connection']]}/2026", *place, row[column]
    for row, (column, place) in product(table("fluvius_2025_ls.csv"), FLUVIUS_2025_COLUMNS.items()):
        yield f"fluvius/{row['region'].lower()}/low-voltage-network/2025", *place, row[column]


def sibelga() -> Iterator[Fact]:
    for row in table("sibelga_2025_2026.csv"):
        connection, component, field = SIBELGA[row["connection"], row["term"]]
        sheet = f"sibelga/all/{connection}/{row['valid_from'][:4]}"
        yield sheet, component, field, row["value_excl_vat"]


def wallonia_low_voltage() -> Iterator[Fact]:
    for row in table("wallonia_bt_2025_2026.csv"):
        year = row["valid_from"][:4]
        for connection, component, field in WALLONIA_BT[row["term"]]:
            if (connection, year) != (IMPACT, "2025"):  # the tariff exists from 2026
                sheet = f"{row['dso'].lower()}/all/{connection}/{year}"
                yield sheet, component, field, row["value_excl_vat_derived"]


def wallonia_with_peaks() -> Iterator[Fact]:
    rows = table("wallonia_mt_2026.csv")
    elia = next(row for row in rows if row["dso"].startswith("ALL"))
    for row in rows:
        if row is elia or row["dso"] == "AIESH":  # nothing was found for AIESH
            continue
        column = row["connection"].split(" ")[0].lower()
        sheet = f"{row['dso'].lower()}/all/{column}-avec-terme-capacitaire/2026"
        yield from ((sheet, *place, row[name]) for name, place in WALLONIA_MT_COLUMNS.items())
        yield from ((sheet, *place, elia[name]) for name, place in ELIA_COLUMNS.items())


def expected() -> dict[str, Figures]:
    """What the fact tables say, by sheet, component and field."""
    facts: dict[str, Figures] = {}
    for source in (fluvius, sibelga, wallonia_low_voltage, wallonia_with_peaks):
        for sheet, component, field, value in source():
            if value:
                facts.setdefault(sheet, {})[component, field] = Decimal(value)
    return facts


EXPECTED = expected()


def on_disk(sheet_id: str) -> Figures:
    found = raw_figures(read_toml(shipped_files()[sheet_id].path)["components"])
    return {place: value for place, value in found.items() if place not in RULES}


def test_there_is_a_sheet_for_every_fact_and_no_other() -> None:
    assert set(shipped_files()) == set(EXPECTED)
    assert len(EXPECTED) == 8 * 6 + 8 + 2 + 2 + 5 * 5 + 10


@pytest.mark.parametrize("sheet_id", sorted(EXPECTED))
def test_the_figures_of_a_sheet_are_those_of_the_fact_tables(sheet_id: str) -> None:
    assert on_disk(sheet_id) == EXPECTED[sheet_id]


def test_rules_have_the_figures_of_their_sources() -> None:
    seen = {
        (place, value)
        for file in shipped_files().values()
        for place, value in raw_figures(read_toml(file.path)["components"]).items()
        if place in RULES
    }
    assert seen == set(RULES.items())


def test_the_price_of_an_overrun_is_one_and_a_half_times_that_of_access_power() -> None:
    # fluvius.be, questions on the capacity tariff for large consumption. The sheet's yearly prices are twelve times
    # monthly ones of seven decimals, so that the ratio holds up to 12 x (1 + 1.5) x half of the last decimal.
    pairs = [
        (figures["access-power", "overrun_price"], figures["access-power", "price"])
        for figures in EXPECTED.values()
        if ("access-power", "price") in figures
    ]
    assert len(pairs) == 40
    assert max(abs(overrun - Decimal("1.5") * price) for overrun, price in pairs) <= Decimal("1.5e-6")


def test_supplier_cards_were_divided_by_the_household_rate() -> None:
    for name, with_vat, without in (
        ("wallonia_bt_2025_2026.csv", "value_incl_vat6_as_printed", "value_excl_vat_derived"),
        ("sibelga_2025_2026.csv", "value_incl_vat6_as_printed", "value_excl_vat"),
    ):
        for row in table(name):
            if row[with_vat]:
                exact = Decimal(row[with_vat]) / Decimal("1.06")
                assert exact.quantize(Decimal(row[without]), ROUND_HALF_EVEN) == Decimal(row[without])
