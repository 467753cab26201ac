"""The electrical limits as rows: what each ampere at each point of the root adds to each limited quantity.

A *point* is a phase of a root (three-wire: the pair Li-Li+1), numbered root by root. Because no load changes its phase
on the way up, every board's limits are linear in the point currents of the devices below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.request import GridLimit
from kwartier.site.tree import Board, ElectricalTree
from kwartier.units.quarter_hour import epoch_s
from kwartier.units.step_grid import StepGrid

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

POINTS_PER_ROOT = 3

# A regular 12-gon inside the circle of a three-wire line's current limit: six two-sided rows whose corners lie at
# multiples of 30 degrees, where purely balanced (-30) and purely single-phase (0, -60) currents lie exactly.
ROWS_PER_LINE = 6
POLYGON_TURN_RAD = float(np.radians(30.0))
POLYGON_NORMALS_RAD = (np.arange(ROWS_PER_LINE) - 0.5) * POLYGON_TURN_RAD
POLYGON_INRADIUS = float(np.cos(np.radians(15.0)))
PREVIOUS_PAIR_ANGLE_RAD = np.radians(60.0)


@dataclass(frozen=True)
class LimitRow:
    """One linear expression of point currents with a bound in both directions.

    `weight_by_point` gives the row's value per ampere at each point; a power row (`phase` None, kW) counts the power of
    all devices below its board instead. `quantity` is the group of rows that share one
    excess: rows of one three-wire line do. `ah_per_unit_hour` turns the row's excess into ampere-hours per hour.
    """

    board: str
    quantity: int
    phase: str | None
    weight_by_point: dict[int, float]
    scale: float
    ah_per_unit_hour: float

    @property
    def is_line(self) -> bool:
        """Whether this is one of the polygon rows of a three-wire line."""
        return self.scale < 1.0


@dataclass(frozen=True)
class LimitRows:
    """All limit rows with their bounds per step: `lower <= row <= upper`, both shape (rows, steps)."""

    rows: tuple[LimitRow, ...]
    lower: FloatArray
    upper: FloatArray

    def first_line_rows(self) -> list[int]:
        """The first of the rows of each three-wire line."""
        line_rows = [index for index, row in enumerate(self.rows) if row.is_line]
        return line_rows[::ROWS_PER_LINE]


def points_of(root_number: int, indices: Sequence[int]) -> list[int]:
    """The point numbers of some phases of a root."""
    return [POINTS_PER_ROOT * root_number + index for index in indices]


def _line_rows(board: Board, offset: int, quantity: int) -> list[LimitRow]:
    """The rows that keep the current of each line of a three-phase three-wire board inside its circle."""
    rows = []
    for number, (name, line) in enumerate(board.root_line_index.items()):
        here, previous = offset + line, offset + (line - 1) % 3
        for normal_rad in POLYGON_NORMALS_RAD:
            weights = {
                here: float(np.cos(normal_rad)),
                previous: float(np.cos(normal_rad + PREVIOUS_PAIR_ANGLE_RAD)),
            }
            rows.append(LimitRow(board.name, quantity + number, name, weights, POLYGON_INRADIUS, 1.0))
    return rows


def _current_rows(board: Board, offset: int, quantity: int) -> list[LimitRow]:
    if board.three_wire and not board.single_phase:
        return _line_rows(board, offset, quantity)
    return [
        LimitRow(board.name, quantity + number, name, {offset + index: 1.0}, 1.0, 1.0)
        for number, (name, index) in enumerate(board.root_phase_index.items())
    ]


def touched(limit: GridLimit, grid: StepGrid) -> BoolArray:
    """Which steps a grid operator's limit touches."""
    return (grid.boundary_s[1:] > epoch_s(limit.start)) & (grid.boundary_s[:-1] < epoch_s(limit.end))


def board_current_limit_a(board: Board, limits: Sequence[GridLimit], grid: StepGrid) -> FloatArray:
    """The current limit of a board per step, A, the grid operator's lower limits included."""
    limit_a = np.full(grid.step_count, board.limit_a)
    for limit in limits:
        if limit.collector == board.name and limit.current_a is not None:
            limit_a = np.where(touched(limit, grid), np.minimum(limit_a, limit.current_a), limit_a)
    return limit_a


def board_power_limit_w(
    board: Board, limits: Sequence[GridLimit], grid: StepGrid
) -> tuple[FloatArray, FloatArray]:
    """Lower (injection, negative) and upper (offtake) limit of a board's power per step, W; infinite where none."""
    upper = np.full(grid.step_count, np.inf)
    lower = np.full(grid.step_count, -np.inf)
    for limit in limits:
        if limit.collector != board.name:
            continue
        during = touched(limit, grid)
        if limit.offtake_w is not None:
            upper = np.where(during, np.minimum(upper, limit.offtake_w), upper)
        if limit.injection_w is not None:
            lower = np.where(during, np.maximum(lower, -limit.injection_w), lower)
    return lower, upper


def limit_rows(tree: ElectricalTree, limits: Sequence[GridLimit], grid: StepGrid) -> LimitRows:
    """Every collector, every phase, every step; power rows (kW) only where the grid operator limits power."""
    rows: list[LimitRow] = []
    lower: list[FloatArray] = []
    upper: list[FloatArray] = []
    offset_by_root = {root.name: POINTS_PER_ROOT * number for number, root in enumerate(tree.roots)}
    quantity = 0
    for board in tree.boards.values():
        offset = offset_by_root[board.root]
        new_rows = _current_rows(board, offset, quantity)
        limit_a = board_current_limit_a(board, limits, grid)
        rows += new_rows
        upper += [limit_a * row.scale for row in new_rows]
        lower += [-limit_a * row.scale for row in new_rows]
        quantity += len(board.phases)
        low_w, high_w = board_power_limit_w(board, limits, grid)
        if np.isfinite(low_w).any() or np.isfinite(high_w).any():
            ah_per_kwh = 1000.0 / (board.voltage_v * len(board.phases))
            rows.append(LimitRow(board.name, quantity, None, {}, 1.0, ah_per_kwh))
            lower.append(low_w / 1000.0)
            upper.append(high_w / 1000.0)
            quantity += 1
    return LimitRows(tuple(rows), np.array(lower), np.array(upper))


def incidence(
    limits: LimitRows,
    tree: ElectricalTree,
    boards: Sequence[str],
    amps_by_point: Sequence[dict[int, float]],
) -> FloatArray:
    """Value of each row per level of each unit, shape (rows, units).

    `boards[u]` is the board that feeds unit u, `amps_by_point[u]` its amperes at each point per level; in power rows
    they count with that board's own voltage.
    """
    rows_by_board: dict[str, list[int]] = {}
    for index, row in enumerate(limits.rows):
        rows_by_board.setdefault(row.board, []).append(index)
    path_rows = {
        name: [index for board in tree.path_to_root(name) for index in rows_by_board[board.name]]
        for name in set(boards)
    }
    table = np.zeros((len(limits.rows), len(boards)))
    like: dict[tuple[object, ...], int] = {}
    for unit, (name, amps) in enumerate(zip(boards, amps_by_point, strict=True)):
        same = like.setdefault((name, *amps.items()), unit)
        if same != unit:
            table[:, unit] = table[:, same]
            continue
        kilowatts = sum(amps.values()) * tree.boards[name].voltage_v / 1000.0
        for index in path_rows[name]:
            row = limits.rows[index]
            amperes = sum(row.weight_by_point.get(point, 0.0) * value for point, value in amps.items())
            table[index, unit] = kilowatts if row.phase is None else amperes
    return table
