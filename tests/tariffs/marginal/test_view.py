"""The marginal view of shipped sheets, each number worked out from the figures of the sheet."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import TypeAdapter

from kwartier.site.dso import Dso
from kwartier.tariffs.components import DegressionPoint, RollingMaxPeak
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.marginal import (
    HeldComponent,
    MarginalView,
    Memory,
    MonthTariff,
    marginal_view,
    tariff_of,
)
from kwartier.tariffs.marginal.rolling_max_peak import _marginal_factor
from kwartier.tariffs.meter.local_month import LocalMonth

BRUSSELS = ZoneInfo("Europe/Brussels")
IMEWO_LV = {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"}
IMEWO_MS = {"dso": "Fluvius", "region": "Imewo", "connection_type": "MS"}
ORES_MT = {"dso": "ORES", "region": "All", "connection_type": "MT avec terme capacitaire"}
SIBELGA_BT = {"dso": "Sibelga", "region": "All", "connection_type": "BT"}


def quarters(local_start: str, count: int) -> npt.NDArray[np.int64]:
    start_s = int(datetime.fromisoformat(local_start).replace(tzinfo=BRUSSELS).timestamp())
    return start_s + np.arange(count, dtype=np.int64) * 900


def view_of(dso: dict[str, Any], local_start: str, count: int = 96, **memory: Any) -> MarginalView:
    known: Dso = TypeAdapter(Dso).validate_python(dso)
    return marginal_view(tariff_of(known), quarters(local_start, count), BRUSSELS, Memory(**memory))


def peaks_of(view: MarginalView) -> dict[str, tuple[Any, float]]:
    """Price (EUR/kW) and floor (W) of each charge by its component."""
    return {charge.component: (charge.price_eur_per_kw, charge.floor_w) for charge in view.peaks}


def test_a_kw_of_a_mean_of_twelve_months_costs_a_twelfth_of_its_yearly_price() -> None:
    # The twelve bills from March 2026 have 365 days together: 54.2009816 x 365 / 365 / 12.
    assert peaks_of(view_of(IMEWO_LV, "2026-03-02")) == {"capacity": (pytest.approx(54.2009816 / 12), 2500.0)}


def test_the_bills_of_the_year_after_have_its_own_price() -> None:
    # October 2025: 92 days at 53.2422 and 273 days at 54.2009816 EUR/kW/year.
    (price, _) = peaks_of(view_of(IMEWO_LV, "2025-10-03"))["capacity"]
    assert price == pytest.approx((53.2422 * 92 + 54.2009816 * 273) / 365 / 12)


@pytest.mark.parametrize(("so_far_w", "floor_w"), [(0.0, 2500.0), (2400.0, 2500.0), (9000.0, 9000.0)])
def test_up_to_the_least_and_the_months_peak_a_kw_is_free(so_far_w: float, floor_w: float) -> None:
    assert peaks_of(view_of(IMEWO_LV, "2026-03-02", month_peak_w=so_far_w))["capacity"][1] == floor_w


def test_a_months_peak_costs_its_days_of_the_yearly_price_and_an_overrun_all_the_bills_that_remember_it() -> (
    None
):
    view = view_of(
        IMEWO_MS, "2026-04-10", month_peak_w=71_000.0, highest_peak_w=126_000.0, access_power_kw=98.0
    )
    assert peaks_of(view) == {
        # 54.2288988 EUR/kVA/year x 30 days of April / 365
        "month-peak": (pytest.approx(54.2288988 * 30 / 365), 71_000.0),
        # 12 bills of 365 days together, above the 126 kW that are billed already
        "access-power-overrun": (pytest.approx(54.1588776), 126_000.0),
    }
    assert view.peak_warnings == ()


def test_the_access_power_itself_is_paid_whatever_is_taken() -> None:
    peaks = peaks_of(view_of(IMEWO_MS, "2026-04-10", highest_peak_w=50_000.0, access_power_kw=98.0))
    assert peaks["access-power-overrun"][1] == 98_000.0


@pytest.mark.parametrize("declared_kw", [None, 0.0])
def test_without_an_access_power_there_is_no_overrun_and_a_warning(declared_kw: float | None) -> None:
    view = view_of(IMEWO_MS, "2026-04-10", access_power_kw=declared_kw)
    assert set(peaks_of(view)) == {"month-peak"}
    assert [text for text in view.peak_warnings if "no access power is declared" in text]


def test_in_wallonia_the_operator_and_elia_price_the_months_and_the_years_peak_together() -> None:
    view = view_of(ORES_MT, "2026-05-04", month_peak_w=40_000.0, highest_peak_w=90_000.0)
    assert peaks_of(view) == {
        "month-peak+transport-month-peak": (pytest.approx(2.7943885 + 3.8111215), 40_000.0),
        "annual-peak+transport-annual-peak": (pytest.approx(12 * (1.3971943 + 1.9055608)), 90_000.0),
    }
    assert {charge.words for charge in view.peaks} == {"this month's peak", "the highest peak of 12 months"}


def test_a_highest_peak_that_is_not_known_is_this_months_and_said() -> None:
    view = view_of(ORES_MT, "2026-05-04", month_peak_w=40_000.0)
    assert peaks_of(view)["annual-peak+transport-annual-peak"][1] == 40_000.0
    assert [text for text in view.peak_warnings if "tariff_state.highest_peak_12m_w" in text]


def test_a_month_boundary_splits_a_months_peak_and_not_that_of_twelve_months() -> None:
    view = view_of(ORES_MT, "2026-05-31T12:00", month_peak_w=40_000.0, highest_peak_w=90_000.0)
    counted = [(charge.component, charge.floor_w, int(charge.counted.sum())) for charge in view.peaks]
    # 12 hours of May, then 12 of June, in which nothing has been seen.
    assert counted == [
        ("month-peak+transport-month-peak", 40_000.0, 48),
        ("annual-peak+transport-annual-peak", 90_000.0, 96),
        ("month-peak+transport-month-peak", 0.0, 48),
    ]
    assert [charge.begins_later for charge in view.peaks] == [False, False, True]


def test_brussels_prices_a_kwh_by_day_and_night_with_elia_as_a_line() -> None:
    # Monday 2 March 2026: day from 7 to 22, 93.9623 + 21.4151 EUR/MWh, night 71.0377 + 21.4151.
    price = view_of(SIBELGA_BT, "2026-03-02").price_eur_per_mwh("grid", "offtake")
    assert price[27:29] == pytest.approx([71.0377 + 21.4151, 93.9623 + 21.4151], abs=1e-3)
    assert price[87:89] == pytest.approx([93.9623 + 21.4151, 71.0377 + 21.4151], abs=1e-3)


def in_peak_hours(month: LocalMonth) -> MonthTariff:
    """60 EUR/kW a year on the highest peak of twelve months between 7 and 22 on weekdays, as Sibelga counts it."""
    component = RollingMaxPeak.model_validate(
        {
            "id": "peak",
            "kind": "rolling_max_peak",
            "group": "grid",
            "price": {"value": Decimal(60), "unit": "EUR/kW/year", "source": "s", "confidence": "A"},
            "window": {"calendar": "sibelga-mv-hi-lo", "periods": ["HI"]},
        }
    )
    days = DaySpan(month.first_day, month.last_day)
    return MonthTariff((HeldComponent(component, days),), "Sibelga")


def test_a_peak_that_counts_in_some_hours_counts_in_those_only() -> None:
    # Monday 2 March 2026: 7 to 22 are 60 quarter-hours; on the Sunday before there are none, and no charge.
    (charge,) = marginal_view(in_peak_hours, quarters("2026-03-02", 96), BRUSSELS, Memory()).peaks
    assert np.flatnonzero(charge.counted).tolist() == list(range(28, 88))
    assert charge.price_eur_per_kw == pytest.approx(60.0)
    assert marginal_view(in_peak_hours, quarters("2026-03-01", 96), BRUSSELS, Memory()).peaks == ()


def test_injection_costs_what_the_sheet_asks_for_it() -> None:
    price = view_of(IMEWO_LV, "2026-03-02").price_eur_per_mwh("grid", "injection")
    assert price == pytest.approx(np.full(96, 1.751))


@pytest.mark.parametrize(
    ("year_kwh", "excise_eur_per_mwh"),
    [(0.0, 14.21), (19_999.9, 14.21), (20_000.0, 12.09), (60_000.0, 11.39), (1e9, 0.5)],
)
def test_a_levy_costs_the_bracket_that_is_reached(year_kwh: float, excise_eur_per_mwh: float) -> None:
    price = view_of(IMEWO_LV, "2026-03-02", year_offtake_kwh=year_kwh).price_eur_per_mwh("levies", "offtake")
    # with the federal energy contribution of 1.9261 EUR/MWh at low voltage
    assert price == pytest.approx(np.full(96, excise_eur_per_mwh + 1.9261))


def test_a_new_year_begins_in_the_lowest_bracket_and_with_the_last_sheet_that_is_known() -> None:
    view = view_of(IMEWO_LV, "2026-12-31T12:00", year_offtake_kwh=60_000.0)
    levies = view.price_eur_per_mwh("levies", "offtake")
    assert levies[[0, 47, 48, 95]] == pytest.approx([11.39 + 1.9261] * 2 + [14.21 + 1.9261] * 2)
    assert view.warnings == (
        "estimated: no 2027 sheet known; the amounts of Fluvius Imewo 2026 are carried on",
    )
    assert view.price_eur_per_mwh("grid", "offtake")[95] == view.price_eur_per_mwh("grid", "offtake")[0]
    assert view.has_sheet


def test_where_the_maximum_tariff_binds_only_the_kwh_and_the_overrun_cost() -> None:
    view = view_of(
        IMEWO_MS, "2026-04-10", access_power_kw=98.0, highest_peak_w=0.0, maximum_tariff_binds=True
    )
    assert set(peaks_of(view)) == {"access-power-overrun"}
    assert view.price_eur_per_mwh("grid", "offtake") == pytest.approx(np.full(96, 150.8082))


def test_without_a_sheet_the_levies_remain_and_a_warning_says_which_sheet_and_what_to_do() -> None:
    view = view_of(
        {"dso": "AIESH", "region": "All", "connection_type": "MT avec terme capacitaire"}, "2026-03-02"
    )
    assert not view.has_sheet
    assert view.peaks == ()
    assert view.price_eur_per_mwh("grid", "offtake").tolist() == [0.0] * 96
    assert view.price_eur_per_mwh("levies", "offtake") == pytest.approx(np.full(96, 14.21))
    (grid, *_) = view.warnings
    assert grid.startswith("no grid amounts in this plan: ")
    assert "AIESH, All, MT avec terme capacitaire" in grid
    assert "cwape.be" in grid


def test_a_factor_that_falls_with_the_peak_is_counted_where_the_peak_stands() -> None:
    figures: list[dict[str, Any]] = [
        {
            "peak_kw": Decimal(peak),
            "factor": {"value": Decimal(value), "unit": "factor", "source": "s", "confidence": "A"},
        }
        for peak, value in ((100, "1.0"), (300, "0.8"))
    ]
    points = [DegressionPoint.model_validate(figure) for figure in figures]
    # p x f(p) with f = 1 - 0.001 (p - 100) between the points: the slope at 200 is f(200) - 0.001 x 200 = 0.7.
    assert [_marginal_factor(points, peak) for peak in (50, 200, 400)] == pytest.approx([1.0, 0.7, 0.8])
