"""Which gaps between readings a meter's running total can be trusted over, and what is wrong with the others.

A total is judged by itself and by the power that was sent with it. Where it can't be trusted, it is a finding, and the
energy of that gap is not taken from it: what it should have been is never made up (reliability.md, R07).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from kwartier.site.metering.counter_finding import CounterFault, CounterFinding
from kwartier.site.metering.counter_step import CounterStep, fault_of_step
from kwartier.site.metering.readings import BoolArray, FloatArray, Readings

# Where the device's rating is not known: 1.5 times the largest power seen, and never less than what one phase of a
# 63 A connection carries (63 A x 230 V), since a car may come and go between two readings.
SEEN_FACTOR = 1.5
LEAST_LARGEST_W = 63 * 230.0
# Powers and totals are measured by instruments of some percent, and a rating is passed a little.
RATING_FACTOR = 1.2
# Totals travel as floating point numbers; a step of less than this is none.
NOISE_WH = 1e-6
# Registers of whole kWh are the coarsest in use: they stand still for 1 kWh, and a tenth is for the power's error.
STUCK_WH = 1_100.0
FROZEN_S = 24 * 3600.0
# Rise over flow of a total on a wrong scale: a thousandfold or tenfold, give or take what happens between readings.
WRONG_SCALES: tuple[tuple[CounterFault, float, float], ...] = (
    ("unit_swap", 1 / 2000, 1 / 500),
    ("unit_swap", 500.0, 2000.0),
    ("tenfold_jump", 1 / 20, 1 / 5),
    ("tenfold_jump", 5.0, 20.0),
)
# Below this flow the ratio of rise and flow says little.
JUDGED_FROM_WH = 1_000.0


@dataclass(frozen=True)
class CounterJudgement:
    """Per gap: the energy that the total tells (Wh, NaN where it tells none), and whether the power may stand in.

    Energy is positive when consumed, negative when delivered. `is_power_usable` is False where nothing can be trusted:
    a meter that is frozen as a whole, or whose total and power disagree a thousandfold.
    """

    energy_wh: FloatArray
    is_power_usable: BoolArray
    findings: tuple[CounterFinding, ...]


def judge_counter(readings: Readings, rating_w: float | None = None) -> CounterJudgement:
    """Judge every gap; `rating_w` is the most the asset can take or give, None where nobody knows."""
    faults: list[CounterFault | None] = _step_faults(readings, rating_w)
    is_frozen = np.zeros(len(faults), dtype=np.bool_)
    _mark_stuck(readings, faults, is_frozen)
    is_unclear = _mark_wrong_scales(readings, faults)
    is_broken = np.array([fault is not None for fault in faults], dtype=np.bool_)
    told = np.where(_delivers(readings), -np.abs(readings.rise_wh), readings.rise_wh)
    told[np.abs(told) <= NOISE_WH] = 0.0
    says_nothing = is_broken | _changes_direction(readings) | (_may_deliver(readings) & _disagrees(readings))
    return CounterJudgement(
        np.where(says_nothing, np.nan, told), ~(is_frozen | is_unclear), tuple(_findings(readings, faults))
    )


def largest_power_w(readings: Readings, rating_w: float | None) -> float:
    """The most power that may have flowed between two readings, W."""
    if rating_w is not None:
        return rating_w * RATING_FACTOR
    seen_w = float(np.max(np.abs(readings.power_w), initial=0.0))
    return max(seen_w * SEEN_FACTOR, LEAST_LARGEST_W)


def register_step_wh(energy_total_wh: FloatArray) -> float:
    """The coarsest of 1,000, 100, 10 and 1 Wh that all totals are whole multiples of; 1 where there is none.

    >>> register_step_wh(np.array([12_000.0, 13_000.0, 13_000.0]))
    1000.0
    """
    steps_wh = (1000.0, 100.0, 10.0)
    return next((step for step in steps_wh if not np.any(np.remainder(energy_total_wh, step))), 1.0)


def _may_deliver(readings: Readings) -> bool:
    return bool(np.any(readings.power_w < 0))


def _delivers(readings: Readings) -> BoolArray:
    """Gaps in which the asset delivers; an asset that is never seen consuming delivers also where its power is 0."""
    before, after = readings.power_w[:-1], readings.power_w[1:]
    only_delivers = _may_deliver(readings) and not np.any(readings.power_w > 0)
    return np.asarray((before <= 0) & (after <= 0) & ((before < 0) | (after < 0) | only_delivers))


def _changes_direction(readings: Readings) -> BoolArray:
    """Gaps in which the power changes its sign: the total can't say which part of its rise went which way."""
    return np.asarray(np.sign(readings.power_w[:-1]) * np.sign(readings.power_w[1:]) < 0)


def _disagrees(readings: Readings) -> BoolArray:
    """Gaps that seem to consume while the total falls: what an asset that may deliver did there, its power tells."""
    return np.asarray(~_delivers(readings) & (readings.rise_wh < -NOISE_WH))


def _step_faults(readings: Readings, rating_w: float | None) -> list[CounterFault | None]:
    """What is wrong with each gap taken by itself."""
    largest_wh = largest_power_w(readings, rating_w) * readings.gap_s / 3600.0
    largest_wh = largest_wh + register_step_wh(readings.energy_total_wh)
    rise_wh, flow_wh = readings.rise_wh, readings.flow_wh
    low_wh = -largest_wh if _may_deliver(readings) else np.full_like(rise_wh, -NOISE_WH)
    suspicious = np.flatnonzero((rise_wh < low_wh) | (rise_wh > largest_wh))
    faults: list[CounterFault | None] = [None] * len(rise_wh)
    for gap in suspicious.tolist():
        before_wh, after_wh = readings.energy_total_wh[gap : gap + 2].tolist()
        step = CounterStep(before_wh, after_wh, abs(float(flow_wh[gap])), float(largest_wh[gap]))
        faults[gap] = fault_of_step(step)
    return faults


def _runs(flags: BoolArray) -> Iterator[slice]:
    """Each unbroken run of True, as a slice of gaps."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield slice(start, stop)


def _mark_stuck(readings: Readings, faults: list[CounterFault | None], is_frozen: BoolArray) -> None:
    stands_still = np.abs(readings.rise_wh) <= NOISE_WH
    for run in _runs(stands_still):
        if float(np.abs(readings.flow_wh[run]).sum()) < STUCK_WH:
            continue
        faults[run] = ["stuck"] * (run.stop - run.start)
        power_w = readings.power_w[run.start : run.stop + 1]
        lasts_s = float(readings.gap_s[run].sum())
        is_frozen[run] = lasts_s >= FROZEN_S and bool(np.all(power_w == power_w[0]))


def _mark_wrong_scales(readings: Readings, faults: list[CounterFault | None]) -> BoolArray:
    """Mark the stretches between broken gaps over which the total counts on a wrong scale; where nobody saw it change.

    Beside a change of scale the power, which agreed before it, may stand in. Elsewhere either may be wrong.
    """
    is_unclear = np.zeros(len(faults), dtype=np.bool_)
    is_whole = np.array([fault is None for fault in faults], dtype=np.bool_)
    for run in list(_runs(is_whole)):
        flow_wh = float(np.abs(readings.flow_wh[run]).sum())
        rise_wh = float(np.abs(readings.rise_wh[run]).sum())
        beside = {faults[gap] for gap in (run.start - 1, run.stop) if 0 <= gap < len(faults)}
        for fault, low_ratio, high_ratio in WRONG_SCALES:
            if not low_ratio * flow_wh <= rise_wh <= high_ratio * flow_wh or flow_wh == 0:
                continue
            if fault in beside or (fault == "unit_swap" and flow_wh >= JUDGED_FROM_WH):
                faults[run] = [fault] * (run.stop - run.start)
                is_unclear[run] = fault not in beside
    return is_unclear


def _findings(readings: Readings, faults: list[CounterFault | None]) -> Iterator[CounterFinding]:
    """One finding per unbroken run of gaps with the same fault."""
    first = 0
    for fault, gaps in groupby(faults):
        last = first + len(list(gaps))
        if fault is not None:
            yield CounterFinding(
                fault,
                float(readings.time_s[first]),
                float(readings.time_s[last]),
                float(readings.energy_total_wh[last] - readings.energy_total_wh[first]),
                float(readings.flow_wh[first:last].sum()),
            )
        first = last
