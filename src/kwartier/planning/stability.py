"""Near steps stay as the last plan had them unless a change gains more than its bound.

A device that is told to switch wears, and a driver who sees it trusts the system less. So the executed steps of the
previous plan are tried first, and only those devices change whose change pays.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from kwartier.planning.choices import Choices
from kwartier.planning.discrete import DiscreteResult, DiscreteSolver
from kwartier.planning.lexicographic import LevelResult
from kwartier.planning.plan import DevicePlan, Plan
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.rounding import broken_amperes
from kwartier.planning.sessions import LEAST_AC_CURRENT_A, Session
from kwartier.planning.solve import SolveStatus
from kwartier.units.quarter_hour import epoch_s
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Two levels nearer than this are the same setpoint (A per pin or kW).
SAME_LEVEL = 1e-3
# How often the devices that pay for their change are let go and the rest is tried again.
RELEASE_ROUNDS = 4


@dataclass(frozen=True)
class NearLevels:
    """Levels in the executed steps as the previous plan had them, (U, 2); NaN where none of it still holds."""

    level: FloatArray

    @property
    def known(self) -> BoolArray:
        """Where the previous plan says something."""
        return np.asarray(~np.isnan(self.level))


def _previous_step(previous: Plan, moment_s: float) -> int | None:
    """The number of the previous plan's step in which a moment lies."""
    for number, step in enumerate(previous.steps):
        start_s = _start_s(step.start)
        if start_s <= moment_s < start_s + step.hours * 3600.0 - 1e-6:
            return number
    return None


def _start_s(start: datetime) -> float:
    return epoch_s(start)


def _session_level(session: Session, device: DevicePlan, step: int, most: float) -> float:
    """The level that a session had, NaN where another car stood there or the level is no longer allowed."""
    if device.transaction_id is None or device.transaction_id[step] != session.transaction_id:
        return float("nan")
    if session.is_ac:
        level = max((device.current_a or {}).get(pin, [0.0] * (step + 1))[step] for pin in session.pins)
        if 0.0 < level < LEAST_AC_CURRENT_A:
            return float("nan")
    else:
        level = device.power_w[step] / 1000.0
    return level if level <= most + SAME_LEVEL else float("nan")


def near_levels(solver: DiscreteSolver, previous: Plan) -> NearLevels:
    """What the previous plan says of the executed steps of this one."""
    problem = solver.problem
    steps = min(EXECUTED_STEPS, problem.grid.step_count)
    level = np.full((len(problem.units), steps), np.nan)
    for step in range(steps):
        then = _previous_step(previous, float(problem.grid.start_s[step]))
        if then is None:
            continue
        for index, session in enumerate(problem.sessions):
            device = previous.devices.get(session.asset_id)
            if device is not None and not session.expected and problem.share[index, step] == 1.0:
                most = float(problem.level_max[index, step])
                level[index, step] = _session_level(session, device, then, most)
        for index, battery in enumerate(problem.batteries):
            device = previous.devices.get(battery.device.name)
            if device is not None:
                level[len(problem.sessions) + index, step] = device.power_w[then] / 1000.0
    cars = level[: len(problem.sessions)]
    # A car that will stop within the step draws what it needs, whatever it drew before.
    cars[solver.executed.stops] = np.nan
    cars[broken_amperes(solver.executed, cars)] = np.nan
    return NearLevels(level)


@dataclass(frozen=True)
class _Near:
    """The columns of the executed steps and what they are in the free plan."""

    solver: DiscreteSolver
    kept: NearLevels

    def of(self, values: FloatArray) -> FloatArray:
        """Levels of all units in the executed steps, (U, 2)."""
        storage = self.solver.formulation.storage
        steps = self.kept.level.shape[1]
        batteries = (values[storage.charge] - values[storage.discharge])[:, :steps]
        return np.vstack([self.solver.current_a(values), batteries])

    def solve_held(self, choices: Choices, where: BoolArray) -> LevelResult:
        """The money with these choices and the marked levels (U, 2) as they were."""
        self.solver.allow(choices)
        self._hold(where)
        return self.solver.levels.solve_money_again()

    def _hold(self, where: BoolArray) -> None:
        """Fix the levels that are kept in the programme's bounds."""
        sessions = len(self.solver.problem.sessions)
        columns = self.solver.formulation.sessions.level[:, : where.shape[1]]
        cars = where[:sessions] & (columns != NO_COLUMN)
        level = self.kept.level[:sessions][cars]
        self.solver.levels.solver.set_bounds(columns[cars], level, level)
        storage = self.solver.formulation.storage
        batteries = where[sessions:]
        power_kw = self.kept.level[sessions:][batteries]
        for table, level in (
            (storage.charge, np.maximum(power_kw, 0.0)),
            (storage.discharge, np.maximum(-power_kw, 0.0)),
        ):
            self.solver.levels.solver.set_bounds(table[:, : where.shape[1]][batteries], level, level)

    def gains_eur(self, free_level: FloatArray, row_duals_eur: FloatArray) -> FloatArray:
        """What letting each kept level go to its free value would gain to first order, EUR, (U, 2)."""
        program = self.solver.formulation.program
        row = np.repeat(np.arange(program.rows), np.diff(program.row_start))
        reduced = self.solver.formulation.money_eur.copy()
        np.subtract.at(reduced, program.column_index, row_duals_eur[row] * program.value)
        steps = self.kept.level.shape[1]
        storage, columns = self.solver.formulation.storage, self.solver.formulation.sessions.level[:, :steps]
        slope = np.vstack(
            [np.where(columns == NO_COLUMN, 0.0, reduced[columns]), reduced[storage.charge][:, :steps]]
        )
        return np.asarray(np.abs(slope * (free_level - np.nan_to_num(self.kept.level))))


def stabilised(
    solver: DiscreteSolver, free: DiscreteResult, previous: Plan, bound_eur: float
) -> DiscreteResult:
    """The free answer, or one that keeps near steps of the previous plan where changing them gains too little.

    `bound_eur` is what one changed setpoint must gain. No level above money is touched: where keeping would cost one,
    nothing is kept. Where keeping leaves a broken ampere or both directions, the rest takes the free answer's choices.
    """
    near = _Near(solver, near_levels(solver, previous))
    free_level = near.of(free.result.values)
    differs = near.kept.known & (np.abs(free_level - np.nan_to_num(near.kept.level)) > SAME_LEVEL)
    if not differs.any():
        return free
    solver.solve_choices(free.choices)
    keep = near.kept.known.copy()
    choices = free.choices
    for _ in range(RELEASE_ROUNDS):
        result = near.solve_held(choices, keep)
        if result.status is SolveStatus.OPTIMAL and solver.leaves_choices(result.values):
            choices = solver.settled(free)
            result = near.solve_held(choices, keep)
        if result.status is not SolveStatus.OPTIMAL:
            return free
        spared = int((differs & keep).sum())
        if result.money_eur - free.result.money_eur <= bound_eur * spared:
            gap_eur = max(0.0, result.money_eur - free.result.money_eur)
            kept_gap = gap_eur / max(abs(free.result.money_eur), 1.0)
            return replace(free, result=result, choices=choices, kept=keep & differs, kept_gap=kept_gap)
        gains = near.gains_eur(free_level, result.row_duals_eur)
        if not (keep & differs).any():
            return free
        paying = keep & differs & (gains > bound_eur)
        if not paying.any():
            paying = keep & differs & (gains >= gains[keep & differs].max())
        keep &= ~paying
    return free
