"""Charging on arrival: the reference that a plan's savings are counted against, and the plan when solving fails.

Cars are placed one after the other, step by step, in plain numbers: a car takes few steps until its need is met, and
for so few an array takes longer than a loop (measured: a sixth of the time for 54 cars on a three-wire network).
"""

from dataclasses import dataclass
from itertools import pairwise
from math import floor, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kwartier.planning.network import POLYGON_INRADIUS, ROWS_PER_LINE
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule, exact_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]

TOUCHING = 1e-9
# A need is met when less than this is left of it: powers are written to 1e-6 W, which adds up over a horizon.
MET_WH = 1e-3


class _Line(NamedTuple):
    """One three-wire line above some sessions: its current's components and its limit's square per quarter-hour.

    `per_level_x` and `per_level_y` are the components per level, `square` is the square of their magnitude.
    """

    x: list[float]
    y: list[float]
    limit_square: list[float]
    per_level_x: float
    per_level_y: float
    square: float


@dataclass(frozen=True)
class _Above:
    """The limits above some sessions that load them alike.

    `rows` are the limit rows of no line: what is left per step of the bound that the sessions near, of the one that
    they leave, and how much a level counts. `cells` are the quarter-hours of each step.
    """

    rows: list[tuple[list[float], list[float], float]]
    lines: list[_Line]
    cells: list[range]

    def room(self, step: int, most: float) -> float:
        """The largest level up to `most` that every limit allows in a step; 0 or less where there is none.

        A line allows the largest that keeps its phasor sum inside its circle.
        """
        for bound, _, size in self.rows:
            most = min(most, bound[step] / size)
        for x, y, limit_square, per_level_x, per_level_y, square in self.lines:
            for cell in self.cells[step]:
                at_x, at_y = x[cell], y[cell]
                half = at_x * per_level_x + at_y * per_level_y
                across = at_x * per_level_y - at_y * per_level_x
                so_far = at_x * at_x + at_y * at_y
                # half^2 - square (so far - limit^2), without the difference of two large numbers where it touches.
                inside = square * limit_square[cell] - across * across
                # A ray that only touches the circle still has its point there, whatever the last bit says.
                if inside < -TOUCHING * square * so_far:
                    return 0.0
                most = min(most, (sqrt(max(inside, 0.0)) - half) / square)
        return most

    def take(self, step: int, level: float) -> None:
        """Book a level in a step."""
        for bound, other, size in self.rows:
            used = size * level
            bound[step] -= used
            other[step] += used
        for x, y, _, per_level_x, per_level_y, _ in self.lines:
            for cell in self.cells[step]:
                x[cell] += per_level_x * level
                y[cell] += per_level_y * level


class _Limits:
    """What is left on every limit in every step while cars are placed one after the other."""

    def __init__(self, problem: Problem) -> None:
        limits, fixed, grid = problem.limits, problem.fixed, problem.grid
        self._row_per_level = problem.row_per_level
        self._above = (limits.upper - fixed.row_high).tolist()
        self._below = (fixed.row_low - limits.lower).tolist()
        self._plain = [index for index, row in enumerate(limits.rows) if not row.is_line]
        # Two rows of a three-wire line 90 degrees apart are the components of its current, here per quarter-hour.
        self._first = limits.first_line_rows()
        across = [first + ROWS_PER_LINE // 2 for first in self._first]
        self._x, self._y = fixed.row_cells[self._first].tolist(), fixed.row_cells[across].tolist()
        limit_a = limits.upper[self._first][:, grid.step_of_cell_index] / POLYGON_INRADIUS
        self._limit_square = (limit_a**2).tolist()
        ends = [*grid.first_cell_index.tolist(), len(grid.step_of_cell_index)]
        self._cells = [range(*pair) for pair in pairwise(ends)]
        self._above_like: dict[bytes, _Above] = {}

    def above(self, session: int) -> _Above:
        """The limits above a session; the same for all that load them alike."""
        weights = self._row_per_level[:, session]
        key = weights.tobytes()
        if key not in self._above_like:
            self._above_like[key] = self._loaded(weights.tolist())
        return self._above_like[key]

    def _loaded(self, weights: list[float]) -> _Above:
        rows = [
            (self._above[row], self._below[row], weights[row])
            if weights[row] > 0.0
            else (self._below[row], self._above[row], -weights[row])
            for row in self._plain
            if weights[row] != 0.0
        ]
        lines = []
        for line, first in enumerate(self._first):
            x, y = weights[first], weights[first + ROWS_PER_LINE // 2]
            if x != 0.0 or y != 0.0:
                held = (self._x[line], self._y[line], self._limit_square[line])
                lines.append(_Line(*held, x, y, x**2 + y**2))
        return _Above(rows, lines, self._cells)


def _possible(problem: Problem, index: int, step: int, possible: float) -> float:
    """The level that a pole can do of what would be possible in a step."""
    if step >= EXECUTED_STEPS or not problem.pilot_bound[index]:
        return possible
    if problem.sessions[index].asset_id in problem.request.options.whole_ampere_poles:
        possible = float(floor(possible + TOUCHING))
    return 0.0 if possible < LEAST_AC_CURRENT_A - TOUCHING else possible


@dataclass(frozen=True)
class _Placed:
    """What is placed so far: session, step, level and energy (kWh) of each step in which a car charges."""

    session: list[int]
    step: list[int]
    level: list[float]
    kwh: list[float]

    def table(self, values: list[float], shape: tuple[int, ...]) -> FloatArray:
        """Values at their sessions and steps, 0 elsewhere, shape (S, n)."""
        table = np.zeros(shape)
        table[self.session, self.step] = values
        return table


def _place(problem: Problem, index: int, limits: _Above, most: list[float], placed: _Placed) -> None:
    """Add the steps in which a car charges on arrival, and book its level; `most` (n,) is its largest one."""
    kwh_per_level = problem.kwh_per_level[index]
    owed_kwh = problem.sessions[index].remaining_wh / 1000.0
    stops_within = bool(problem.pilot_bound[index])
    so_far_kwh = 0.0
    for step, largest in enumerate(most):
        if largest == 0.0:
            continue
        left_kwh = owed_kwh - so_far_kwh
        if left_kwh <= MET_WH / 1000.0:
            break
        possible = _possible(problem, index, step, limits.room(step, largest))
        if possible <= 0.0:
            continue
        kwh = possible * kwh_per_level.item(step)
        taken_kwh = min(left_kwh, kwh)
        # Of others a plan says the power only: they take the rest over the whole step, and no more room than that.
        level = possible if stops_within else possible * taken_kwh / kwh
        limits.take(step, level)
        placed.session.append(index)
        placed.step.append(step)
        placed.level.append(level)
        placed.kwh.append(taken_kwh)
        so_far_kwh += kwh


def uncontrolled(problem: Problem) -> Schedule:
    """Every car at full power on arrival within the limits, served by start, then transaction id; batteries idle."""
    order = sorted(
        range(len(problem.sessions)),
        key=lambda index: (problem.sessions[index].start_s, problem.sessions[index].transaction_id),
    )
    limits, most, placed = _Limits(problem), problem.level_max.tolist(), _Placed([], [], [], [])
    for index in order:
        _place(problem, index, limits.above(index), most[index], placed)
    shape = problem.level_max.shape
    level, taken_kwh = placed.table(placed.level, shape), placed.table(placed.kwh, shape)
    power_w = taken_kwh / problem.grid.hours_h * 1000.0
    # As a reference it is never written: rounded, a kW at a million euro would cost something where nothing is taken.
    at_rest = np.zeros((len(problem.batteries), problem.grid.step_count))
    return exact_schedule(problem, level, power_w, at_rest)
