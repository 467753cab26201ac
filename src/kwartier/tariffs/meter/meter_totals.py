"""From a meter's running totals to quarter-hours: differences, never across a new meter or a reset."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from kwartier.units.quarter_hour import QUARTER_S

# A meter's telegram comes every second (DSMR P1 companion standard 5.0.2) or every ten seconds (4.2.2): a reading this
# near to a quarter-hour's boundary is the reading at that boundary.
NEAR_S = 10


@dataclass(frozen=True)
class TotalReading:
    """What the registers of a meter showed at a moment (epoch seconds): running totals, not energies."""

    at_s: float
    offtake_total_milliwh: int
    injection_total_milliwh: int
    meter_id: str = ""

    @property
    def boundary_index(self) -> int | None:
        """The quarter-hour that starts where this was read; None where it was read too far from any boundary."""
        nearest = round(self.at_s / QUARTER_S)
        return nearest if abs(self.at_s - nearest * QUARTER_S) <= NEAR_S else None


@dataclass(frozen=True)
class TotalsBreak:
    """Two readings without a known energy between them: another meter, a register that fell, or hours without any."""

    before: TotalReading
    after: TotalReading
    reason: str


@dataclass
class QuarterTotals:
    """Energies by quarter-hour index (mWh), and where there are none."""

    offtake_milliwh: dict[int, int] = field(default_factory=dict)
    injection_milliwh: dict[int, int] = field(default_factory=dict)
    breaks: list[TotalsBreak] = field(default_factory=list)


def quarters_of_totals(readings: Iterable[TotalReading]) -> QuarterTotals:
    """The energies of the quarter-hours between readings at their boundaries; readings come in any order.

    A quarter-hour in which the meter was replaced or a register fell has no energy, and stands under `breaks`: the
    difference of two meters' totals would be a peak that never was. Hours between two readings are not spread.

    >>> opening, closing = TotalReading(900.0, 5_000_000, 0), TotalReading(1800.0, 6_250_000, 0)
    >>> quarters_of_totals([opening, closing]).offtake_milliwh
    {1: 1250000}
    """
    found = QuarterTotals()
    for (part, before), (next_part, after) in pairwise(_at_boundaries(readings)):
        if part != next_part:
            found.breaks.append(TotalsBreak(before, after, next_part.reason))
        elif after.boundary_index is None or after.boundary_index - 1 != before.boundary_index:
            found.breaks.append(TotalsBreak(before, after, "no reading at the boundaries in between"))
        else:
            index = after.boundary_index - 1
            found.offtake_milliwh[index] = after.offtake_total_milliwh - before.offtake_total_milliwh
            found.injection_milliwh[index] = after.injection_total_milliwh - before.injection_total_milliwh
    return found


def break_between(before: TotalReading, after: TotalReading) -> str | None:
    """Why the difference of two readings is no energy: another meter, or a register that fell; None where it is one."""
    if before.meter_id != after.meter_id:
        return f"the meter {before.meter_id!r} was replaced by {after.meter_id!r}"
    if after.offtake_total_milliwh < before.offtake_total_milliwh:
        return "the offtake register fell"
    if after.injection_total_milliwh < before.injection_total_milliwh:
        return "the injection register fell"
    return None


@dataclass(frozen=True)
class _Part:
    """Readings without a break among them: their number, and why the one before ended."""

    number: int
    reason: str


def _at_boundaries(readings: Iterable[TotalReading]) -> list[tuple[_Part, TotalReading]]:
    """Per part and boundary the reading that is nearest to it, in the order of time."""
    nearest: dict[tuple[_Part, int], TotalReading] = {}
    part = _Part(0, "")
    before: TotalReading | None = None
    for reading in sorted(readings, key=lambda reading: reading.at_s):
        if before is not None and (reason := break_between(before, reading)):
            part = _Part(part.number + 1, reason)
        before = reading
        boundary_index = reading.boundary_index
        if boundary_index is None:
            continue
        kept = nearest.get((part, boundary_index))
        if kept is None or _distance_s(reading) < _distance_s(kept):
            nearest[part, boundary_index] = reading
    return [(part, reading) for (part, _), reading in nearest.items()]


def _distance_s(reading: TotalReading) -> float:
    return abs(reading.at_s - round(reading.at_s / QUARTER_S) * QUARTER_S)
