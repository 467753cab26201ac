"""Every collector's limits in the programme: the rows that can bind, and the excess where the fixed load breaks one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.charging_session import SessionColumns
from kwartier.planning.blocks.storage import StorageColumns
from kwartier.planning.network import ROWS_PER_LINE, touched
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN, ProgramBuilder

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Below this a limit counts as kept (A or kW): what rounding of the input may leave.
NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class LimitColumns:
    """Where the fixed load alone breaks a limit: one excess column each (A or kW), with its weight in Ah per unit.

    A limit of the grid operator may be exceeded up to the board's own one (`most_excess`), which holds unless the fixed
    load breaks that one too.

    `row_number` maps (side, limit row, step) to the programme's row or NO_COLUMN, side 0 upper and 1 lower.
    """

    excess: IntArray
    least_excess: FloatArray
    most_excess: FloatArray
    excess_ah_per_unit: FloatArray
    row_number: IntArray


def reach(problem: Problem, per_level: FloatArray, session_most: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Largest and smallest sum that the units can bring to each row in each step, both shape (rows, n).

    `per_level` (rows, U) is a unit's value per level, `session_most` (S, n) the largest level of each session.
    """
    cars = per_level[:, : len(session_most)]
    highest = np.maximum(cars, 0.0) @ session_most
    lowest = np.minimum(cars, 0.0) @ session_most if (cars < 0.0).any() else np.zeros_like(highest)
    for index, battery in enumerate(problem.batteries):
        weight = per_level[:, len(session_most) + index]
        ends = np.stack([weight * battery.charging_max_kw, -weight * battery.discharging_max_kw])
        highest += ends.max(axis=0)[:, None]
        lowest += ends.min(axis=0)[:, None]
    return highest, lowest


def fixed_magnitude(problem: Problem) -> FloatArray:
    """What the fixed load alone brings to each limit row's quantity, per side, shape (2, K, n).

    For a row of a three-wire line that is the magnitude of the line's current, for others the row itself.
    """
    fixed = problem.fixed
    sides = np.stack([fixed.row_high, -fixed.row_low])
    for first in problem.limits.first_line_rows():
        sides[:, first : first + ROWS_PER_LINE] = fixed.line_magnitude_a[first : first + ROWS_PER_LINE]
    return sides


def add_unit_entries(
    builder: ProgramBuilder,
    sessions: SessionColumns,
    storage: StorageColumns,
    per_level: FloatArray,
    row_number: IntArray,
    factor: FloatArray | None = None,
) -> None:
    """Put units into rows: `row_number` (rows, n) says which programme row each (row, step) is, NO_COLUMN for none.

    `per_level` (rows, U) is a unit's value per level; `factor` (U, n), 1 where absent, scales it per step.
    """
    used = (row_number != NO_COLUMN).any(axis=1)
    row, unit = np.nonzero(per_level * used[:, None])
    columns = np.vstack([sessions.level, storage.charge])
    pair, step = np.nonzero((row_number[row] != NO_COLUMN) & (columns[unit] != NO_COLUMN))
    rows, unit = row_number[row[pair], step], unit[pair]
    values = per_level[row[pair], unit]
    if factor is not None:
        values = values * factor[unit, step]
    builder.add_entries(rows, columns[unit, step], values)
    is_battery = unit >= len(sessions.level)
    battery = unit[is_battery] - len(sessions.level)
    builder.add_entries(rows[is_battery], storage.discharge[battery, step[is_battery]], -values[is_battery])


@dataclass(frozen=True)
class _Side:
    """One direction of all limit rows, (K, n): what units can bring to sign x row, its bound, where it is broken.

    Rows stay where `kept`, whether they can bind or not.
    """

    sign: float
    highest: FloatArray
    lowest: FloatArray
    bound: FloatArray
    broken: BoolArray
    kept: BoolArray | bool


def _add_side(
    builder: ProgramBuilder, problem: Problem, sessions: SessionColumns, storage: StorageColumns, side: _Side
) -> IntArray:
    """Rows sign x (units) <= bound where that can bind, or where an excess may relax it; the row numbers (K, n)."""
    keep = (side.highest > side.bound + NEGLIGIBLE) | (side.broken & (side.lowest < 0.0)) | side.kept
    numbers = np.full(keep.shape, NO_COLUMN, dtype=np.int64)
    numbers[keep] = builder.add_rows(int(keep.sum()), -np.inf, side.bound[keep])
    add_unit_entries(builder, sessions, storage, side.sign * problem.row_per_level, numbers)
    return numbers


def add_board_limits(
    builder: ProgramBuilder,
    problem: Problem,
    sessions: SessionColumns,
    storage: StorageColumns,
    kept: LimitColumns | None = None,
) -> LimitColumns:
    """Two one-sided families of rows (upper, lower); a row that the fixed load alone breaks gets an excess column.

    Rows that `kept` had stay, whether they can bind or not.
    """
    scale = np.array([row.scale for row in problem.limits.rows])[:, None]
    limit = np.stack([problem.limits.upper, -problem.limits.lower])
    fixed = np.stack([problem.fixed.row_high, -problem.fixed.row_low])
    broken = fixed_magnitude(problem) > limit / scale + NEGLIGIBLE
    # Inside the circle but outside its polygon nothing is broken: such a row lets nothing in and keeps what is there.
    bound = np.where(broken, limit - fixed, np.maximum(0.0, limit - fixed))
    up, down = reach(problem, problem.row_per_level, problem.level_max)
    lowest = np.stack([down, -up])
    stays = (False, False) if kept is None else kept.row_number != NO_COLUMN
    sides = (
        _Side(1.0, up, down, bound[0], broken[0], stays[0]),
        _Side(-1.0, -down, -up, bound[1], broken[1], stays[1]),
    )
    numbers = np.stack([_add_side(builder, problem, sessions, storage, side) for side in sides])
    # What the units can take off the fixed load's excess at best.
    return _add_excess(builder, problem, numbers, broken, fixed - limit + lowest)


def _add_excess(
    builder: ProgramBuilder,
    problem: Problem,
    numbers: IntArray,
    broken: BoolArray,
    unavoidable_excess: FloatArray,
) -> LimitColumns:
    """One excess column per broken quantity and step, in every row of that quantity."""
    rows = problem.limits.rows
    quantity = np.array([row.quantity for row in rows], dtype=np.int64)
    kept = numbers != NO_COLUMN
    side, limit, step = np.nonzero(broken & kept)
    keys, column_of = np.unique(quantity[limit] * problem.grid.step_count + step, return_inverse=True)
    scale = np.array([row.scale for row in rows])
    unavoidable = unavoidable_excess[side, limit, step] / scale[limit]
    least_excess = np.zeros(len(keys))
    np.maximum.at(least_excess, column_of, unavoidable)
    most_excess = np.full(len(keys), np.inf)
    np.minimum.at(most_excess, column_of, _room_to_own_limit(problem)[side, limit, step])
    most_excess = np.maximum(most_excess, least_excess)
    excess = builder.add_columns(len(keys), least_excess, least_excess)
    builder.add_entries(numbers[side, limit, step], excess[column_of], -scale[limit])
    ah_per_unit = np.zeros(len(keys))
    ah_per_unit[column_of] = (
        np.array([row.ah_per_unit_hour for row in rows])[limit] * problem.grid.hours_h[step]
    )
    return LimitColumns(excess, least_excess, most_excess, ah_per_unit, numbers)


def _room_to_own_limit(problem: Problem) -> FloatArray:
    """How far each row's limit may be exceeded before the board's own limit is reached, shape (2, K, n).

    Infinite where the fixed load breaks the board's own limit, and for power rows, which only the grid operator has.
    """
    rows = problem.limits.rows
    own = np.array([np.inf if row.phase is None else problem.tree.boards[row.board].limit_a for row in rows])[
        :, None
    ]
    scale = np.array([row.scale for row in rows])[:, None]
    limit = np.stack([problem.limits.upper, -problem.limits.lower]) / scale
    fixed = np.maximum(
        fixed_magnitude(problem), np.stack([problem.fixed.row_high, -problem.fixed.row_low]) / scale
    )
    room = np.full(limit.shape, np.inf)
    np.subtract(own, limit, out=room, where=np.isfinite(limit) & (fixed <= own + NEGLIGIBLE))
    for given in problem.request.limits:
        if given.current_a is not None:
            here = np.array([row.phase is not None and row.board == given.collector for row in rows])[:, None]
            holds = here & touched(given, problem.grid) & (fixed <= given.current_a + NEGLIGIBLE)
            room = np.where(holds, np.minimum(room, given.current_a - limit), room)
    return room
