"""Every collector's limits in the programme: the rows that can bind, and the excess where the fixed load breaks one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.charging_session import SessionColumns
from kwartier.planning.blocks.limit_room import NEGLIGIBLE, held_limit, room
from kwartier.planning.blocks.storage import StorageColumns
from kwartier.planning.network import ROWS_PER_LINE
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN, ProgramBuilder

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Two rows are parallel where their values per level, the largest set to 1, agree to this many decimals.
PARALLEL_DECIMALS = 9


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
        charging, discharging = weight * battery.charging_max_kw, -weight * battery.discharging_max_kw
        highest += np.maximum(charging, discharging)[:, None]
        lowest += np.minimum(charging, discharging)[:, None]
    return highest, lowest


def add_unit_entries(
    builder: ProgramBuilder,
    sessions: SessionColumns,
    storage: StorageColumns,
    per_level: FloatArray,
    row_number: IntArray,
    factor: FloatArray | None = None,
    row_factor: FloatArray | None = None,
) -> None:
    """Put units into rows: `row_number` (rows, n) says which programme row each (row, step) is, NO_COLUMN for none.

    `per_level` (rows, U) is a unit's value per level; `factor` (U, n) and with it `row_factor` (rows, n), 1 where
    absent, scale it per step.
    """
    present = row_number != NO_COLUMN
    row, unit = (per_level * present.any(axis=1)[:, None]).nonzero()
    if not len(row):
        return
    columns = np.vstack([sessions.level, storage.charge])
    pair, step = (present[row] & (columns != NO_COLUMN)[unit]).nonzero()
    row, unit = row[pair], unit[pair]
    rows, values = row_number[row, step], per_level[row, unit]
    if factor is not None:
        scale = factor[unit, step]
        values = values * (scale if row_factor is None else scale * row_factor[row, step])
    builder.add_entries(rows, columns[unit, step], values)
    if len(storage.charge):
        is_battery = unit >= len(sessions.level)
        battery = unit[is_battery] - len(sessions.level)
        builder.add_entries(
            rows[is_battery], storage.discharge[battery, step[is_battery]], -values[is_battery]
        )


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
    scale = _scale(problem)
    limit = np.stack([problem.limits.upper, -problem.limits.lower])
    over = problem.fixed.row_sides - limit
    broken = problem.fixed.row_magnitude > limit / scale + NEGLIGIBLE
    held = held_limit(problem)
    left = room(problem, held)
    most_excess = _most_excess(problem, held, limit, over) if broken.any() else None
    bound = left
    if most_excess is not None:
        # With the most excess allowed a broken row leaves the room that the next looser limit does.
        capped = np.isfinite(most_excess)
        widest = np.subtract(left, scale * most_excess, out=np.full(left.shape, np.inf), where=capped)
        bound = np.where(broken, np.minimum(-over, widest), left)
    up, down = reach(problem, problem.row_per_level, problem.level_max)
    highest, lowest = np.stack([up, -down]), np.stack([down, -up])
    can_bind = highest > bound + NEGLIGIBLE
    telling = _telling(problem, bound, can_bind & ~broken)
    keep = (can_bind & (telling | broken)) | (broken & (lowest < 0.0))
    if kept is not None:
        keep |= kept.row_number != NO_COLUMN
    numbers = _add_rows(builder, problem, sessions, storage, keep, bound)
    if most_excess is None:
        none = np.zeros(0)
        return LimitColumns(np.zeros(0, dtype=np.int64), none, none, none, numbers)
    # What the units can take off the fixed load's excess at best.
    unavoidable = (over + lowest) / scale
    return _add_excess(builder, problem, numbers, broken, unavoidable, most_excess)


def _add_rows(
    builder: ProgramBuilder,
    problem: Problem,
    sessions: SessionColumns,
    storage: StorageColumns,
    keep: BoolArray,
    bound: FloatArray,
) -> IntArray:
    """The rows that are kept of both sides, with the units in them, shape (2, K, n)."""
    numbers = np.full(keep.shape, NO_COLUMN, dtype=np.int64)
    numbers[keep] = builder.add_rows(int(keep.sum()), -np.inf, bound[keep])
    per_level = np.vstack([problem.row_per_level, -problem.row_per_level])
    add_unit_entries(builder, sessions, storage, per_level, numbers.reshape(len(per_level), -1))
    return numbers


def _telling(problem: Problem, bound: FloatArray, can_bind: BoolArray) -> BoolArray:
    """Which of the rows that can bind no parallel one makes needless: the tightest in each step, shape (2, K, n).

    Two rows are parallel where the same cars load both alike: the three phases of a board with three-phase cars alone,
    a board and the one above it with nothing else below, ten of the twelve sides of a three-wire line with balanced
    cars alone (seen: 23 different rows of 254).
    """
    telling = np.ones(bound.shape, dtype=bool).reshape(-1, bound.shape[-1])
    rows = np.flatnonzero(can_bind.reshape(telling.shape).any(axis=1))
    if not len(rows):
        return telling.reshape(bound.shape)
    per_level = np.vstack([problem.row_per_level, -problem.row_per_level])[rows]
    size = np.abs(per_level).max(axis=1, initial=0.0)[:, None]
    scaled = np.where(can_bind, bound, np.inf).reshape(telling.shape)[rows] / size
    # Zero is added lest there be two of them.
    directions = np.round(per_level / size, PARALLEL_DECIMALS) + 0.0
    groups: dict[bytes, list[int]] = {}
    for place, direction in enumerate(directions):
        groups.setdefault(direction.tobytes(), []).append(place)
    for members in groups.values():
        if len(members) > 1:
            tightest = scaled[members].argmin(axis=0)
            telling[rows[members]] = np.arange(len(members))[:, None] == tightest
    return telling.reshape(bound.shape)


def _scale(problem: Problem) -> FloatArray:
    """The scale of each limit row, shape (K, 1)."""
    return np.array([row.scale for row in problem.limits.rows])[:, None]


def _most_excess(problem: Problem, held: FloatArray, limit: FloatArray, over: FloatArray) -> FloatArray:
    """How far each row's quantity may exceed its limit: to the next looser one that holds, shape (2, K, n).

    Or as far as the fixed load's own excess in the row, of which a line's may be larger: its rows are sides of a
    polygon inside its circle. `over` is that excess, before the row's scale.
    """
    scale = _scale(problem)
    # Where nothing is limited nothing is broken; infinite either way.
    to_held = np.subtract(held, limit / scale, out=np.zeros(limit.shape), where=np.isfinite(limit))
    most = np.maximum(to_held, over / scale)
    for first in problem.limits.first_line_rows():
        lines = slice(first, first + ROWS_PER_LINE)
        most[:, lines] = most[:, lines].max(axis=(0, 1))
    return most


def _add_excess(
    builder: ProgramBuilder,
    problem: Problem,
    numbers: IntArray,
    broken: BoolArray,
    unavoidable_excess: FloatArray,
    most_excess: FloatArray,
) -> LimitColumns:
    """One excess column per broken quantity, direction and step, in every row of that quantity.

    The rows of a three-wire line share one, whatever their direction: its magnitude has none.
    """
    rows = problem.limits.rows
    quantity = np.array([row.quantity for row in rows], dtype=np.int64)
    is_line = np.array([row.is_line for row in rows], dtype=bool)
    side, limit, step = np.nonzero(broken & (numbers != NO_COLUMN))
    direction = np.where(is_line[limit], 0, side)
    keys = (2 * quantity[limit] + direction) * problem.grid.step_count + step
    keys, column_of = np.unique(keys, return_inverse=True)
    least, most, ah_per_unit = (np.zeros(len(keys)) for _ in range(3))
    np.maximum.at(least, column_of, unavoidable_excess[side, limit, step])
    most[column_of] = most_excess[side, limit, step]
    most = np.maximum(most, least)
    excess = builder.add_columns(len(keys), least, least)
    builder.add_entries(numbers[side, limit, step], excess[column_of], -_scale(problem)[limit, 0])
    ah_per_unit[column_of] = (
        np.array([row.ah_per_unit_hour for row in rows])[limit] * problem.grid.hours_h[step]
    )
    return LimitColumns(excess, least, most, ah_per_unit, numbers)
