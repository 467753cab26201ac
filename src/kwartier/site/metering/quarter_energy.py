"""Energy per quarter-hour from the readings of one asset."""

from dataclasses import dataclass

import numpy as np

from kwartier.site.metering.counter import judge_counter
from kwartier.site.metering.counter_finding import CounterFinding
from kwartier.site.metering.readings import BoolArray, FloatArray, Readings
from kwartier.units.quarter_hour import QUARTER_S

# Across a longer gap nobody knows in which quarter-hour the energy flowed. It is the interval of the slowest senders
# (15 min; contract.md, section 2, calls data older than that not received) with a third for their jitter.
LARGEST_GAP_S = 1_200.0
# Lengths are sums of floating point numbers; a quarter-hour that lacks less than a millisecond is whole.
WHOLE = 1.0 - 1e-6


@dataclass(frozen=True)
class QuarterEnergies:
    """Energy of each quarter-hour of a span, arrays of shape (n,), and what was found wrong.

    `energy_wh` is the energy over the covered part, positive when consumed, NaN where nothing is covered;
    `covered_ratio` is the part of the quarter-hour (0 to 1) for which it is known; `from_power_ratio` the part whose
    energy comes from momentary powers because the total tells nothing there.
    """

    start_s: FloatArray
    energy_wh: FloatArray
    covered_ratio: FloatArray
    from_power_ratio: FloatArray
    findings: tuple[CounterFinding, ...]

    @property
    def is_known(self) -> BoolArray:
        """Whether the energy of the whole quarter-hour is known; missing is not zero."""
        return np.asarray(self.covered_ratio >= WHOLE)


def quarter_energies(
    readings: Readings, from_s: float, to_s: float, rating_w: float | None = None
) -> QuarterEnergies:
    """The quarter-hours that start in [`from_s`, `to_s`), epoch seconds; readings around the span count too.

    The energy of a gap of up to `LARGEST_GAP_S` is spread evenly over it, so that a quarter-hour's boundary between two
    readings splits it in proportion. Longer gaps are missing.

    >>> readings = Readings(
    ...     np.array([0.0, 600, 1200]), np.array([0.0, 100, 200]), np.array([600.0, 600, 600])
    ... )
    >>> found = quarter_energies(readings, 0, 1800)
    >>> found.energy_wh.tolist(), found.is_known.tolist()
    ([150.0, 50.0], [True, False])
    """
    first_s = -(-from_s // QUARTER_S) * QUARTER_S
    start_s = np.arange(first_s, to_s, QUARTER_S, dtype=np.float64)
    judged = judge_counter(readings, rating_w)
    gap_s = readings.gap_s
    is_from_power = np.isnan(judged.energy_wh)
    energy_wh = np.where(is_from_power, readings.flow_wh, judged.energy_wh)
    is_usable = (gap_s <= LARGEST_GAP_S) & (~is_from_power | judged.is_power_usable)
    sums = _spread(
        readings.time_s, start_s, [energy_wh / gap_s, np.ones_like(gap_s), is_from_power], is_usable
    )
    covered_ratio = np.minimum(sums[1] / QUARTER_S, 1.0)
    return QuarterEnergies(
        start_s,
        np.where(covered_ratio > 0, sums[0], np.nan),
        covered_ratio,
        np.minimum(sums[2] / QUARTER_S, 1.0),
        judged.findings,
    )


def _spread(
    time_s: FloatArray, start_s: FloatArray, rates: list[FloatArray], is_usable: BoolArray
) -> list[FloatArray]:
    """Integral of each rate (per second and gap) over each quarter-hour, usable gaps only."""
    if len(time_s) < 2 or len(start_s) == 0:
        return [np.zeros_like(start_s) for _ in rates]
    boundary_s = np.append(start_s, start_s[-1] + QUARTER_S)
    cut_s = np.unique(np.concatenate((time_s, boundary_s)))
    middle_s = (cut_s[:-1] + cut_s[1:]) / 2.0
    gap = np.searchsorted(time_s, middle_s, side="right") - 1
    quarter = np.searchsorted(boundary_s, middle_s, side="right") - 1
    inside = (gap >= 0) & (gap < len(time_s) - 1) & (quarter >= 0) & (quarter < len(start_s))
    inside &= is_usable[np.clip(gap, 0, len(time_s) - 2)]
    length_s, gap, quarter = np.diff(cut_s)[inside], gap[inside], quarter[inside]
    sums = (np.bincount(quarter, rate[gap] * length_s, len(start_s)) for rate in rates)
    return [np.asarray(one, dtype=np.float64) for one in sums]
