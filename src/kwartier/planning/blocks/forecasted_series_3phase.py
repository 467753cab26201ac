"""Load and solar production: fixed power, phase by phase, that every limit and balance counts first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.request import Resolution, SeriesForecast
from kwartier.planning.series import cells_of
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.site.finding import Finding
from kwartier.site.tree import Board
from kwartier.units.phase import PhaseName
from kwartier.units.quarter_hour import epoch_s
from kwartier.units.step_grid import StepGrid

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FixedSeries:
    """Power of one series per phase of its board, W, shape (cells,) each, clipped to the rating."""

    name: str
    board: Board
    power_w_by_phase: dict[PhaseName, FloatArray]


def _phase_values(
    forecast: SeriesForecast, board: Board
) -> dict[PhaseName, tuple[str, Sequence[float | None], float]]:
    """Per phase of the board: JSON path below the forecast, the values, and the share of them on this phase."""
    if isinstance(forecast.power_w, dict):
        return {phase: (f".power_w.{phase}", values, 1.0) for phase, values in forecast.power_w.items()}
    return {phase: (".power_w", forecast.power_w, 1.0 / len(board.phases)) for phase in board.phases}


def _clipped(values: Sequence[float | None], share: float, limit_w: float) -> list[float | None]:
    numbers = np.array([np.nan if value is None else value for value in values]) * share
    return list(np.clip(numbers, -limit_w, limit_w))


def _phase_cells(
    name: str, path: str, forecast: SeriesForecast, values: list[float | None], grid: StepGrid
) -> FloatArray | Finding:
    resolution: Resolution = forecast.resolution
    return cells_of(f"the forecast of {name}", path, epoch_s(forecast.start), resolution, values, grid)


def fixed_series(
    device: ForecastedSeries3Phase, board: Board, forecast: SeriesForecast | None, grid: StepGrid
) -> FixedSeries | Finding:
    """The device's fixed power; zero without a forecast; a finding where the forecast has a gap in the horizon."""
    if forecast is None:
        return FixedSeries(
            device.name, board, {phase: np.zeros(len(grid.cell_boundary_s) - 1) for phase in board.phases}
        )
    limit_w = device.line_current * board.voltage_v
    power: dict[PhaseName, FloatArray] = {
        phase: np.zeros(len(grid.cell_boundary_s) - 1) for phase in board.phases
    }
    for phase, (path, values, share) in _phase_values(forecast, board).items():
        cells = _phase_cells(
            device.name, f"$.forecasts.{device.name}{path}", forecast, _clipped(values, share, limit_w), grid
        )
        if isinstance(cells, Finding):
            return cells
        power[phase] = cells
    return FixedSeries(device.name, board, power)
