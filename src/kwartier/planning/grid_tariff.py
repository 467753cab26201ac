"""What the grid operator's sheet and the levies add to a plan: per kWh in each step, per kW of each root's peak."""

from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kwartier.planning.request import MonthPeaks, PlanRequest, TariffState
from kwartier.site.devices import BatteryEnergyStorageSystem, ForecastedSeries3Phase
from kwartier.site.dso import Dso, Fluvius
from kwartier.units.step_grid import StepGrid

if TYPE_CHECKING:
    from kwartier.tariffs.marginal import MarginalView, Memory, PeakCharge

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GridTariff:
    """Grid and levy prices per step, EUR/MWh, shape (n,), and the peak charges of each root (cells of the step grid).

    `prices_peaks` is false where no sheet is known for all of the horizon: what a peak costs is then not known.
    The grid's price on injection is what the site pays per MWh.
    """

    prices_peaks: bool
    grid_offtake_eur_per_mwh: FloatArray
    grid_injection_eur_per_mwh: FloatArray
    levies_eur_per_mwh: FloatArray
    peaks_by_root: "dict[str, tuple[PeakCharge, ...]]"
    warnings: tuple[str, ...]
    peak_warnings: tuple[str, ...]

    def of_energy(self, *, given: bool) -> "GridTariff":
        """What is added to the energy's price: nothing where the request itself gives prices."""
        if not given:
            return self
        nothing = np.zeros_like(self.levies_eur_per_mwh)
        return replace(
            self,
            grid_offtake_eur_per_mwh=nothing,
            grid_injection_eur_per_mwh=nothing,
            levies_eur_per_mwh=nothing,
        )


def grid_tariff(request: PlanRequest, roots: list[str], grid: StepGrid, timezone: tzinfo) -> GridTariff:
    """The tariff of a request's site; every root is a connection of its own."""
    dso = request.site.configurations.dso
    if dso is None:
        return _without(grid)
    # Models of sheets and calendars take 0.1 s to import, which sites without an operator need not wait for.
    from kwartier.tariffs.marginal import marginal_view, tariff_of  # noqa: PLC0415

    tariff = tariff_of(dso)
    # The first quarter-hour is what is left of one.
    start_s = grid.cell_boundary_s[:-1].astype(np.int64)
    memories = {root: _memory(request, root, dso) for root in roots}
    views = {root: marginal_view(tariff, start_s, timezone, memory) for root, memory in memories.items()}
    priced = views[_largest(memories)]
    # Of the energy's price a plan knows one for all roots: a levy's bracket is that of the root that took most.
    return GridTariff(
        prices_peaks=priced.has_sheet,
        grid_offtake_eur_per_mwh=grid.mean_of_cells(priced.price_eur_per_mwh("grid", "offtake")),
        grid_injection_eur_per_mwh=grid.mean_of_cells(priced.price_eur_per_mwh("grid", "injection")),
        levies_eur_per_mwh=grid.mean_of_cells(priced.price_eur_per_mwh("levies", "offtake")),
        peaks_by_root={root: view.peaks for root, view in views.items()},
        warnings=(*priced.warnings, *(priced.injection_gaps if _may_inject(request) else ())),
        peak_warnings=_peak_warnings(views),
    )


def _without(grid: StepGrid) -> GridTariff:
    nothing = np.zeros(grid.step_count)
    return GridTariff(
        prices_peaks=False,
        grid_offtake_eur_per_mwh=nothing,
        grid_injection_eur_per_mwh=nothing,
        levies_eur_per_mwh=nothing,
        peaks_by_root={},
        warnings=(),
        peak_warnings=(),
    )


def _memory(request: PlanRequest, root: str, dso: Dso) -> "Memory":
    """What the tariff remembers of a root, from the request's state; the access power else from the document."""
    from kwartier.tariffs.marginal import Memory  # noqa: PLC0415  # as above

    state = request.tariff_state.get(root, TariffState())
    declared_kw = dso.toegangsvermogen if isinstance(dso, Fluvius) else None
    return Memory(
        month_peak_w=request.state.month_peaks.get(root, MonthPeaks()).offtake_w,
        highest_peak_w=state.highest_peak_12m_w,
        access_power_kw=declared_kw if state.access_power_kw is None else state.access_power_kw,
        year_offtake_kwh=state.year_offtake_kwh or 0.0,
        maximum_tariff_binds=bool(state.maximum_tariff_binds),
    )


def _largest(memories: "dict[str, Memory]") -> str:
    return max(memories, key=lambda root: memories[root].year_offtake_kwh)


def _may_inject(request: PlanRequest) -> bool:
    """Whether the site has anything that delivers power."""
    configuration = request.site.configurations.site_configuration
    return configuration is not None and any(
        isinstance(device, BatteryEnergyStorageSystem)
        or (isinstance(device, ForecastedSeries3Phase) and device.forecast_type == "pv")
        for device in configuration.device_list
    )


def _peak_warnings(views: "dict[str, MarginalView]") -> tuple[str, ...]:
    """Each warning once; what only some roots have is said with the root's name."""
    texts = dict.fromkeys(text for view in views.values() for text in view.peak_warnings)
    found = []
    for text in texts:
        concerned = [root for root, view in views.items() if text in view.peak_warnings]
        found.append(text if len(concerned) == len(views) else f"{', '.join(concerned)}: {text}")
    return tuple(found)
