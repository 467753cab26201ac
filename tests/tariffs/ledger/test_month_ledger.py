"""The ledger: the same from scratch and one by one; gaps, clock changes, late ones, terms, phases."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kwartier.planning.request import MonthPeaks
from kwartier.tariffs.billing import bill
from kwartier.tariffs.billing.peak_history import PeakRule
from kwartier.tariffs.components import HourWindow
from kwartier.tariffs.ledger import LedgerQuarter, MonthLedger, PeaksSoFar, ledger_document, ledger_of
from kwartier.tariffs.meter import LocalMonth, MeterSeries
from tests.tariffs.billing.site_making import FIXED, MEDIUM_VOLTAGE, site_of
from tests.tariffs.meter_making import BRUSSELS, flat_months, quarter_index

TERMS = (
    PeakRule("eleventh", rank=3),
    PeakRule("daytime", window=HourWindow(calendar="flanders-day-night", periods=["day"])),
)
EMPTY = MonthLedger(BRUSSELS, TERMS)
MARCH = LocalMonth(2026, 3)
KWH = 1_000_000


def quarter(moment: str, offtake_kwh: float, injection_kwh: float = 0.0) -> LedgerQuarter:
    return LedgerQuarter(quarter_index(moment), int(offtake_kwh * KWH), int(injection_kwh * KWH))


def of_month(ledger: MonthLedger, month: LocalMonth) -> PeaksSoFar:
    return ledger.month_peaks(month)


def test_peaks_so_far_are_watts_of_the_highest_quarter_hour() -> None:
    ledger = EMPTY.with_quarters(
        [quarter("2026-03-02T10:00:00+01:00", 2.5), quarter("2026-03-02T10:15:00+01:00", 1.0, 0.5)]
    )
    peaks = of_month(ledger, MARCH)
    assert (peaks.offtake_w, peaks.injection_w) == (10_000.0, 2_000.0)
    assert of_month(ledger, LocalMonth(2026, 4)).offtake_w == 0.0


def test_the_fields_are_those_of_a_plan_request() -> None:
    phases = LedgerQuarter(
        quarter_index("2026-03-02T10:00:00+01:00"), KWH, 0, {"L1": KWH, "L2": 0}, {"L3": KWH // 4}
    )
    assert ledger_of(ledger_document(EMPTY.with_quarter(phases)), BRUSSELS, TERMS) == EMPTY.with_quarter(
        phases
    )
    peaks = of_month(EMPTY.with_quarter(phases), MARCH)
    document = MonthPeaks(
        offtake_w=peaks.offtake_w,
        injection_w=peaks.injection_w,
        offtake_w_per_phase=dict(peaks.offtake_w_per_phase),
        injection_w_per_phase=dict(peaks.injection_w_per_phase),
    )
    assert document.offtake_w_per_phase == {"L1": 4000.0, "L2": 0.0}
    assert document.injection_w_per_phase == {"L3": 1000.0}


def test_terms_have_their_own_peaks() -> None:
    """Sunday's 5 kWh are no day hour; of three quarter-hours the third highest is the lowest."""
    ledger = EMPTY.with_quarters(
        [
            quarter("2026-03-01T10:00:00+01:00", 5),
            quarter("2026-03-02T10:00:00+01:00", 3),
            quarter("2026-03-02T10:15:00+01:00", 2),
        ]
    )
    record = ledger.record(MARCH)
    assert record is not None
    assert record.peak_kw_by_term == {"eleventh": Decimal(8), "daytime": Decimal(12)}


def test_a_correction_replaces_also_downwards() -> None:
    ledger = EMPTY.with_quarter(quarter("2026-03-02T10:00:00+01:00", 9))
    assert of_month(ledger.with_quarter(quarter("2026-03-02T10:00:00+01:00", 2)), MARCH).offtake_w == 8_000.0


def test_gaps_are_counted_on_a_day_of_92_quarter_hours() -> None:
    begins = quarter_index("2026-03-29T00:00:00+01:00")
    ledger = MonthLedger(BRUSSELS).with_quarters(
        LedgerQuarter(index, 0, 0) for index in range(begins, begins + 92) if index != begins + 8
    )
    whole = MARCH.quarter_indices(BRUSSELS)
    assert whole.stop - begins == 92 + 2 * 96
    missing_before = begins - whole.start
    assert ledger.missing_count(MARCH, begins + 92) == missing_before + 1
    record = ledger.record(MARCH)
    assert record is not None
    assert (record.known_count, record.quarter_count, record.is_complete) == (91, 2972, False)


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    ledger = EMPTY.with_quarters(
        [quarter("2026-10-25T02:00:00+02:00", 1), quarter("2026-10-25T02:00:00+01:00", 2)]
    )
    assert len(ledger.quarters) == 2
    assert of_month(ledger, LocalMonth(2026, 10)).offtake_w == 8_000.0


def test_a_quarter_hour_of_a_closed_month_is_counted_as_late() -> None:
    ledger = EMPTY.with_quarter(quarter("2026-01-10T10:00:00+01:00", 1))
    ledger = ledger.with_quarter(quarter("2026-03-10T10:00:00+01:00", 1))
    late = ledger.with_quarter(quarter("2026-01-11T10:00:00+01:00", 50))
    assert late.late_count == 1
    assert of_month(late, LocalMonth(2026, 1)).offtake_w == 4_000.0
    in_time = ledger.with_quarter(quarter("2026-02-11T10:00:00+01:00", 50))
    assert (in_time.late_count, of_month(in_time, LocalMonth(2026, 2)).offtake_w) == (0, 200_000.0)


def test_the_twelve_months_peak_and_the_years_energy() -> None:
    ledger = EMPTY.with_quarters(
        [
            quarter("2025-02-10T10:00:00+01:00", 90),  # thirteen months back
            quarter("2025-05-10T10:00:00+02:00", 30),
            quarter("2026-01-10T10:00:00+01:00", 10),
            quarter("2026-03-10T10:00:00+01:00", 20),
        ]
    )
    assert ledger.highest_peak_12m_w(MARCH) == 120_000.0
    assert ledger.year_offtake_kwh(MARCH) == Decimal(30)
    assert ledger.year_offtake_kwh(LocalMonth(2026, 2)) == Decimal(10)


def test_the_ledgers_facts_bill_a_month_like_the_whole_meter_file() -> None:
    """November to March in one file, and March alone with the ledger's facts: the same lines."""
    meter = flat_months("2025-11", "2026-03", 10.0, {"2025-12": 40.0, "2026-02": 30.0})
    quarters = [
        LedgerQuarter(meter.first_quarter_index + place, energy, 0)
        for place, energy in enumerate(meter.offtake_milliwh.tolist())
    ]
    ledger = MonthLedger(BRUSSELS).with_quarters(quarters)
    site = site_of(FIXED, MEDIUM_VOLTAGE)
    alone = meter.part(MARCH.quarter_indices(BRUSSELS))
    whole, part = bill(site, meter, MARCH), bill(site, alone, MARCH, facts=ledger.bill_facts())
    names = ("access-power", "access-power.overrun", "month-peak")
    assert [line for line in whole.lines if line.component in names] == [
        line for line in part.lines if line.component in names
    ]


MOMENTS = st.integers(quarter_index("2025-12-30T00:00:00Z"), quarter_index("2026-03-03T00:00:00Z"))
QUARTERS = st.lists(
    st.builds(LedgerQuarter, MOMENTS, st.integers(0, 5 * KWH), st.integers(0, KWH)), max_size=25
)


@given(QUARTERS)
@settings(max_examples=40)
def test_one_by_one_is_the_same_as_all_at_once(quarters: list[LedgerQuarter]) -> None:
    stepwise = EMPTY
    for one in quarters:
        stepwise = stepwise.with_quarter(one)
    assert stepwise == EMPTY.with_quarters(quarters)


@given(QUARTERS)
@settings(max_examples=40)
def test_in_the_order_of_time_it_is_what_a_series_shows(quarters: list[LedgerQuarter]) -> None:
    """The peaks of the meter series made of the same quarter-hours at once."""
    ordered = sorted(quarters, key=lambda one: one.quarter_index)
    ledger = EMPTY.with_quarters(ordered)
    series = MeterSeries.of({one.quarter_index: one.offtake_milliwh for one in ordered}, {})
    assert ledger.late_count == 0
    for month in ledger.months():
        part = series.part(month.quarter_indices(BRUSSELS))
        assert ledger.month_peaks(month).offtake_w == int(part.offtake_milliwh.max()) * 4 / 1000
        record = ledger.record(month)
        assert record is not None
        assert record.known_count == int(part.is_offtake_known.sum())


@given(QUARTERS)
@settings(max_examples=40)
def test_a_ledger_that_was_kept_goes_on_where_it_was(quarters: list[LedgerQuarter]) -> None:
    ledger = EMPTY.with_quarters(quarters)
    kept = json.loads(json.dumps(ledger_document(ledger)))
    assert ledger_of(kept, BRUSSELS, TERMS) == ledger


@pytest.mark.parametrize("energy_milliwh", [-1, 10**12 + 1])
def test_an_impossible_energy_is_refused(energy_milliwh: int) -> None:
    with pytest.raises(ValueError, match="it lies between"):
        LedgerQuarter(0, energy_milliwh, 0)
