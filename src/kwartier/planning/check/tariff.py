"""Grid and levy amounts that a request's site pays, per step and per peak, from the operator's sheet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.planning.check.grid import FloatArray, Grid
from kwartier.planning.check.held_values import step_means
from kwartier.planning.request import PlanRequest

if TYPE_CHECKING:
    from kwartier.tariffs.marginal import MarginalView, Memory, PeakCharge


@dataclass(frozen=True)
class Tariff:
    """What grid and levies cost, EUR/MWh per step (on injection the site pays), and each root's peak charges.

    The charges' quarter-hours are the grid's pieces. All is 0 where no amounts are known; peaks have no price where no
    sheet is (`prices_peaks`).
    """

    prices_peaks: bool
    grid_offtake_eur_per_mwh: FloatArray
    grid_injection_eur_per_mwh: FloatArray
    levies_eur_per_mwh: FloatArray
    peaks_by_root: "dict[str, tuple[PeakCharge, ...]]"


def read_tariff(request: PlanRequest, roots: list[str], grid: Grid, zone: ZoneInfo) -> Tariff:
    """The amounts for a request; those per MWh are 0 where it gives prices itself."""
    views = _views(request, roots, grid, zone)
    if views is None:
        nothing = np.zeros(grid.step_count)
        return Tariff(
            prices_peaks=False,
            grid_offtake_eur_per_mwh=nothing,
            grid_injection_eur_per_mwh=nothing,
            levies_eur_per_mwh=nothing,
            peaks_by_root={},
        )
    taken_kwh = {root: _year_offtake_kwh(request, root) for root in roots}
    view = next(views[root] for root in roots if taken_kwh[root] == max(taken_kwh.values()))
    counts = request.prices is None
    return Tariff(
        prices_peaks=view.has_sheet,
        grid_offtake_eur_per_mwh=step_means(view.price_eur_per_mwh("grid", "offtake"), grid) * counts,
        grid_injection_eur_per_mwh=step_means(view.price_eur_per_mwh("grid", "injection"), grid) * counts,
        levies_eur_per_mwh=step_means(view.price_eur_per_mwh("levies", "offtake"), grid) * counts,
        peaks_by_root={root: view.peaks for root, view in views.items()},
    )


def _views(
    request: PlanRequest, roots: list[str], grid: Grid, zone: ZoneInfo
) -> "dict[str, MarginalView] | None":
    dso = request.site.configurations.dso
    if dso is None:
        return None
    # Models of sheets and calendars take 0.1 s to import; only sites with an operator need them.
    from kwartier.tariffs.marginal import marginal_view, tariff_of  # noqa: PLC0415

    starts_s = np.floor(grid.piece_start_s).astype(np.int64)
    tariff = tariff_of(dso)
    return {root: marginal_view(tariff, starts_s, zone, _memory(request, root)) for root in roots}


def _memory(request: PlanRequest, root: str) -> "Memory":
    """What the request says that the tariff remembers of a root."""
    from kwartier.tariffs.marginal import Memory  # noqa: PLC0415  # as above

    peaks, state = request.state.month_peaks.get(root), request.tariff_state.get(root)
    declared_kw = None if state is None else state.access_power_kw
    if declared_kw is None:
        declared_kw = getattr(request.site.configurations.dso, "toegangsvermogen", None)
    return Memory(
        month_peak_w=0.0 if peaks is None else peaks.offtake_w,
        highest_peak_w=None if state is None else state.highest_peak_12m_w,
        access_power_kw=declared_kw,
        year_offtake_kwh=_year_offtake_kwh(request, root),
        maximum_tariff_binds=state is not None and state.maximum_tariff_binds is True,
    )


def _year_offtake_kwh(request: PlanRequest, root: str) -> float:
    state = request.tariff_state.get(root)
    return 0.0 if state is None or state.year_offtake_kwh is None else state.year_offtake_kwh
