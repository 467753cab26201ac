"""Cars in the programme: a level per step of the window, the energy owed, and what is short of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN, ProgramBuilder

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SessionColumns:
    """Column numbers; `level` has shape (S, n), the others (S,); NO_COLUMN where there is none.

    Energies in kWh: `short` of what is owed, `minimum_short` of what `minimumEnergy` guards, `extra` beyond owed, tied
    by `energy_row` (S,). `ratio` is the single column that bounds shortage / owed of every session. `owed_kwh` (S,)
    must be charged inside the horizon; `least_short_kwh`, `least_minimum_kwh` (S,) no plan can avoid: too little time.
    """

    level: IntArray
    short: IntArray
    minimum_short: IntArray
    extra: IntArray
    ratio: int
    energy_row: IntArray
    owed_kwh: FloatArray
    least_short_kwh: FloatArray
    least_minimum_kwh: FloatArray


def add_sessions(builder: ProgramBuilder, problem: Problem) -> SessionColumns:
    """Add every session's columns and energy rows."""
    level_max = problem.level_max
    active = level_max > 0.0
    level = np.full(level_max.shape, NO_COLUMN, dtype=np.int64)
    level[active] = builder.add_columns(int(active.sum()), 0.0, level_max[active])
    owed_kwh = problem.owed_wh / 1000.0
    minimum_kwh = problem.minimum_wh / 1000.0
    extra_kwh = (problem.remaining_wh - problem.owed_wh) / 1000.0
    most_kwh = (problem.kwh_per_level * level_max).sum(axis=1)
    least_short_kwh = np.maximum(0.0, owed_kwh - most_kwh)
    least_minimum_kwh = np.maximum(0.0, minimum_kwh - most_kwh)
    short = builder.add_columns(len(owed_kwh), least_short_kwh, least_short_kwh)
    extra = builder.add_columns(len(owed_kwh), 0.0, np.minimum(extra_kwh, most_kwh))
    energy_row = _add_energy_rows(builder, problem, level, short, extra, owed_kwh)
    minimum_short = _add_minimum_rows(builder, problem, level, minimum_kwh, least_minimum_kwh)
    ratio = _add_ratio_rows(builder, short, owed_kwh)
    return SessionColumns(
        level, short, minimum_short, extra, ratio, energy_row, owed_kwh, least_short_kwh, least_minimum_kwh
    )


def _level_entries(
    problem: Problem, level: IntArray, sessions: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """For some sessions: position in `sessions`, column and kWh per level of each of their steps."""
    position, step = np.nonzero(level[sessions] != NO_COLUMN)
    return position, level[sessions][position, step], problem.kwh_per_level[sessions][position, step]


def _add_energy_rows(
    builder: ProgramBuilder,
    problem: Problem,
    level: IntArray,
    short: IntArray,
    extra: IntArray,
    owed_kwh: FloatArray,
) -> IntArray:
    """Charged + short - extra = owed; what is beyond owed has nowhere else to go, so nothing exceeds the need."""
    rows = builder.add_rows(len(owed_kwh), owed_kwh, owed_kwh)
    position, columns, kwh = _level_entries(problem, level, np.arange(len(owed_kwh)))
    builder.add_entries(rows[position], columns, kwh)
    builder.add_entries(rows, short, 1.0)
    builder.add_entries(rows, extra, -1.0)
    return rows


def _add_minimum_rows(
    builder: ProgramBuilder,
    problem: Problem,
    level: IntArray,
    minimum_kwh: FloatArray,
    least_minimum_kwh: FloatArray,
) -> IntArray:
    """Charged + minimum_short >= minimum, for the sessions that have one."""
    columns = np.full(len(minimum_kwh), NO_COLUMN, dtype=np.int64)
    guarded = np.flatnonzero(minimum_kwh > 0.0)
    if not len(guarded):
        return columns
    least = least_minimum_kwh[guarded]
    columns[guarded] = builder.add_columns(len(guarded), least, least)
    rows = builder.add_rows(len(guarded), minimum_kwh[guarded], np.inf)
    position, level_columns, kwh = _level_entries(problem, level, guarded)
    builder.add_entries(rows[position], level_columns, kwh)
    builder.add_entries(rows, columns[guarded], 1.0)
    return columns


def _add_ratio_rows(builder: ProgramBuilder, short: IntArray, owed_kwh: FloatArray) -> int:
    """short <= owed x ratio for every session that is owed energy."""
    ratio = builder.add_columns(1, 0.0, 1.0)
    owed = np.flatnonzero(owed_kwh > 0.0)
    rows = builder.add_rows(len(owed), -np.inf, 0.0)
    builder.add_entries(rows, short[owed], 1.0)
    builder.add_entries(rows, np.repeat(ratio, len(owed)), -owed_kwh[owed])
    return int(ratio[0])
