"""Each fault of a running total is told by its own name, and never turned into energy (reliability.md, R07)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.site.metering.counter import judge_counter, register_step_wh
from kwartier.site.metering.quarter_energy import quarter_energies
from kwartier.site.metering.readings import FloatArray, Readings
from tests.site.metering.meter_case import START_S, steady, with_totals

DAY = 24 * 60
AT = 700  # the minute in the middle of the day at which a fault begins


def shifted(by_wh: float) -> FloatArray:
    totals = steady(DAY).energy_total_wh.copy()
    totals[AT:] += by_wh
    return totals


def rolled_over(end_wh: float) -> FloatArray:
    """A register that reaches its end at the minute AT."""
    totals = end_wh - 50.0 * AT + 20.0 + 50.0 * np.arange(DAY + 1)
    return np.asarray(np.where(totals >= end_wh, totals - end_wh, totals))


def scaled(factor: float, minutes: int) -> FloatArray:
    totals = steady(DAY).energy_total_wh.copy()
    totals[AT : AT + minutes] *= factor
    return totals


def stuck() -> FloatArray:
    totals = steady(2 * DAY).energy_total_wh.copy()
    totals[AT:] = totals[AT]
    return totals


CASES = {
    "rollover of a 6-digit register": (rolled_over(1e6), ["rollover"]),
    "rollover of an 8-digit register": (rolled_over(1e8), ["rollover"]),
    "rollover of 32 bits": (rolled_over(2.0**32), ["rollover"]),
    "reset to 0": (shifted(-(5_000_000 + 50.0 * AT)), ["reset"]),
    "another meter, lower": (shifted(-3_600_000.0), ["meter_replaced"]),
    "another meter, higher": (shifted(+7_300_000.0), ["meter_replaced"]),
    "step back": (shifted(-400.0), ["step_back"]),
    "tenfold for one reading": (scaled(10, 1), ["tenfold_jump"]),
    "tenfold for an hour": (scaled(10, 60), ["tenfold_jump"]),
    "a tenth for an hour": (scaled(0.1, 60), ["tenfold_jump"]),
    "a rise of ten times what is possible": (shifted(+3_000.0), ["tenfold_jump"]),
    "kWh for one reading": (scaled(0.001, 1), ["unit_swap"]),
    "kWh for an hour": (scaled(0.001, 60), ["unit_swap"]),
    "kWh from then on": (scaled(0.001, DAY), ["unit_swap"]),
    "Wh after kWh": (
        np.where(np.arange(DAY + 1) < AT, 0.001, 1.0) * steady(DAY).energy_total_wh,
        ["unit_swap"],
    ),
    "stuck": (stuck(), ["stuck"]),
}


def read(totals: FloatArray) -> Readings:
    return with_totals(steady(len(totals) - 1), totals)


@pytest.mark.parametrize("case", CASES)
def test_each_fault_has_its_own_finding_at_its_moment(case: str) -> None:
    totals, faults = CASES[case]
    judged = judge_counter(read(totals))
    assert sorted({finding.fault for finding in judged.findings}) == faults
    assert min(finding.from_s for finding in judged.findings) in (
        START_S + 60.0 * (AT - 1),  # the gap that ends with the first wrong reading
        START_S + 60.0 * AT,  # a meter that hangs shows it from its last right reading on
        START_S,  # a meter that counts kWh from the beginning
    )
    assert all(finding.message for finding in judged.findings)


@pytest.mark.parametrize("case", CASES)
def test_no_fault_becomes_energy(case: str) -> None:
    totals, _ = CASES[case]
    readings = read(totals)
    found = quarter_energies(readings, START_S, float(readings.time_s[-1]))
    told = ~np.isnan(found.energy_wh)
    assert told.any()
    assert np.all(found.energy_wh[told] >= 0)
    # 3 kW for a quarter-hour: the total says it where it can be trusted, the power elsewhere.
    whole = found.is_known
    assert found.energy_wh[whole] == pytest.approx(np.full(whole.sum(), 750.0))


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_not_repaired_in_silence(case: str) -> None:
    totals, _ = CASES[case]
    judged = judge_counter(read(totals))
    for finding in judged.findings:
        gaps = (read(totals).time_s[:-1] >= finding.from_s) & (read(totals).time_s[1:] <= finding.to_s)
        assert gaps.any()
        assert np.isnan(judged.energy_wh[gaps]).all()


def test_a_right_meter_has_no_findings() -> None:
    judged = judge_counter(steady(DAY))
    assert judged.findings == ()
    assert judged.energy_wh == pytest.approx(np.full(DAY, 50.0))


def test_a_meter_in_whole_kwh_has_no_findings() -> None:
    readings = steady(DAY)
    coarse = with_totals(readings, np.floor(readings.energy_total_wh / 1000.0) * 1000.0)
    assert judge_counter(coarse, rating_w=11_000).findings == ()
    assert register_step_wh(coarse.energy_total_wh) == 1000.0


def test_an_idle_meter_is_not_stuck() -> None:
    assert judge_counter(steady(3 * DAY, power_w=0.0)).findings == ()


def test_a_meter_frozen_as_a_whole_for_a_day_tells_nothing() -> None:
    readings = read(stuck())
    found = quarter_energies(readings, START_S, float(readings.time_s[-1]))
    assert np.isnan(found.energy_wh[-1])
    assert found.covered_ratio[-1] == 0.0


def test_a_total_in_kwh_all_day_is_a_finding_and_gives_no_energy() -> None:
    readings = with_totals(steady(DAY), steady(DAY).energy_total_wh / 1000.0)
    found = quarter_energies(readings, START_S, float(readings.time_s[-1]))
    assert [finding.fault for finding in found.findings] == ["unit_swap"]
    assert not found.is_known.any()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_solar_is_delivered_whichever_way_its_total_counts(sign: float) -> None:
    produced = steady(60, power_w=3_000.0)
    readings = Readings(produced.time_s, sign * produced.energy_total_wh, -produced.power_w)
    judged = judge_counter(readings)
    assert judged.findings == ()
    assert judged.energy_wh == pytest.approx(np.full(60, -50.0))


def test_where_power_changes_direction_the_power_tells_the_energy() -> None:
    readings = Readings(
        np.array([0.0, 60.0, 120.0]), np.array([0.0, 50.0, 50.0]), np.array([3_000.0, 3_000.0, -3_000.0])
    )
    assert np.isnan(judge_counter(readings).energy_wh).tolist() == [False, True]


@given(
    st.lists(st.floats(0, 1e7, allow_nan=False), min_size=3, max_size=60),
    st.lists(st.floats(0, 22_000, allow_nan=False), min_size=60, max_size=60),
)
def test_consumption_is_never_negative_whatever_the_total_does(
    totals: list[float], powers: list[float]
) -> None:
    count = len(totals)
    readings = Readings(
        START_S + 60.0 * np.arange(count, dtype=np.float64), np.array(totals), np.array(powers[:count])
    )
    found = quarter_energies(readings, START_S, START_S + 3_600)
    assert not np.any(found.energy_wh < 0)
    assert np.all((found.covered_ratio >= 0) & (found.covered_ratio <= 1))
