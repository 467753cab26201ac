"""Fail-safe by construction (R23): with every device at its fallback no fuse is overloaded, whoever can be reached.

A device that cannot be reached ends at its fallback: a car there draws anything from nothing to that current, on any
of its pole's pins. One that can be reached is told nothing. The uncontrollable load and production lie between nothing
and their ratings. Every one of these ranges begins or ends at zero, so what is possible with some devices out of reach
is possible with all of them out of reach: one state is the worst of all 2^n. That also holds where currents cancel
(solar power against load, the pairs of a three-wire network), because nothing is counted on that may be absent.

The size of a sum of currents is largest at a corner of their ranges. Currents of one direction are added up first:
two corners on four wires, at most eight on three.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from kwartier.control.wiring import ControlledDevice, ControlSite, control_site
from kwartier.site.document import Site
from kwartier.site.finding import Finding
from kwartier.site.rules.survey import COLLECTOR_LIST, Survey

RULE = "control.fail_safe"
# Bounds may be met with equality.
TOLERANCE_A = 1e-6
# Directions are multiples of 30 degrees.
DIRECTION_DIGITS = 6


@dataclass(frozen=True)
class FuseGap:
    """A line on which fallbacks and uncontrollable load together may exceed the limit: the worst current, A."""

    collector: str
    phase: str
    worst_a: float
    limit_a: float


class _Range(NamedTuple):
    """A current of a fixed direction between two sizes, A."""

    phasor: complex
    low_a: float
    high_a: float


def fuse_gaps(site: ControlSite) -> tuple[FuseGap, ...]:
    """Every line that cannot be proven, in the order of the document; none where the site is fail-safe."""
    gaps = []
    for number, line in enumerate(site.lines):
        worst_a = _worst_a(_ranges(site, number))
        if worst_a > line.limit_a + TOLERANCE_A:
            gaps.append(FuseGap(line.board, line.phase, worst_a, line.limit_a))
    return tuple(gaps)


def fail_safe_findings(document: Site) -> list[Finding]:
    """A WARNING for each collector that cannot be proven, at its path; none without a site configuration.

    The document must have no ERROR findings.
    """
    configuration = document.configurations.site_configuration
    if configuration is None:
        return []
    worst: dict[str, FuseGap] = {}
    for gap in fuse_gaps(control_site(configuration)):
        if gap.collector not in worst or gap.worst_a > worst[gap.collector].worst_a:
            worst[gap.collector] = gap
    boards = Survey(document).board_of
    return [
        _finding(gap, boards[name].path if name in boards else COLLECTOR_LIST) for name, gap in worst.items()
    ]


def _finding(gap: FuseGap, path: str) -> Finding:
    message = (
        f"collector {gap.collector}, {gap.phase}: when no device can be reached, up to {gap.worst_a:.4g} A may flow "
        f"where {gap.limit_a:.4g} A are allowed; lower the line_current of the loads below it, or raise the limit if "
        "the fuse allows"
    )
    return Finding(RULE, "WARNING", path, message, round(gap.worst_a, 3), gap.limit_a)


def _ranges(site: ControlSite, line_number: int) -> Iterator[_Range]:
    for device in site.devices:
        yield from _fallback_ranges(device, line_number)
    for series in site.uncontrolled:
        for phasor in series.phasor_weight[line_number]:
            yield _Range(complex(phasor), series.low_a, series.high_a)


def _fallback_ranges(device: ControlledDevice, line_number: int) -> Iterator[_Range]:
    """A car may use any pins of a pole: each has a range of its own. A balanced load is one current."""
    phasors = device.phasor_weight[line_number]
    if device.kind == "ac":
        for phasor in phasors:
            yield _Range(complex(phasor), 0.0, device.fallback_a)
        return
    size = device.weight(None)[line_number]
    total = complex(phasors.sum())
    if total:
        yield _Range(total / abs(total) * size, 0.0, device.fallback_a)


def _worst_a(ranges: Iterable[_Range]) -> float:
    """The largest size of the sum over all values of the ranges, A."""
    directions: dict[complex, complex] = {}
    totals_a: defaultdict[complex, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in ranges:
        size = abs(one.phasor)
        if size == 0.0:
            continue
        direction = one.phasor / size
        key = complex(np.round(direction, DIRECTION_DIGITS)) + 0.0
        directions.setdefault(key, direction)
        totals_a[key][0] += size * one.low_a
        totals_a[key][1] += size * one.high_a
    return max(
        abs(sum(directions[key] * size_a for key, size_a in zip(totals_a, corner, strict=True)))
        for corner in product(*totals_a.values())
    )
