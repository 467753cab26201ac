"""What each root takes from and gives to the grid, and what that costs in each step.

Where the sign of a root's net power is known, its price falls straight on the devices. Where it is not, and offtake
costs at least what injection pays, one column for the injected power is enough. Where injection pays more, the cost is
concave: both directions get a column, and a search must choose one of them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.board_limits import add_unit_entries, reach
from kwartier.planning.blocks.charging_session import SessionColumns
from kwartier.planning.blocks.storage import StorageColumns
from kwartier.planning.network import POINTS_PER_ROOT
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN, ProgramBuilder

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ExchangeColumns:
    """Columns in kW per root and step (R, n), NO_COLUMN where there is none.

    `injection` of convex steps, `concave_offtake`, `concave_injection` and their switch `concave_is_offtake` (0 or 1).
    `unit_cost_eur` (R, n) is what one more kW of a device below the root costs in the step, EUR, before those columns'
    own cost `column_cost_eur` (per programme column listed in `cost_columns`). No decision changes `fixed_cost_eur`.
    """

    injection: IntArray
    concave_offtake: IntArray
    concave_injection: IntArray
    concave_is_offtake: IntArray
    unit_cost_eur: FloatArray
    cost_columns: IntArray
    column_cost_eur: FloatArray
    fixed_cost_eur: float


@dataclass(frozen=True)
class _NetPower:
    """Net power of each root: fixed part, and the largest and smallest total, kW, all (R, n)."""

    fixed_kw: FloatArray
    highest_kw: FloatArray
    lowest_kw: FloatArray
    kw_per_level: FloatArray
    share: FloatArray


def _net_power(problem: Problem) -> _NetPower:
    roots = len(problem.tree.roots)
    by_root = problem.point_w_per_level.reshape(roots, POINTS_PER_ROOT, -1).sum(axis=1) / 1000.0
    fixed_kw = problem.fixed.point_mean_w.reshape(roots, POINTS_PER_ROOT, -1).sum(axis=1) / 1000.0
    share = problem.unit_share
    highest, lowest = reach(problem, by_root, problem.level_max * problem.share)
    return _NetPower(fixed_kw, fixed_kw + highest, fixed_kw + lowest, by_root, share)


def add_grid_exchange(
    builder: ProgramBuilder,
    problem: Problem,
    sessions: SessionColumns,
    storage: StorageColumns,
    kept: ExchangeColumns | None = None,
) -> ExchangeColumns:
    """Add the columns and rows of every root and step whose cost is not a plain price times power.

    An injection that `kept` had stays, as long as offtake costs more than injection pays.
    """
    net = _net_power(problem)
    if not problem.has_energy_cost or problem.prices is None:
        none = np.full(net.fixed_kw.shape, NO_COLUMN, dtype=np.int64)
        nothing = np.zeros(net.fixed_kw.shape)
        return ExchangeColumns(none, none, none, none, nothing, none[:0, 0], nothing[:0, 0], 0.0)
    hours = problem.grid.hours_h
    offtake_eur = np.broadcast_to(problem.prices.offtake_eur_per_mwh / 1000.0 * hours, net.fixed_kw.shape)
    injection_eur = np.broadcast_to(problem.prices.injection_eur_per_mwh / 1000.0 * hours, net.fixed_kw.shape)
    either = (net.highest_kw > 0.0) & (net.lowest_kw < 0.0)
    may_inject = either if kept is None else either | (kept.injection != NO_COLUMN)
    convex = may_inject & (offtake_eur > injection_eur)
    concave = either & (offtake_eur < injection_eur)
    unit_cost = np.where((net.highest_kw <= 0.0) & ~convex, injection_eur, offtake_eur)
    unit_cost = np.where(concave, 0.0, unit_cost)
    injection = _add_convex(builder, net, sessions, storage, convex)
    both_ways = _add_concave(builder, net, sessions, storage, concave)
    cost_columns = np.concatenate((injection[convex], both_ways[0][concave], both_ways[1][concave]))
    column_cost = np.concatenate(
        ((offtake_eur - injection_eur)[convex], offtake_eur[concave], -injection_eur[concave])
    )
    return ExchangeColumns(
        injection, *both_ways, unit_cost, cost_columns, column_cost, float((unit_cost * net.fixed_kw).sum())
    )


def _numbered(
    builder: ProgramBuilder, where: npt.NDArray[np.bool_], lower: FloatArray, upper: FloatArray
) -> IntArray:
    columns = np.full(where.shape, NO_COLUMN, dtype=np.int64)
    columns[where] = builder.add_columns(int(where.sum()), lower[where], upper[where])
    return columns


def _add_convex(
    builder: ProgramBuilder,
    net: _NetPower,
    sessions: SessionColumns,
    storage: StorageColumns,
    convex: npt.NDArray[np.bool_],
) -> IntArray:
    """injection >= -(net power); its cost pulls it down onto that."""
    if not convex.any():
        return np.full(convex.shape, NO_COLUMN, dtype=np.int64)
    injection = _numbered(builder, convex, np.zeros(convex.shape), np.maximum(-net.lowest_kw, 0.0))
    rows = np.full(convex.shape, NO_COLUMN, dtype=np.int64)
    rows[convex] = builder.add_rows(int(convex.sum()), -net.fixed_kw[convex], np.inf)
    builder.add_entries(rows[convex], injection[convex], 1.0)
    add_unit_entries(builder, sessions, storage, net.kw_per_level, rows, net.share)
    return injection


def _add_concave(
    builder: ProgramBuilder,
    net: _NetPower,
    sessions: SessionColumns,
    storage: StorageColumns,
    concave: npt.NDArray[np.bool_],
) -> tuple[IntArray, IntArray, IntArray]:
    """offtake - injection = net power, offtake only with the switch on, injection only with it off."""
    if not concave.any():
        none = np.full(concave.shape, NO_COLUMN, dtype=np.int64)
        return none, none, none
    offtake = _numbered(builder, concave, np.zeros(concave.shape), net.highest_kw)
    injection = _numbered(builder, concave, np.zeros(concave.shape), -net.lowest_kw)
    switch = _numbered(builder, concave, np.zeros(concave.shape), np.ones(concave.shape))
    count = int(concave.sum())
    rows = np.full(concave.shape, NO_COLUMN, dtype=np.int64)
    rows[concave] = builder.add_rows(count, net.fixed_kw[concave], net.fixed_kw[concave])
    builder.add_entries(rows[concave], offtake[concave], 1.0)
    builder.add_entries(rows[concave], injection[concave], -1.0)
    add_unit_entries(builder, sessions, storage, -net.kw_per_level, rows, net.share)
    offtake_rows = builder.add_rows(count, -np.inf, 0.0)
    builder.add_entries(offtake_rows, offtake[concave], 1.0)
    builder.add_entries(offtake_rows, switch[concave], -net.highest_kw[concave])
    injection_rows = builder.add_rows(count, -np.inf, -net.lowest_kw[concave])
    builder.add_entries(injection_rows, injection[concave], 1.0)
    builder.add_entries(injection_rows, switch[concave], -net.lowest_kw[concave])
    return offtake, injection, switch
