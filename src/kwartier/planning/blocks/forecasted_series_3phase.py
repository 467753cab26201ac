"""Load and solar production: fixed power, phase by phase, that every limit and balance counts first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.request import SeriesForecast
from kwartier.planning.series import cells_of, with_gaps
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


@dataclass(frozen=True)
class _Part:
    """A part of a forecast that some phases share evenly: its JSON path below the forecast, and its values."""

    path: str
    values: Sequence[float | None]
    phases: Sequence[PhaseName]


def _parts(forecast: SeriesForecast, board: Board) -> list[_Part]:
    if isinstance(forecast.power_w, dict):
        return [_Part(f".power_w.{phase}", values, [phase]) for phase, values in forecast.power_w.items()]
    return [_Part(".power_w", forecast.power_w, board.phases)]


def fixed_series(
    device: ForecastedSeries3Phase, board: Board, forecast: SeriesForecast | None, grid: StepGrid
) -> FixedSeries | Finding:
    """The device's fixed power; zero without a forecast; a finding where the forecast has a gap in the horizon."""
    power: dict[PhaseName, FloatArray] = {
        phase: np.zeros(len(grid.cell_boundary_s) - 1) for phase in board.phases
    }
    if forecast is None:
        return FixedSeries(device.name, board, power)
    limit_w = device.line_current * board.voltage_v
    for part in _parts(forecast, board):
        each = with_gaps(part.values) * (1.0 / len(part.phases))
        clipped = np.minimum(np.maximum(each, -limit_w), limit_w)
        cells = cells_of(
            f"the forecast of {device.name}",
            f"$.forecasts.{device.name}{part.path}",
            epoch_s(forecast.start),
            forecast.resolution,
            clipped,
            grid,
        )
        if isinstance(cells, Finding):
            return cells
        power |= dict.fromkeys(part.phases, cells)
    return FixedSeries(device.name, board, power)
