"""Peak terms: which quarter-hour averages cost money above which floor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from kwartier.planning.grid_tariff import GridTariff
from kwartier.planning.network import POINTS_PER_ROOT
from kwartier.planning.request import MonthPeaks, PlanRequest, QuarterSoFar, TariffState
from kwartier.site.optimization_configuration import PeakMinimization
from kwartier.site.tree import Board, ElectricalTree
from kwartier.units.phase import PhaseName
from kwartier.units.step_grid import StepGrid

if TYPE_CHECKING:
    from kwartier.tariffs.marginal import PeakCharge

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Direction = Literal["offtake", "injection"]


@dataclass(frozen=True)
class PeakTerm:
    """One billed (or unpriced) peak of a root in one direction: of one phase, or of all of them together.

    Its value is max(0, highest quarter-hour average of `sign` x power over `points`, summed, in the quarter-hours that
    count - floor). `counted` has shape (cells,). `so_far_wh` is the energy that the first step's quarter-hour has
    already seen; 0 where that does not count. `name` tells it from the root's others, `begins_later` the peak of a
    coming month from the running one's. `words` and `source` say in a reason what it is and who asks the price.
    """

    root: str
    name: str
    begins_later: bool
    points: tuple[int, ...]
    sign: float
    counted: BoolArray
    floor_w: float
    so_far_wh: float
    price_eur_per_kw: float | None
    words: str
    source: str | None = None


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


def _phase_terms(
    request: PlanRequest,
    root: Board,
    root_number: int,
    direction: Direction,
    setting: PeakMinimization,
    cell_months: IntArray,
) -> Iterator[PeakTerm]:
    """One term per phase and month, priced by the site itself or not at all."""
    peaks = request.state.month_peaks.get(root.name, MonthPeaks())
    so_far = request.state.quarter_so_far.get(root.name, QuarterSoFar())
    price = setting.peak_price if request.options.configurable_peak_price else None
    limit_w = float(setting.peak_limit or 0)
    count = len(root.phases)
    for phase in root.phases:
        for month in np.unique(cell_months).tolist():
            later = month != cell_months[0]
            seen_w = 0.0 if later else _month_peak_w(peaks, direction, phase, count)
            yield PeakTerm(
                root=root.name,
                name=phase,
                begins_later=later,
                points=(POINTS_PER_ROOT * root_number + root.root_phase_index[phase],),
                sign=1.0 if direction == "offtake" else -1.0,
                counted=cell_months == month,
                floor_w=max(limit_w, seen_w),
                so_far_wh=0.0 if later else _so_far_wh(so_far, direction, phase, count),
                price_eur_per_kw=price,
                words="this month's peak" if direction == "offtake" else "this month's injection peak",
            )


def _sheet_term(
    request: PlanRequest, root: Board, root_number: int, setting: PeakMinimization, charge: "PeakCharge"
) -> PeakTerm:
    """The sheet's own term on the connection's total power."""
    state = request.tariff_state.get(root.name, TariffState())
    so_far = request.state.quarter_so_far.get(root.name, QuarterSoFar())
    first = POINTS_PER_ROOT * root_number
    limit_w = float(setting.peak_limit or 0) * len(root.phases)
    return PeakTerm(
        root=root.name,
        name=charge.component,
        begins_later=charge.begins_later,
        points=tuple(range(first, first + POINTS_PER_ROOT)),
        sign=1.0,
        counted=charge.counted,
        floor_w=max(limit_w, charge.floor_w, state.expected_month_peak_w or 0.0),
        so_far_wh=so_far.offtake_wh if charge.counted[0] else 0.0,
        price_eur_per_kw=charge.price_eur_per_kw,
        words=charge.words,
        source=charge.source,
    )


def has_own_price(request: PlanRequest, setting: PeakMinimization) -> bool:
    """Whether the site itself says what a peak costs, and may."""
    return setting.peak_price is not None and request.options.configurable_peak_price


def sheet_peak_warnings(request: PlanRequest, tariff: GridTariff) -> tuple[str, ...]:
    """What to know where the sheet prices the peaks: what it is not told, and that it may ask nothing for them."""
    configuration = request.site.configurations.optimization_configuration
    setting = configuration.peak_minimization if configuration is not None else None
    if setting is None or not setting.active or has_own_price(request, setting) or not tariff.prices_peaks:
        return ()
    if any(tariff.peaks_by_root.values()):
        return tariff.peak_warnings
    words = (
        "peak_minimization is active, but no kW costs anything on the grid operator's sheet in this plan: peaks are "
        "not kept low; give a peak_price to keep them so"
    )
    return (*tariff.peak_warnings, words)


def peak_terms(
    request: PlanRequest, tree: ElectricalTree, grid: StepGrid, step_months: IntArray, tariff: GridTariff
) -> list[PeakTerm]:
    """All active peak terms, root by root, offtake before injection; `step_months` is each step's local month."""
    configuration = request.site.configurations.optimization_configuration
    if configuration is None:
        return []
    settings: list[tuple[Direction, PeakMinimization | None]] = [
        ("offtake", configuration.peak_minimization),
        ("injection", configuration.negative_peak_minimization),
    ]
    cell_months = step_months[grid.step_of_cell_index]
    terms: list[PeakTerm] = []
    for number, root in enumerate(tree.roots):
        for direction, setting in settings:
            if setting is None or not setting.active:
                continue
            # No sheet that is known prices a peak of injection.
            if direction == "offtake" and tariff.prices_peaks and not has_own_price(request, setting):
                charges = tariff.peaks_by_root[root.name]
                terms += [_sheet_term(request, root, number, setting, charge) for charge in charges]
            else:
                terms += _phase_terms(request, root, number, direction, setting, cell_months)
    return terms
