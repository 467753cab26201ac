"""Series: exact sums, masks that stay with their values, what cannot be built."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.tariffs.meter import MeterSeries, month_peak
from kwartier.tariffs.meter.meter_series import MOST_MILLIWH, kwh, milliwh


@given(st.integers(0, MOST_MILLIWH))
def test_an_energy_in_kwh_and_back_is_the_same(energy_milliwh: int) -> None:
    assert milliwh(kwh(energy_milliwh)) == energy_milliwh


def test_a_tenth_added_ten_thousand_times_is_a_thousand() -> None:
    series = MeterSeries.of(dict.fromkeys(range(10_000), milliwh(Decimal("0.1"))), {})
    assert kwh(int(series.offtake_milliwh.sum())) == Decimal(1000)


def test_what_is_not_given_is_not_known() -> None:
    series = MeterSeries.of({5: 7, 8: 9}, {6: 1})
    assert (series.first_quarter_index, series.quarter_count) == (5, 4)
    assert series.is_offtake_known.tolist() == [True, False, False, True]
    assert series.is_injection_known.tolist() == [False, True, False, False]


def test_a_part_reaches_beyond_the_series_with_unknown_quarter_hours() -> None:
    part = MeterSeries.of({5: 7, 6: 8}, {}, {5: 3}).part(range(3, 8))
    assert part.offtake_milliwh.tolist() == [0, 0, 7, 8, 0]
    assert part.is_offtake_known.tolist() == [False, False, True, True, False]
    assert part.excess_reactive_varh is not None
    assert part.excess_reactive_varh.tolist() == [0, 0, 3, 0, 0]
    assert MeterSeries.of({5: 7}, {}).part(range(100, 102)).is_offtake_known.tolist() == [False, False]


@pytest.mark.parametrize("energy_milliwh", [-1, MOST_MILLIWH + 1])
def test_an_energy_out_of_range_is_refused(energy_milliwh: int) -> None:
    with pytest.raises(ValueError, match="lies between 0 and"):
        MeterSeries.of({1: energy_milliwh}, {})


def test_columns_of_different_length_and_values_behind_a_mask_are_refused() -> None:
    one, known, unknown = np.array([1]), np.array([True]), np.array([False])
    with pytest.raises(ValueError, match="the same length"):
        MeterSeries(0, one, np.array([1, 2]), known, known)
    with pytest.raises(ValueError, match="not known is written as 0"):
        MeterSeries(0, one, one, unknown, known)


def test_a_peak_is_four_times_the_highest_known_quarter_hour() -> None:
    energies = np.array([1_000_000, 9_000_000, 2_500_000])
    known = np.array([True, False, True])
    peak = month_peak(10, energies, known)
    assert (peak.peak_kw, peak.quarter_index) == (Decimal(10), 12)
    assert (peak.known_count, peak.quarter_count, peak.is_complete) == (2, 3, False)


def test_the_kth_highest_and_the_hours_that_count() -> None:
    energies = np.arange(1, 13) * 250_000  # 1 to 12 kW
    known = np.ones(12, dtype=bool)
    assert month_peak(0, energies, known, rank=11).peak_kw == Decimal(2)
    assert month_peak(0, energies, known, rank=13).peak_kw == Decimal(12)  # too few: the highest
    window = np.arange(12) < 3
    windowed = month_peak(0, energies, known, window=window)
    assert (windowed.peak_kw, windowed.quarter_count) == (Decimal(3), 3)
    assert month_peak(0, energies, known, window=np.zeros(12, dtype=bool)).peak_kw is None


def test_of_equal_quarter_hours_the_first_is_named() -> None:
    assert month_peak(0, np.array([5, 7, 7]), np.ones(3, dtype=bool)).quarter_index == 1
