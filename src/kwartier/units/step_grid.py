"""The steps of a plan: quarter-hours from a moment to the end of its horizon, the tail in hours where asked."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from kwartier.units.quarter_hour import QUARTER_S

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

EXECUTED_STEPS = 2
HOUR_S = 3600
DAY_S = 86_400
QUARTERS_ONLY_S = 12 * HOUR_S


@dataclass(frozen=True)
class StepGrid:
    """Boundaries of the steps and of the quarter-hours inside them, epoch seconds.

    `boundary_s` has n + 1 entries for n steps; `cell_boundary_s` the same for the quarter-hours ("cells"), of which an
    hourly step holds up to four and every other step exactly one.
    """

    boundary_s: FloatArray
    cell_boundary_s: FloatArray

    @property
    def step_count(self) -> int:
        """How many steps there are."""
        return len(self.boundary_s) - 1

    @property
    def start_s(self) -> FloatArray:
        """Start of each step, epoch seconds, shape (n,)."""
        return self.boundary_s[:-1]

    @cached_property
    def begin_s(self) -> float:
        """The moment from which is planned, epoch seconds: the start of the first step."""
        return float(self.boundary_s[0])

    @cached_property
    def end_s(self) -> float:
        """End of the horizon, epoch seconds."""
        return float(self.boundary_s[-1])

    @cached_property
    def hours_h(self) -> FloatArray:
        """Length of each step in hours, shape (n,)."""
        return self._step_s / HOUR_S

    @cached_property
    def _step_s(self) -> FloatArray:
        """Length of each step in seconds, shape (n,)."""
        return np.diff(self.boundary_s)

    @cached_property
    def _cell_s(self) -> FloatArray:
        """Length of each cell in seconds, shape (cells,)."""
        return np.diff(self.cell_boundary_s)

    @cached_property
    def first_cell_index(self) -> IntArray:
        """Index of the first cell of each step, shape (n,)."""
        return np.searchsorted(self.cell_boundary_s, self.boundary_s[:-1]).astype(np.int64)

    @cached_property
    def step_of_cell_index(self) -> IntArray:
        """Index of the step that each cell lies in, shape (cells,)."""
        counts = np.diff(np.append(self.first_cell_index, len(self.cell_boundary_s) - 1))
        return np.repeat(np.arange(self.step_count), counts)

    def mean_of_cells(self, per_cell: FloatArray) -> FloatArray:
        """Time-weighted mean per step of values per cell; the last axis goes from cells to steps."""
        if per_cell.shape[-1] == self.step_count:
            return per_cell
        weighted = np.add.reduceat(per_cell * self._cell_s, self.first_cell_index, axis=-1)
        return np.asarray(weighted / self._step_s)

    def largest_of_cells(self, per_cell: FloatArray) -> FloatArray:
        """Largest value per step of values per cell; the last axis goes from cells to steps."""
        if per_cell.shape[-1] == self.step_count:
            return per_cell
        return np.asarray(np.maximum.reduceat(per_cell, self.first_cell_index, axis=-1))

    def smallest_of_cells(self, per_cell: FloatArray) -> FloatArray:
        """Smallest value per step of values per cell; the last axis goes from cells to steps."""
        return -self.largest_of_cells(-per_cell)

    def share_of_window(self, from_s: FloatArray, to_s: FloatArray) -> FloatArray:
        """Part (0 to 1) of each step that lies in each window, shape (windows, n)."""
        # In place: a month of a thousand cars has millions of entries.
        share = np.minimum(self.boundary_s[None, 1:], to_s[:, None])
        share -= np.maximum(self.boundary_s[None, :-1], from_s[:, None])
        share /= self._step_s
        return np.clip(share, 0.0, 1.0, out=share)

    def local_months(self, timezone: tzinfo) -> IntArray:
        """Local month of each step's start, counted as year x 12 + month - 1, shape (n,)."""

        def month(moment_s: float) -> int:
            local = datetime.fromtimestamp(moment_s, UTC).astimezone(timezone)
            return local.year * 12 + local.month - 1

        starts_s = self.start_s.tolist()
        first, last = month(starts_s[0]), month(starts_s[-1])
        months = [first] * len(starts_s) if first == last else list(map(month, starts_s))
        return np.array(months, dtype=np.int64)


def step_grid(at_s: float, days: float, resolution: Literal["PT15M", "mixed"] = "PT15M") -> StepGrid:
    """The grid from `at_s` (epoch seconds) over `days` x 24 h.

    The first step is what is left of the running quarter-hour, the last one is cut at the horizon. With "mixed", steps
    are hours from the first full hour at or after 12 h.

    >>> step_grid(930.0, 1).boundary_s[:3].tolist()
    [930.0, 1800.0, 2700.0]
    """
    end_s = at_s + days * DAY_S
    first_s = (at_s // QUARTER_S + 1) * QUARTER_S
    cells = np.concatenate(([at_s], np.arange(first_s, end_s, QUARTER_S), [end_s]))
    if resolution == "PT15M":
        return StepGrid(cells, cells)
    hourly_from_s = -((-(at_s + QUARTERS_ONLY_S)) // HOUR_S) * HOUR_S
    keep = (cells < hourly_from_s) | (cells % HOUR_S == 0) | (cells == end_s)
    return StepGrid(cells[keep], cells)
