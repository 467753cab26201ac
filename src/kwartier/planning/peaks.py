"""Peak terms: which quarter-hour averages cost money above which floor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from kwartier.planning.network import POINTS_PER_ROOT
from kwartier.planning.request import MonthPeaks, PlanRequest, QuarterSoFar
from kwartier.site.optimization_configuration import PeakMinimization
from kwartier.site.tree import Board, ElectricalTree
from kwartier.units.phase import PhaseName

IntArray = npt.NDArray[np.int64]
Direction = Literal["offtake", "injection"]


@dataclass(frozen=True)
class PeakTerm:
    """One billed (or unpriced) peak: a root's phase in one direction during one local month.

    Its value is max(0, highest quarter-hour average of `sign` x power in steps `first_step` to `last_step` - floor).
    `so_far_wh` is the energy that the first step's quarter-hour has already seen; 0 in later months.
    """

    root: str
    point: int
    sign: float
    first_step: int
    last_step: int
    floor_w: float
    so_far_wh: float
    price_eur_per_kw: float | None


def _per_phase(
    per_phase: Mapping[PhaseName, float] | None, total: float, phase: PhaseName, count: int
) -> float:
    return total / count if per_phase is None else per_phase.get(phase, 0.0)


def _month_peak_w(peaks: MonthPeaks, direction: Direction, phase: PhaseName, count: int) -> float:
    if direction == "offtake":
        return _per_phase(peaks.offtake_w_per_phase, peaks.offtake_w, phase, count)
    return _per_phase(peaks.injection_w_per_phase, peaks.injection_w, phase, count)


def _so_far_wh(so_far: QuarterSoFar, direction: Direction, phase: PhaseName, count: int) -> float:
    if direction == "offtake":
        return _per_phase(so_far.offtake_wh_per_phase, so_far.offtake_wh, phase, count)
    return _per_phase(so_far.injection_wh_per_phase, so_far.injection_wh, phase, count)


def _month_spans(months: IntArray) -> list[tuple[int, int]]:
    """First and last step of each run of equal months."""
    changes = np.flatnonzero(np.diff(months)) + 1
    starts = [0, *changes.tolist()]
    ends = [*(changes - 1).tolist(), len(months) - 1]
    return list(zip(starts, ends, strict=True))


def _root_terms(
    request: PlanRequest,
    root: Board,
    root_number: int,
    direction: Direction,
    setting: PeakMinimization,
    months: IntArray,
) -> list[PeakTerm]:
    peaks = request.state.month_peaks.get(root.name, MonthPeaks())
    so_far = request.state.quarter_so_far.get(root.name, QuarterSoFar())
    price = setting.peak_price if request.options.configurable_peak_price else None
    limit_w = float(setting.peak_limit or 0)
    count = len(root.phases)
    return [
        PeakTerm(
            root=root.name,
            point=POINTS_PER_ROOT * root_number + root.root_phase_index[phase],
            sign=1.0 if direction == "offtake" else -1.0,
            first_step=first,
            last_step=last,
            floor_w=max(limit_w, _month_peak_w(peaks, direction, phase, count)) if first == 0 else limit_w,
            so_far_wh=_so_far_wh(so_far, direction, phase, count) if first == 0 else 0.0,
            price_eur_per_kw=price,
        )
        for phase in root.phases
        for first, last in _month_spans(months)
    ]


def peak_terms(request: PlanRequest, tree: ElectricalTree, months: IntArray) -> list[PeakTerm]:
    """All active peak terms, root by root, offtake before injection."""
    configuration = request.site.configurations.optimization_configuration
    if configuration is None:
        return []
    settings: list[tuple[Direction, PeakMinimization | None]] = [
        ("offtake", configuration.peak_minimization),
        ("injection", configuration.negative_peak_minimization),
    ]
    return [
        term
        for number, root in enumerate(tree.roots)
        for direction, setting in settings
        if setting is not None and setting.active
        for term in _root_terms(request, root, number, direction, setting, months)
    ]
