"""Charging on arrival: the reference that a plan's savings are counted against, and the plan when solving fails."""

import numpy as np
import numpy.typing as npt

from kwartier.planning.network import ROWS_PER_LINE
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule, make_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]

TOUCHING = 1e-9
# A need is met when less than this is left of it: powers are written to 1e-6 W, which adds up over a horizon.
MET_WH = 1e-3


class _Room:
    """What is left on every limit in every step while cars are placed one after the other."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._upper = problem.limits.upper - problem.fixed.row_high
        self._lower = -problem.limits.lower + problem.fixed.row_low
        self._used = np.zeros_like(self._upper)
        self._lines = problem.limits.first_line_rows()
        self._line_rows = np.zeros(len(problem.limits.rows), dtype=bool)
        for first in self._lines:
            self._line_rows[first : first + ROWS_PER_LINE] = True

    def largest_level(self, session: int) -> FloatArray:
        """The largest level of a session that every limit above it allows, shape (n,)."""
        weights = self._problem.row_per_level[:, session]
        plain = np.flatnonzero((weights != 0.0) & ~self._line_rows)
        bounds = np.where(
            weights[plain, None] > 0.0,
            self._upper[plain] - self._used[plain],
            self._lower[plain] + self._used[plain],
        )
        room = (bounds / np.abs(weights[plain, None])).min(axis=0, initial=np.inf)
        for first in self._lines:
            if weights[first] != 0.0 or weights[first + ROWS_PER_LINE // 2] != 0.0:
                room = np.minimum(room, self._room_on_line(first, weights))
        return np.asarray(np.maximum(room, 0.0))

    def _room_on_line(self, first: int, weights: FloatArray) -> FloatArray:
        """Largest level that keeps the phasor sum of a three-wire line inside its circle."""
        across = first + ROWS_PER_LINE // 2
        cells = self._problem.grid.step_of_cell_index
        limit = (self._problem.limits.upper[first] / self._problem.limits.rows[first].scale)[cells]
        step_x, step_y = weights[first], weights[across]
        x = self._problem.fixed.row_cells[first] + self._used[first, cells]
        y = self._problem.fixed.row_cells[across] + self._used[across, cells]
        square = step_x**2 + step_y**2
        half = x * step_x + y * step_y
        inside = half**2 - square * (x**2 + y**2 - limit**2)
        # A ray that only touches the circle still has its point there, whatever the last bit says.
        room = np.where(
            inside >= -TOUCHING * square * (x**2 + y**2),
            (np.sqrt(np.maximum(inside, 0.0)) - half) / square,
            0.0,
        )
        return self._problem.grid.smallest_of_cells(room)

    def take(self, session: int, level: FloatArray) -> None:
        """Book a session's level."""
        self._used += np.outer(self._problem.row_per_level[:, session], level)


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
