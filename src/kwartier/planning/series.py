"""From a series document to values per quarter-hour of the grid, with nothing assumed about what is missing."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kwartier.planning.request import RESOLUTION_S, Resolution
from kwartier.site.finding import Finding
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import from_epoch_s, quarter_start_s
from kwartier.units.step_grid import StepGrid

FloatArray = npt.NDArray[np.float64]


def with_gaps(values: Sequence[float | None]) -> FloatArray:
    """The values of a series, NaN where one is missing."""
    return np.array(values, dtype=np.float64)


def first_missing_s(
    series_start_s: float, resolution_s: int, values: FloatArray, grid: StepGrid
) -> float | None:
    """The first moment of the horizon without a value (epoch seconds); None when all are there. Gaps are NaN."""
    at_s = float(grid.boundary_s[0])
    if series_start_s > at_s:
        return at_s
    first = int((at_s - series_start_s) // resolution_s)
    last = int(-((series_start_s - grid.end_s) // resolution_s))
    present = ~np.isnan(values[first:last])
    if not present.all():
        return max(at_s, series_start_s + (first + int(np.argmin(present))) * resolution_s)
    if len(values) < last:
        return max(at_s, series_start_s + len(values) * resolution_s)
    return None


def mean_per_cell(series_start_s: float, resolution_s: int, values: FloatArray, grid: StepGrid) -> FloatArray:
    """Time-weighted mean of a series that covers the horizon over each cell of the grid, shape (cells,)."""
    at_index = (grid.cell_boundary_s - series_start_s) / resolution_s
    first = int(at_index[0])
    last = int(np.ceil(at_index[-1]))
    needed = values[first:last]
    inside = at_index - first
    whole = np.minimum(inside.astype(np.int64), len(needed) - 1)
    own = needed[whole[:-1]]
    # A cell inside one value takes that value as it is; sums and differences would leave rounding behind.
    same_value = np.ceil(inside[1:]) - whole[:-1] <= 1
    if same_value.all() or (needed == needed[0]).all():
        return own
    running = np.concatenate(([0.0], np.cumsum(needed)))
    integral = running[whole] + (inside - whole) * needed[whole]
    mean = np.diff(integral) / np.diff(inside)
    return np.where(same_value, own, mean)


def cells_of(
    name: str,
    path: str,
    start_s: float,
    resolution: Resolution,
    values: FloatArray,
    grid: StepGrid,
) -> FloatArray | Finding:
    """Values per cell, or the finding that names the series and the first missing quarter-hour. Gaps are NaN."""
    resolution_s = RESOLUTION_S[resolution]
    missing_s = first_missing_s(start_s, resolution_s, values, grid)
    if missing_s is None:
        return mean_per_cell(start_s, resolution_s, values, grid)
    quarter = format_instant(from_epoch_s(quarter_start_s(missing_s)))
    return Finding(
        rule="series.gap",
        severity="ERROR",
        path=path,
        message=f"{name} has no value for the quarter-hour {quarter}; the plan needs "
        f"{format_instant(from_epoch_s(float(grid.boundary_s[0])))} to {format_instant(from_epoch_s(grid.end_s))}. "
        "Send a series that covers the horizon without nulls.",
        observed=quarter,
        allowed="a value for every quarter-hour of the horizon",
    )
