"""The whole programme of a problem: block by block, with the objective of every level."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.board_limits import LimitColumns, add_board_limits
from kwartier.planning.blocks.charging_session import SessionColumns, add_sessions
from kwartier.planning.blocks.grid_exchange import ExchangeColumns, add_grid_exchange
from kwartier.planning.blocks.peaks import PeakColumns, add_peaks
from kwartier.planning.blocks.storage import StorageColumns, add_storage
from kwartier.planning.network import POINTS_PER_ROOT
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN, Program, ProgramBuilder

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# All preferences together never move the money by more than this (EUR): the tolerance of planner.md is 1e-4.
PREFERENCE_BUDGET_EUR = 3e-5


@dataclass(frozen=True)
class Level:
    """One level above money: the weighted sum of `columns` is minimised; each stays between `least` and `most`."""

    name: str
    columns: IntArray
    weights: FloatArray
    least: FloatArray
    most: FloatArray


@dataclass(frozen=True)
class Formulation:
    """The programme, where everything stands in it, and its objectives.

    `first_row_by_block` says where each block's rows begin, in order. `levels` in lexicographic order;
    `money_eur` and `preference_eur` are costs per column, `fixed_money_eur` what no
    column changes.
    """

    program: Program
    first_row_by_block: dict[str, int]
    sessions: SessionColumns
    storage: StorageColumns
    limits: LimitColumns
    peaks: PeakColumns
    exchange: ExchangeColumns
    levels: tuple[Level, ...]
    unpriced_peaks: IntArray
    money_eur: FloatArray
    preference_eur: FloatArray
    fixed_money_eur: float


def formulate(problem: Problem, kept: Formulation | None = None) -> Formulation:
    """Build the programme of a problem.

    What cannot bind is left out. `kept`, the formulation of a problem with the same things in it, brings its rows along
    all the same: where nothing but them comes and goes, both programmes then have their entries in the same places.
    """
    builder = ProgramBuilder()
    starts = {}
    starts["need"] = builder.rows
    sessions = add_sessions(builder, problem)
    starts["storage"] = builder.rows
    storage = add_storage(builder, problem, kept.storage if kept else None)
    starts["limit"] = builder.rows
    limits = add_board_limits(builder, problem, sessions, storage, kept.limits if kept else None)
    starts["peak"] = builder.rows
    peaks = add_peaks(builder, problem, sessions, storage, kept.peaks if kept else None)
    starts["exchange"] = builder.rows
    exchange = add_grid_exchange(builder, problem, sessions, storage, kept.exchange if kept else None)
    program = builder.build()
    unpriced = [index for index, term in enumerate(problem.peaks) if term.price_eur_per_kw is None]
    return Formulation(
        program=program,
        first_row_by_block=starts,
        sessions=sessions,
        storage=storage,
        limits=limits,
        peaks=peaks,
        exchange=exchange,
        levels=_levels(problem, sessions, storage, limits),
        unpriced_peaks=peaks.peak[unpriced],
        money_eur=_money(problem, program.columns, sessions, storage, peaks, exchange),
        preference_eur=_preferences(problem, program.columns, sessions, storage),
        fixed_money_eur=exchange.fixed_cost_eur,
    )


def _levels(
    problem: Problem, sessions: SessionColumns, storage: StorageColumns, limits: LimitColumns
) -> tuple[Level, ...]:
    expected = problem.is_expected
    guarded = ~expected & (sessions.minimum_short != NO_COLUMN)
    return (
        Level("excess", limits.excess, limits.excess_ah_per_unit, limits.least_excess, limits.most_excess),
        _plain_level("minimum", sessions.minimum_short[guarded], sessions.least_minimum_kwh[guarded]),
        _plain_level("requested", sessions.short[~expected], sessions.least_short_kwh[~expected]),
        _plain_level("expected", sessions.short[expected], sessions.least_short_kwh[expected]),
        _plain_level(
            "policies",
            np.concatenate((storage.under, storage.over)),
            np.concatenate((storage.least_under_kwh, storage.least_over_kwh)),
        ),
    )


def _plain_level(name: str, columns: IntArray, least: FloatArray) -> Level:
    """A level whose columns all weigh the same and have no upper bound."""
    return Level(name, columns, np.ones(len(columns)), least, np.full(len(columns), np.inf))


def _unit_energy_cost(problem: Problem, exchange: ExchangeColumns) -> FloatArray:
    """Cost in EUR of one kW (average over the step) of each unit in each step, shape (U, n)."""
    roots = len(problem.tree.roots)
    on_root = problem.point_w_per_level.reshape(roots, POINTS_PER_ROOT, -1).sum(axis=1) > 0.0
    return np.asarray(exchange.unit_cost_eur[np.argmax(on_root, axis=0)])


def _money(
    problem: Problem,
    columns: int,
    sessions: SessionColumns,
    storage: StorageColumns,
    peaks: PeakColumns,
    exchange: ExchangeColumns,
) -> FloatArray:
    """Money per column: energy, revenue, priced peaks, and what is kept for after the horizon."""
    cost = np.zeros(columns)
    unit_cost = _unit_energy_cost(problem, exchange)
    is_ac = np.array([session.is_ac for session in problem.sessions], dtype=bool)
    revenue = np.where(is_ac, problem.revenue_eur_per_kwh, 0.0)
    session, step = np.nonzero(sessions.level != NO_COLUMN)
    kwh = problem.kwh_per_level[session, step]
    per_kwh = unit_cost[session, step] / problem.grid.hours_h[step] - revenue[session]
    cost[sessions.level[session, step]] = per_kwh * kwh
    # Extra energy earns no revenue now (it could as well be charged later) but is worth what it spares later.
    cost[sessions.extra] = revenue - problem.median_offtake_eur_per_kwh
    for index, battery in enumerate(problem.batteries):
        battery_cost = unit_cost[len(problem.sessions) + index]
        cost[storage.charge[index]] = battery_cost
        cost[storage.discharge[index]] = -battery_cost
        kept = battery.device.discharging_efficiency * problem.median_offtake_eur_per_kwh
        cost[storage.stored[index, -1]] = -kept
    for column, term in zip(peaks.peak, problem.peaks, strict=True):
        cost[column] = term.price_eur_per_kw or 0.0
    cost[exchange.cost_columns] += exchange.column_cost_eur
    return cost


def _preferences(
    problem: Problem, columns: int, sessions: SessionColumns, storage: StorageColumns
) -> FloatArray:
    """Early rather than late, no needless cycling, higher priority first: a cost that sums to less than the budget.

    Beyond it goes only what was asked for: batteries that are ready, where a peak could rise.
    """
    cost = np.zeros(columns)
    if problem.peaks:
        ready_eur_per_kwh = problem.request.options.readiness_eur_per_kwh_h * problem.grid.hours_h
        cost[storage.stored] = -ready_eur_per_kwh
    boundary_s = problem.grid.boundary_s
    lateness = ((boundary_s[:-1] + boundary_s[1:]) / 2.0 - boundary_s[0]) / (boundary_s[-1] - boundary_s[0])
    asked_kwh = sum(session.remaining_wh for session in problem.sessions) / 1000.0
    if asked_kwh > 0.0:
        per_kwh = PREFERENCE_BUDGET_EUR / 4.0 / asked_kwh
        session, step = np.nonzero(sessions.level != NO_COLUMN)
        cost[sessions.level[session, step]] = per_kwh * lateness[step] * problem.kwh_per_level[session, step]
        if not problem.has_energy_cost:
            cost[sessions.extra] = -2.0 * per_kwh
    throughput_kwh = (
        sum(b.charging_max_kw + b.discharging_max_kw for b in problem.batteries) * problem.grid.hours_h.sum()
    )
    for index, battery in enumerate(problem.batteries):
        per_kwh = PREFERENCE_BUDGET_EUR / 2.0 / throughput_kwh
        for cols, priority in (
            (storage.charge[index], battery.device.charging_priority),
            (storage.discharge[index], battery.device.discharging_priority),
        ):
            weight = (11.0 - priority) / 10.0
            cost[cols] = per_kwh * problem.grid.hours_h * weight * (0.5 + 0.5 * lateness)
    return cost
