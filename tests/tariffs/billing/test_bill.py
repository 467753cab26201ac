"""What holds for every bill: its sums, its year, what it refuses, what it says."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kwartier.tariffs
from kwartier.tariffs.billing import BillFacts, CannotBill, Customer, DayAheadPrices, bill
from kwartier.tariffs.billing.bill_line import rounded_eur
from kwartier.tariffs.meter import LocalMonth, MeterSeries
from tests.tariffs.billing.site_making import FIXED, LOW_VOLTAGE, MEDIUM_VOLTAGE, site_of
from tests.tariffs.billing.test_hand_cases import billed, read_case
from tests.tariffs.meter_making import BRUSSELS, flat_months, quarter_index, series_of

YEAR = flat_months("2026-01", "2026-12", 2.5, {"2026-02": 20.0, "2026-08": 40.0})
JANUARY = flat_months("2026-01", "2026-01", 1.0)
DYNAMIC = {"contract_type": "dynamic"}


def test_the_golden_invoice_adds_up_with_what_no_source_explains(tmp_path: Path) -> None:
    """800.75 EUR of the invoice: seven lines of ours, and 32.52 EUR (2.03 EUR/MWh) that stand on none."""
    case = read_case("the_golden_invoice")
    names = (
        "access-power",
        "access-power.overrun",
        "month-peak",
        "data-management",
        "public-service",
        "surcharges",
    )
    lines = {line.component: line.amount_eur for line in billed(case, tmp_path).lines}
    assert sum(lines[name] for name in names) + Decimal(str(case["unexplained_eur"])) == Decimal("800.75")


@pytest.mark.parametrize("dso", [LOW_VOLTAGE, MEDIUM_VOLTAGE], ids=["low", "medium"])
def test_a_year_is_the_exact_sum_of_its_months(dso: dict[str, Any]) -> None:
    site = site_of(FIXED, dso)
    year = bill(site, YEAR, "2026")
    months = [bill(site, YEAR, LocalMonth(2026, number)) for number in range(1, 13)]
    assert [month.to_json() for month in year.months] == [month.to_json() for month in months]
    assert year.total_eur == sum(month.total_eur for month in months)
    assert year.vat_eur == sum(month.vat_eur for month in months)
    for line in year.lines:
        held = [one for month in months for one in month.lines if one.component == line.component]
        assert line.amount_eur == sum(one.amount_eur for one in held)


def test_a_years_energies_are_those_of_its_quarter_hours() -> None:
    """35 040 quarter-hours of 2.5 kWh, two of 20 and 40 kWh instead: 87 595 + 60 = 87 655 kWh."""
    year = bill(site_of(), YEAR, "2026")
    [offtake] = [line for line in year.lines if line.component == "contract-offtake"]
    assert (offtake.quantity, offtake.unit) == (Decimal(87_655), "kWh")
    assert offtake.amount_eur == Decimal("8765.50")


def test_a_year_that_is_not_over_says_which_months_it_lacks() -> None:
    year = bill(site_of(), flat_months("2026-01", "2026-03", 1.0), "2026")
    assert year.provisional
    assert year.warnings[0].startswith("the meter file holds nothing of 2026-04, 2026-05")
    assert len(year.months) == 3


@pytest.mark.parametrize(
    ("customer", "share"), [("business", Decimal("0.21")), ("household", Decimal("0.06"))]
)
def test_vat_is_on_the_lines_that_carry_it(customer: Customer, share: Decimal) -> None:
    """The Energiefonds carries none, nor what a household is paid for its injection."""
    made = bill(site_of(), JANUARY, "2026-01", facts=BillFacts(customer=customer))
    base = sum(line.amount_eur for line in made.lines if line.vat == "standard")
    assert made.vat_eur == rounded_eur(base * share)
    free = {line.component for line in made.lines if line.vat == "none"}
    assert free == ({"energiefonds"} if customer == "business" else {"contract-injection"})


def test_the_public_name_is_a_function() -> None:
    assert kwartier.tariffs.bill(site_of(), JANUARY, "2026-01").period == "2026-01"


def test_the_json_is_that_of_the_contract() -> None:
    document = bill(site_of(), JANUARY, "2026-01").to_json()
    totals = ["total_excl_vat_eur", "vat_eur", "total_eur", "provisional", "warnings"]
    assert list(document) == ["lines", *totals]
    names = ["component", "group", "quantity", "unit", "unit_price_eur", "amount_eur", "source"]
    assert all(list(line) == names for line in document["lines"])
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_every_line_is_its_quantity_times_its_price() -> None:
    for dso in (LOW_VOLTAGE, MEDIUM_VOLTAGE):
        for line in bill(site_of(FIXED, dso), YEAR, "2026-08").lines:
            assert abs(line.quantity * line.unit_price_eur - line.exact_eur) < Decimal("1e-20"), line
            assert abs(line.exact_eur - line.amount_eur) <= Decimal("0.005")


def refused(*arguments: Any, **named: Any) -> list[str]:
    with pytest.raises(CannotBill) as caught:
        bill(*arguments, **named)
    return [finding.rule for finding in caught.value.findings]


def test_without_a_sheet_for_the_month_there_is_no_bill() -> None:
    meter = flat_months("2024-03", "2024-03", 1.0)
    assert refused(site_of(), meter, "2024-03") == ["bill.no_amounts_known"]
    made = bill(site_of(), meter, "2024-03", facts=BillFacts(is_grid_left_out=True))
    assert {line.group for line in made.lines} == {"energy", "levies"}
    assert "grid fees are left out of this bill, as was asked for" in made.warnings


def test_a_month_that_was_not_measured_has_no_bill() -> None:
    assert refused(site_of(), JANUARY, "2026-02") == ["bill.nothing_measured"]
    assert refused(site_of(), MeterSeries.of({}, {}), "2026-02") == ["bill.nothing_measured"]


def test_a_contract_of_an_unknown_kind_has_no_bill() -> None:
    assert refused(site_of({"contract_type": "variable"}), JANUARY, "2026-01") == ["bill.contract"]


def test_a_dynamic_contract_needs_a_price_for_every_quarter_hour_with_energy() -> None:
    site = site_of(DYNAMIC)
    assert refused(site, JANUARY, "2026-01") == ["bill.day_ahead_missing"]
    start = datetime.fromisoformat("2026-01-01T00:00:00+01:00")
    short = DayAheadPrices.of(start, [50.0] * 743, "PT1H")
    with pytest.raises(CannotBill, match=r"2026-01-31T22:00:00Z, nor for 3 more"):
        bill(site, JANUARY, "2026-01", day_ahead=short)
    whole = DayAheadPrices.of(start, [50.0] * 744, "PT1H")
    [offtake] = [
        line
        for line in bill(site, JANUARY, "2026-01", day_ahead=whole).lines
        if line.component == "contract-offtake"
    ]
    assert offtake.amount_eur == Decimal("148.80")  # 2976 kWh x 0.05


def test_a_price_gap_without_energy_does_not_matter() -> None:
    start = datetime.fromisoformat("2026-01-01T00:00:00+01:00")
    meter = series_of("2026-01-01T00:00:00+01:00", [4.0] + [0.0] * 2975)
    prices = DayAheadPrices.of(start, [50.0] + [None] * 743, "PT1H")
    assert bill(site_of(DYNAMIC), meter, "2026-01", day_ahead=prices).lines[0].amount_eur == Decimal("0.20")


@pytest.mark.parametrize("text", ["2026-13", "March", "26", "2026-3", "20260", "abcd"])
def test_a_period_that_is_neither_month_nor_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no month"):
        bill(site_of(), JANUARY, text)


def test_reactive_energy_comes_from_the_meter_file() -> None:
    """1500 varh + 500 varh are 2 kVArh x 0.0134149 = 0.0268 EUR."""
    first = quarter_index("2026-01-01T00:00:00+01:00")
    meter = MeterSeries(
        first,
        JANUARY.offtake_milliwh,
        JANUARY.injection_milliwh,
        JANUARY.is_offtake_known,
        JANUARY.is_injection_known,
        np.array([1500, 500] + [0] * 2974),
    )
    made = bill(site_of(FIXED, MEDIUM_VOLTAGE), meter, "2026-01")
    [line] = [line for line in made.lines if line.component == "reactive"]
    assert (line.quantity, line.amount_eur) == (Decimal(2), Decimal("0.03"))
    assert not any("excess_reactive" in warning for warning in made.warnings)


def test_the_files_own_year_counts_before_the_facts() -> None:
    """January's 2976 kWh are in the file: February begins there, without a warning."""
    made = bill(site_of(), flat_months("2026-01", "2026-02", 1.0), "2026-02")
    [excise] = [line for line in made.lines if line.component == "special-excise"]
    assert "2976.000 kWh before this month" in excise.source.how
    assert not any("special-excise" in warning for warning in made.warnings)


def test_a_year_of_which_the_start_is_missing_is_warned_about() -> None:
    made = bill(site_of(), flat_months("2026-02", "2026-02", 1.0), "2026-02")
    assert any(
        text.startswith("special-excise: of the year before 2026-02-01 only 0 of 2,976")
        for text in made.warnings
    )


@given(
    peaks_kwh=st.lists(st.integers(0, 50).map(float), min_size=12, max_size=12),
    base_kwh=st.sampled_from([0.0, 0.25, 3.0]),
)
@settings(max_examples=15)
def test_whatever_the_peaks_the_year_is_the_sum_and_lines_have_no_cent_too_many(
    peaks_kwh: list[float], base_kwh: float
) -> None:
    names = [f"2026-{number:02d}" for number in range(1, 13)]
    meter = flat_months("2026-01", "2026-12", base_kwh, dict(zip(names, peaks_kwh, strict=True)))
    year = bill(site_of(FIXED, MEDIUM_VOLTAGE), meter, "2026")
    assert year.total_excl_vat_eur == sum(month.total_excl_vat_eur for month in year.months)
    assert abs(year.exact_excl_vat_eur - sum(month.exact_excl_vat_eur for month in year.months)) < Decimal(
        "1.2"
    )
    assert all(
        line.amount_eur == rounded_eur(line.amount_eur) for month in year.months for line in month.lines
    )


def test_the_months_are_those_of_the_sites_clocks() -> None:
    """The hour before midnight UTC on 31 January is February in Belgium."""
    late = series_of("2026-01-31T23:00:00+00:00", [7.0] * 4)
    assert LocalMonth.of_quarter(late.first_quarter_index, BRUSSELS) == LocalMonth(2026, 2)
    [offtake] = [one for one in bill(site_of(), late, "2026-02").lines if one.component == "contract-offtake"]
    assert offtake.quantity == Decimal(28)
    assert refused(site_of(), late, "2026-01") == ["bill.nothing_measured"]
