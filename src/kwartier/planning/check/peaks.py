"""Peaks: the highest quarter-hour average above a floor, of each root and phase, or as the sheet counts it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.flow import Flow
from kwartier.planning.check.grid import FloatArray, optimisation_of
from kwartier.planning.request import MonthPeaks, QuarterSoFar
from kwartier.site.optimization_configuration import PeakMinimization
from kwartier.units.phase import PhaseName
from kwartier.units.quarter_hour import QUARTER_H

Direction = Literal["offtake", "injection"]


@dataclass(frozen=True)
class Peak:
    """One peak term: kW above the floor, and EUR per kW, None where it has no known price.

    `name` is the phase, or the component of a sheet, which counts the whole connection.
    """

    root: str
    direction: Direction
    name: str
    above_floor_kw: float
    price_eur_per_kw: float | None


def peaks(facts: Facts, average: Flow) -> list[Peak]:
    """Every peak term of the request for the given controlled power."""
    optimisation = optimisation_of(facts.request)
    sides: tuple[tuple[Direction, PeakMinimization | None], ...] = (
        ("offtake", optimisation.peak_minimization),
        ("injection", optimisation.negative_peak_minimization),
    )
    found: list[Peak] = []
    for direction, setting in sides:
        if setting is not None and setting.active:
            for root in facts.network.roots:
                if (
                    direction == "offtake"
                    and facts.tariff.prices_peaks
                    and _own_price(facts, setting) is None
                ):
                    found += _sheet_peaks(facts, average, root, setting)
                else:
                    found += _root_peaks(facts, average, root, direction, setting)
    return found


def _own_price(facts: Facts, setting: PeakMinimization) -> float | None:
    """The price that the site itself gives, where it may."""
    return setting.peak_price if facts.request.options.configurable_peak_price else None


def _sheet_peaks(facts: Facts, average: Flow, root: str, setting: PeakMinimization) -> Iterator[Peak]:
    """The sheet's terms, on the sum of the phases in the quarter-hours that count."""
    grid = facts.grid
    state, known = facts.request.tariff_state.get(root), facts.request.state.quarter_so_far.get(root)
    expected_w = 0.0 if state is None else state.expected_month_peak_w or 0.0
    limit_w = float(setting.peak_limit or 0) * len(facts.network.nodes[root].phases)
    piece_w = facts.fixed.total_w(root) + average.total_w(root)[grid.piece_step]
    quarter_w = np.maximum(piece_w, 0.0)
    seen_wh = 0.0 if known is None else known.offtake_wh
    quarter_w[0] = (seen_wh + quarter_w[0] * grid.piece_hours[0]) / QUARTER_H
    for charge in facts.tariff.peaks_by_root[root]:
        floor_w = max(limit_w, expected_w, charge.floor_w)
        above_w = max(0.0, float(np.max(quarter_w[charge.counted])) - floor_w)
        yield Peak(root, "offtake", charge.component, above_w / 1000, charge.price_eur_per_kw)


def _root_peaks(
    facts: Facts, average: Flow, root: str, direction: Direction, setting: PeakMinimization
) -> Iterator[Peak]:
    grid, phases = facts.grid, facts.network.nodes[root].phases
    price = _own_price(facts, setting)
    for phase in phases:
        seen_wh = _seen_wh(facts.request.state.quarter_so_far.get(root), direction, phase, phases)
        quarter_w = _quarter_averages_w(facts, average, root, phase, direction)
        quarter_w[0] = (seen_wh + quarter_w[0] * grid.hours[0]) / QUARTER_H
        for month in sorted(set(grid.months)):
            inside = np.array([each == month for each in grid.months])
            floor_w = float(setting.peak_limit or 0)
            if month == grid.months[0]:
                known = facts.request.state.month_peaks.get(root)
                floor_w = max(floor_w, _month_peak_w(known, direction, phase, phases))
            above_w = max(0.0, float(np.max(quarter_w[inside])) - floor_w)
            yield Peak(root, direction, phase, above_w / 1000, price)


def _quarter_averages_w(
    facts: Facts, average: Flow, root: str, phase: str, direction: Direction
) -> FloatArray:
    """The positive part, in one direction, of a root phase's worst quarter-hour in each step."""
    grid = facts.grid
    sign = 1.0 if direction == "offtake" else -1.0
    fixed_w = facts.fixed.power_w_by_collector[root][phase]
    controlled_w = average.power_w_by_collector[root][phase][grid.piece_step]
    worst_w = np.maximum.reduceat(sign * (fixed_w + controlled_w), grid.first_piece_index)
    return np.asarray(np.maximum(worst_w, 0.0))


def _seen_wh(known: QuarterSoFar | None, direction: Direction, phase: str, phases: tuple[str, ...]) -> float:
    """Energy that the running quarter-hour has already seen on one phase."""
    if known is None:
        return 0.0
    if direction == "offtake":
        return _on_phase(known.offtake_wh, known.offtake_wh_per_phase, phase, phases)
    return _on_phase(known.injection_wh, known.injection_wh_per_phase, phase, phases)


def _month_peak_w(
    known: MonthPeaks | None, direction: Direction, phase: str, phases: tuple[str, ...]
) -> float:
    """The month's highest quarter-hour average so far on one phase."""
    if known is None:
        return 0.0
    if direction == "offtake":
        return _on_phase(known.offtake_w, known.offtake_w_per_phase, phase, phases)
    return _on_phase(known.injection_w, known.injection_w_per_phase, phase, phases)


def _on_phase(
    total: float, per_phase: Mapping[PhaseName, float] | None, phase: str, phases: tuple[str, ...]
) -> float:
    """One phase's part of a state: as given per phase, else the total spread evenly."""
    if per_phase is None:
        return total / len(phases)
    return sum(value for name, value in per_phase.items() if name == phase)
