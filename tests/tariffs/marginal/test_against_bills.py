"""The marginal view foretells what a small change of a month costs: the difference of the unrounded bills, to 1e-6 EUR.

A peak counts in twelve bills where its tariff remembers twelve months. Nothing switches in these cases: the bracket of
a levy, the month that is the highest, and whether the maximum tariff binds are the same before and after the change.
"""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwartier.tariffs.marginal import MarginalView
from tests.tariffs.marginal.against_bills import (
    YEAR_OFFTAKES_KWH,
    Case,
    drawn_change,
    first_month,
    longer_sheet,
    month_start_s,
    site_on,
    usable_sheets,
)

SHEETS = dict(usable_sheets())
ORDINARY_KW, IDLE_KW = 15.0, 0.3
# Below the month's peak, so that it is exceeded, and above it.
EXCEEDED_KW, AMPLE_KW = 42.0, 80.0


def case_of(path: Path, random: Random, folder: Path, base_kw: float, access_power_kw: float) -> Case:
    sheets, sheet = longer_sheet(path, folder)
    # Not January: its year begins in the lowest bracket, and the months after it would pass on to the next ones.
    month = first_month(sheet).later(random.randrange(1, 12))
    return Case(
        sheets=sheets,
        sheet=sheet,
        site=site_on(sheet, access_power_kw),
        month=month,
        year_offtake_kwh=random.choice(YEAR_OFFTAKES_KWH),
        base_kw=base_kw,
        change=drawn_change(random, month_start_s(month), base_kw),
    )


def assert_foretold(case: Case, view: MarginalView) -> None:
    assert case.foretold_eur(view) == pytest.approx(case.billed_eur(), abs=1e-6)


def test_the_shipped_sheets_are_all_there() -> None:
    # 8 areas x 6 connection types of Fluvius in 2026 and 8 of low voltage in 2025 alone are 56.
    assert len(SHEETS) >= 56


@pytest.mark.parametrize("sheet_id", SHEETS)
def test_a_change_costs_what_the_view_of_the_sheet_says(sheet_id: str, tmp_path: Path) -> None:
    random = Random(sheet_id)
    access_power_kw = random.choice([EXCEEDED_KW, AMPLE_KW])
    case = case_of(SHEETS[sheet_id], random, tmp_path, ORDINARY_KW, access_power_kw)
    view = case.view(maximum_tariff_binds=False, access_power_kw=access_power_kw)
    assert view.energy
    assert_foretold(case, view)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    sheet_id=st.sampled_from(sorted(SHEETS)),
    access_power_kw=st.sampled_from([EXCEEDED_KW, AMPLE_KW]),
    random=st.randoms(use_true_random=False),
)
def test_any_change_costs_what_the_view_says(
    sheet_id: str, access_power_kw: float, random: Random, tmp_path: Path
) -> None:
    case = case_of(SHEETS[sheet_id], random, tmp_path, ORDINARY_KW, access_power_kw)
    assert_foretold(case, case.view(maximum_tariff_binds=False, access_power_kw=access_power_kw))


FLUVIUS_2026 = [name for name in SHEETS if name.startswith("fluvius/") and name.endswith("/2026")]


@pytest.mark.parametrize("sheet_id", FLUVIUS_2026)
def test_where_the_maximum_tariff_binds_a_kw_costs_nothing_and_a_kwh_its_price(
    sheet_id: str, tmp_path: Path
) -> None:
    case = case_of(SHEETS[sheet_id], Random(sheet_id), tmp_path, IDLE_KW, EXCEEDED_KW)
    view = case.view(maximum_tariff_binds=True, access_power_kw=EXCEEDED_KW)
    # An overrun is outside the maximum tariff: the only peak that still costs something.
    assert [charge.component for charge in view.peaks] in ([], ["access-power-overrun"])
    assert_foretold(case, view)


@pytest.mark.parametrize("sheet_id", ["fluvius/imewo/low-voltage-network/2026"])
def test_a_view_that_is_wrong_by_a_thousandth_is_found(sheet_id: str, tmp_path: Path) -> None:
    case = case_of(SHEETS[sheet_id], Random(1), tmp_path, ORDINARY_KW, AMPLE_KW)
    foretold = case.foretold_eur(case.view(maximum_tariff_binds=False, access_power_kw=AMPLE_KW))
    assert abs(foretold * 1.001 - case.billed_eur()) > 1e-6
