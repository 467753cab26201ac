"""What the fixed load leaves of every limit: whether it keeps the limit, and how much room the devices then have."""

import numpy as np
import numpy.typing as npt

from kwartier.planning.network import POLYGON_INRADIUS, POLYGON_TURN_RAD, ROWS_PER_LINE, touched
from kwartier.planning.problem import Problem

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Below this a limit counts as kept (A or kW): what rounding of the input may leave.
NEGLIGIBLE = 1e-9


def held_limit(problem: Problem) -> FloatArray:
    """The tightest limit of each row's quantity that the fixed load alone keeps, A or kW, shape (2, K, n).

    Infinite where it keeps none. A board's own limit holds where it breaks only a lower one of the grid operator.
    """
    rows, alone = problem.limits.rows, problem.fixed.row_magnitude
    boards = problem.tree.boards
    own = np.array([np.inf if row.phase is None else boards[row.board].limit_a for row in rows])[:, None]
    held = np.where(alone <= own + NEGLIGIBLE, own, np.inf)
    for given in problem.request.limits:
        during = touched(given, problem.grid)
        for side, power_w in enumerate((given.offtake_w, given.injection_w)):
            for limit, is_power in ((given.current_a, False), (power_w, True)):
                if limit is None:
                    continue
                value = limit / 1000.0 if is_power else limit
                here = [row.board == given.collector and (row.phase is None) == is_power for row in rows]
                kept = np.array(here)[:, None] & during & (alone[side] <= value + NEGLIGIBLE)
                held[side] = np.where(kept, np.minimum(held[side], value), held[side])
    return held


def room(problem: Problem, held: FloatArray) -> FloatArray:
    """The most that devices may bring to each row so that the held limits hold, never negative, shape (2, K, n)."""
    left = held - problem.fixed.row_sides
    for first in problem.limits.first_line_rows():
        lines = slice(first, first + ROWS_PER_LINE)
        along = problem.fixed.row_cells[lines]
        ring = np.vstack([along, -along])
        radius = held[0, first, problem.grid.step_of_cell_index]
        on_ring = problem.grid.smallest_of_cells(_ring_bound(ring, radius) - ring)
        left[:, lines] = on_ring.reshape(2, ROWS_PER_LINE, -1)
    return np.asarray(np.maximum(left, 0.0))


def _ring_bound(ring: FloatArray, radius: FloatArray) -> FloatArray:
    """Bounds on a line's twelve directions, shape (12, cells): a polygon inside its circle and around its fixed load.

    `ring` is the fixed load's value in each direction. Where that lies between the regular polygon and the circle, one
    side moves out to it, and the two sides beside that one move in until they meet it on the circle.
    """
    regular = radius * POLYGON_INRADIUS
    moved = ring > regular
    bound = np.where(moved, ring, regular)
    if not moved.any():
        return bound
    reach = np.where(moved, ring, 0.0).max(axis=0)
    half_side = np.sqrt(np.maximum(radius**2 - reach**2, 0.0))
    beside = np.roll(moved, 1, axis=0) | np.roll(moved, -1, axis=0)
    met = reach * np.cos(POLYGON_TURN_RAD) + half_side * np.sin(POLYGON_TURN_RAD)
    return np.where(beside, np.minimum(bound, met), bound)
