"""The open quarter-hour: what has flowed and where it is heading, worked out by hand."""

import json

import pytest

from kwartier.control.planned_peak import PlannedPeak
from kwartier.service.measurement_row import MeasurementRow
from kwartier.service.watching.open_quarter import open_quarter

START_S = 1_772_452_800  # 2026-03-02 12:00 UTC


def row(after_s: float, power_w: float, **phase_w: float) -> MeasurementRow:
    pins = json.dumps({phase: {"powerValue": value} for phase, value in phase_w.items()}) if phase_w else None
    measured_us = int((START_S + after_s) * 1e6)
    return MeasurementRow("alpha", "hall", "main", measured_us, measured_us, 0.0, power_w, None, pins)


def test_a_steady_power_is_carried_on_to_the_end() -> None:
    found = open_quarter("main", START_S, [row(-60, 6000), row(300, 6000)], ())
    assert found is not None
    # 6 kW for 5 of 15 min are 500 Wh, and 1,500 Wh at the end.
    assert (found.used_wh, found.expected_wh) == pytest.approx((500.0, 1500.0))


def test_between_two_readings_their_mean_has_flowed() -> None:
    found = open_quarter("main", START_S, [row(0, 0), row(450, 12_000)], ())
    assert found is not None
    # 6 kW on average for 7.5 min are 750 Wh; 12 kW for as long are 1,500 Wh more.
    assert (found.used_wh, found.expected_wh) == pytest.approx((750.0, 2250.0))


def test_before_the_first_reading_of_all_its_own_power_flowed() -> None:
    found = open_quarter("main", START_S, [row(450, 4000)], ())
    assert found is not None
    assert (found.used_wh, found.expected_wh) == pytest.approx((500.0, 1000.0))


def test_what_is_fed_in_is_negative() -> None:
    found = open_quarter("main", START_S, [row(0, -4000), row(450, -4000)], ())
    assert found is not None
    assert (found.used_wh, found.expected_wh) == pytest.approx((-500.0, -1000.0))


def test_a_meter_that_was_not_heard_in_it_tells_nothing() -> None:
    assert open_quarter("main", START_S, [row(-10, 4000)], ()) is None
    assert open_quarter("main", START_S, [], ()) is None


def test_peaks_are_those_of_the_root_and_of_the_phases_that_its_meter_tells() -> None:
    peaks = (
        PlannedPeak("main", "L1", 10_000.0),
        PlannedPeak("main", "L2", 10_000.0),
        PlannedPeak("main", None, 25_000.0),
        PlannedPeak("other", None, 1.0),
    )
    rows = [row(0, 5000, L1=4000), row(300, 5000, L1=4000)]
    found = open_quarter("main", START_S, rows, peaks)
    assert found is not None
    assert [(one.phase, one.planned_w) for one in found.peaks] == [("L1", 10_000.0), (None, 25_000.0)]
    assert [one.expected_w for one in found.peaks] == pytest.approx([4000.0, 5000.0])
