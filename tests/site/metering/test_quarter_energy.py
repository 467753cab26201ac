"""Quarter-hour energies: split across boundaries, missing where nobody knows, the same in any order of arrival."""

import random

import numpy as np
import pytest

from kwartier.site.measurement import Measurement
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, quarter_energies
from kwartier.site.metering.readings import Readings, readings_of
from kwartier.units.quarter_hour import from_epoch_s
from tests.site.metering.meter_case import START_S, steady


def readings(*told: tuple[float, float, float]) -> Readings:
    """Readings of (seconds after the start, total in Wh, power in W)."""
    time_s, total_wh, power_w = (np.array(column, dtype=np.float64) for column in zip(*told, strict=True))
    return Readings(START_S + time_s, total_wh, power_w)


def test_a_day_of_minutes_gives_96_quarter_hours() -> None:
    found = quarter_energies(steady(24 * 60), START_S, START_S + 86_400)
    assert found.energy_wh == pytest.approx(np.full(96, 750.0))  # 3 kW x 0.25 h
    assert found.is_known.all()
    assert not found.from_power_ratio.any()


def test_a_boundary_between_two_readings_splits_their_energy_in_proportion() -> None:
    # 600 Wh over 20 min of which 10 in each quarter-hour; then 300 Wh over the rest.
    found = quarter_energies(
        readings((0, 0, 1_800), (300, 150, 1_800), (1_500, 750, 1_800), (1_800, 900, 1_800)),
        START_S,
        START_S + 1_800,
    )
    assert found.energy_wh.tolist() == pytest.approx([450.0, 450.0])


def test_a_gap_of_the_largest_length_counts_and_a_longer_one_does_not() -> None:
    at_limit = readings((0, 0, 1_000), (LARGEST_GAP_S, 333, 1_000), (1_800, 500, 1_000))
    beyond = readings((0, 0, 1_000), (LARGEST_GAP_S + 1, 333, 1_000), (1_800, 500, 1_000))
    assert quarter_energies(at_limit, START_S, START_S + 1_800).is_known.tolist() == [True, True]
    found = quarter_energies(beyond, START_S, START_S + 1_800)
    assert found.is_known.tolist() == [False, False]
    assert np.isnan(found.energy_wh[0])
    assert found.covered_ratio.tolist() == pytest.approx([0.0, (1_800 - LARGEST_GAP_S - 1) / 900])


def test_what_is_missing_is_not_zero() -> None:
    found = quarter_energies(readings((0, 5, 0), (600, 5, 0)), START_S, START_S + 1_800)
    assert found.energy_wh[0] == 0.0
    assert np.isnan(found.energy_wh[1])
    assert found.covered_ratio.tolist() == pytest.approx([2 / 3, 0.0])


def test_without_a_usable_total_the_power_tells_the_energy_and_says_so() -> None:
    reset = readings((0, 9_000, 3_600), (300, 9_300, 3_600), (600, 20, 3_600), (900, 320, 3_600))
    found = quarter_energies(reset, START_S, START_S + 900)
    assert found.energy_wh.tolist() == pytest.approx([900.0])
    assert found.from_power_ratio.tolist() == pytest.approx([1 / 3])
    assert [finding.fault for finding in found.findings] == ["reset"]


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_readings_tell_nothing(count: int) -> None:
    one = steady(5)
    few = Readings(one.time_s[:count], one.energy_total_wh[:count], one.power_w[:count])
    found = quarter_energies(few, START_S, START_S + 1_800)
    assert np.isnan(found.energy_wh).all()
    assert not found.covered_ratio.any()


def test_readings_before_and_after_the_span_count_in_it() -> None:
    around = readings((-300, 0, 600), (600, 150, 600), (1_500, 300, 600))
    found = quarter_energies(around, START_S, START_S + 900)
    assert found.energy_wh.tolist() == pytest.approx([150.0])


def test_every_order_of_arrival_gives_the_same_energies() -> None:
    dice = random.Random(5)
    total_wh, told = 1_000.0, []
    for minute in range(0, 300, 2):
        total_wh += dice.choice([0.0, 40.0, 90.0, -5.0])
        told.append(
            Measurement(
                asset_id="pole",
                timestamp=from_epoch_s(START_S + 60 * minute),
                energy_value=total_wh,
                power_value=dice.uniform(0, 7_000),
            )
        )
    expected = quarter_energies(readings_of(told), START_S, START_S + 18_000)
    for _ in range(50):
        dice.shuffle(told)
        found = quarter_energies(readings_of(told), START_S, START_S + 18_000)
        assert np.array_equal(found.energy_wh, expected.energy_wh, equal_nan=True)
        assert found.findings == expected.findings


def test_readings_that_do_not_rise_in_time_are_refused() -> None:
    with pytest.raises(ValueError, match="order of time"):
        readings((0, 1, 1), (0, 2, 1))
