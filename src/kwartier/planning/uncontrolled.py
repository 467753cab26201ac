"""Charging on arrival: the reference that a plan's savings are counted against, and the plan when solving fails."""

import numpy as np
import numpy.typing as npt

from kwartier.planning.network import POLYGON_INRADIUS, ROWS_PER_LINE
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule, make_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TOUCHING = 1e-9
# A need is met when less than this is left of it: powers are written to 1e-6 W, which adds up over a horizon.
MET_WH = 1e-3


class _Room:
    """What is left on every limit in every step while cars are placed one after the other."""

    def __init__(self, problem: Problem) -> None:
        limits, fixed = problem.limits, problem.fixed
        self._grid, self._row_per_level = problem.grid, problem.row_per_level
        self._above = limits.upper - fixed.row_high
        self._below = fixed.row_low - limits.lower
        # Two rows of a three-wire line 90 degrees apart are the components of its current, here per quarter-hour.
        self._first = np.array(limits.first_line_rows(), dtype=np.int64)
        self._across = self._first + ROWS_PER_LINE // 2
        self._cells = problem.grid.step_of_cell_index
        self._x, self._y = fixed.row_cells[self._first], fixed.row_cells[self._across]
        self._limit_a = limits.upper[self._first][:, self._cells] / POLYGON_INRADIUS
        self._is_plain = np.array([not row.is_line for row in limits.rows], dtype=bool)

    def largest_level(self, session: int) -> FloatArray:
        """The largest level of a session that every limit above it allows, shape (n,)."""
        weights = self._row_per_level[:, session]
        room = np.full(self._grid.step_count, np.inf)
        plain = np.flatnonzero(self._is_plain & (weights != 0.0))
        if len(plain):
            weight = weights[plain, None]
            left = np.where(weight > 0.0, self._above[plain], self._below[plain])
            room = (left / np.abs(weight)).min(axis=0)
        lines = self._lines_above(weights)
        if len(lines):
            room = np.minimum(room, self._room_on_lines(lines, weights))
        return np.asarray(np.maximum(room, 0.0))

    def _lines_above(self, weights: FloatArray) -> IntArray:
        """Numbers of the three-wire lines to whose current a session adds."""
        return np.flatnonzero((weights[self._first] != 0.0) | (weights[self._across] != 0.0))

    def _room_on_lines(self, lines: IntArray, weights: FloatArray) -> FloatArray:
        """Largest level that keeps the phasor sum of each of some three-wire lines inside its circle."""
        step_x, step_y = weights[self._first[lines], None], weights[self._across[lines], None]
        x, y, limit_a = self._x[lines], self._y[lines], self._limit_a[lines]
        square = step_x**2 + step_y**2
        half = x * step_x + y * step_y
        so_far = x**2 + y**2
        inside = half**2 - square * (so_far - limit_a**2)
        # A ray that only touches the circle still has its point there, whatever the last bit says.
        room = np.where(
            inside >= -TOUCHING * square * so_far, (np.sqrt(np.maximum(inside, 0.0)) - half) / square, 0.0
        )
        return self._grid.smallest_of_cells(room.min(axis=0))

    def take(self, session: int, level: FloatArray) -> None:
        """Book a session's level."""
        weights = self._row_per_level[:, session]
        plain = np.flatnonzero(self._is_plain & (weights != 0.0))
        if len(plain):
            used = np.outer(weights[plain], level)
            self._above[plain] -= used
            self._below[plain] += used
        lines = self._lines_above(weights)
        if len(lines):
            per_cell = level[self._cells]
            self._x[lines] += np.outer(weights[self._first[lines]], per_cell)
            self._y[lines] += np.outer(weights[self._across[lines]], per_cell)


def _possible_level(problem: Problem, index: int, room: _Room) -> FloatArray:
    """The level a session takes while it needs energy, shape (n,): full within the room, as its pole can do it."""
    possible = np.asarray(np.minimum(problem.level_max[index], room.largest_level(index)))
    if not problem.pilot_bound[index]:
        return possible
    executed = np.arange(problem.grid.step_count) < EXECUTED_STEPS
    if problem.sessions[index].asset_id in problem.request.options.whole_ampere_poles:
        possible = np.where(executed, np.floor(possible + TOUCHING), possible)
    return np.asarray(np.where(executed & (possible < LEAST_AC_CURRENT_A), 0.0, possible))


def uncontrolled(problem: Problem) -> Schedule:
    """Every car at full power on arrival within the limits, served by start, then transaction id; batteries idle."""
    order = sorted(
        range(len(problem.sessions)),
        key=lambda index: (problem.sessions[index].start_s, problem.sessions[index].transaction_id),
    )
    room = _Room(problem)
    level = np.zeros_like(problem.level_max)
    power_w = np.zeros_like(problem.level_max)
    for index in order:
        session = problem.sessions[index]
        possible = _possible_level(problem, index, room)
        kwh = possible * problem.kwh_per_level[index]
        left = session.remaining_wh / 1000.0 - np.concatenate(([0.0], np.cumsum(kwh)[:-1]))
        taken = np.where(left > MET_WH / 1000.0, np.minimum(left, kwh), 0.0)
        if problem.pilot_bound[index]:
            level[index] = np.where(taken > 0.0, possible, 0.0)
        else:
            # Of these a plan says the power only: they take the rest over the whole step, and no more room than that.
            level[index] = np.divide(possible * taken, kwh, out=np.zeros_like(kwh), where=kwh > 0.0)
        power_w[index] = taken / problem.grid.hours_h * 1000.0
        room.take(index, level[index])
    return make_schedule(problem, level, power_w, np.zeros((len(problem.batteries), problem.grid.step_count)))
