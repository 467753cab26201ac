"""Peaks in the programme: one column per term, at or above every quarter-hour average minus the floor."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.board_limits import add_unit_entries, reach
from kwartier.planning.blocks.charging_session import SessionColumns
from kwartier.planning.blocks.storage import StorageColumns
from kwartier.planning.peaks import PeakTerm
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN, ProgramBuilder
from kwartier.units.quarter_hour import QUARTER_H

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PeakColumns:
    """One column (kW above the floor) per peak term, and the row of each (term, step), NO_COLUMN where none is."""

    peak: IntArray
    row_number: IntArray


def quarter_factor(term: PeakTerm, problem: Problem) -> FloatArray:
    """How much a kW in each step adds to its quarter-hour's average, shape (n,).

    0 where none of its quarter-hours counts; else 1 but for the first step, in which the quarter-hour also holds what
    was used before `at`.
    """
    factor = problem.grid.largest_of_cells(term.counted.astype(np.float64)).copy()
    factor[0] *= min(1.0, problem.grid.hours_h[0] / QUARTER_H)
    return factor


def fixed_in_direction_w(term: PeakTerm, problem: Problem) -> FloatArray:
    """The largest fixed power in the term's direction among each step's quarter-hours that count, W, shape (n,)."""
    if len(term.points) == 1 and problem.grid.step_count == len(term.counted):
        watts = problem.fixed.point_high_w if term.sign > 0 else problem.fixed.point_low_w
        return np.asarray(term.sign * watts[term.points[0]])
    cells_w = term.sign * problem.fixed.point_cells_w[list(term.points)].sum(axis=0)
    largest_w = problem.grid.largest_of_cells(np.where(term.counted, cells_w, -np.inf))
    return np.where(np.isfinite(largest_w), largest_w, 0.0)


def fixed_average_kw(term: PeakTerm, problem: Problem) -> FloatArray:
    """The part of each step's quarter-hour average that is fixed, in the term's direction, kW, shape (n,)."""
    average = quarter_factor(term, problem) * fixed_in_direction_w(term, problem) / 1000.0
    average[0] += term.so_far_wh / QUARTER_H / 1000.0
    return np.asarray(average)


def add_peaks(
    builder: ProgramBuilder,
    problem: Problem,
    sessions: SessionColumns,
    storage: StorageColumns,
    kept: PeakColumns | None = None,
) -> PeakColumns:
    """Add every term's column and the rows that can raise it, and those that `kept` had."""
    least_kw = np.array(
        [max(0.0, term.so_far_wh / QUARTER_H / 1000.0 - term.floor_w / 1000.0) for term in problem.peaks]
    )
    columns = builder.add_columns(len(problem.peaks), least_kw, np.inf)
    numbers = np.full((len(problem.peaks), problem.grid.step_count), NO_COLUMN, dtype=np.int64)
    kw_per_level = problem.point_w_per_level / 1000.0
    on_term = np.zeros((len(problem.peaks), len(kw_per_level)))
    for index, term in enumerate(problem.peaks):
        on_term[index, list(term.points)] = 1.0
    kw_by_term = on_term @ kw_per_level
    highest_kw, lowest_kw = reach(problem, kw_by_term, problem.level_max * problem.share)
    for index, term in enumerate(problem.peaks):
        factor = quarter_factor(term, problem)
        fixed_kw = fixed_average_kw(term, problem) - term.floor_w / 1000.0
        controlled_kw = highest_kw[index] if term.sign > 0 else -lowest_kw[index]
        can_raise = (factor > 0.0) & (controlled_kw * factor + fixed_kw > least_kw[index])
        if kept is not None:
            can_raise |= kept.row_number[index] != NO_COLUMN
        steps = np.flatnonzero(can_raise)
        rows = builder.add_rows(len(steps), -np.inf, -fixed_kw[steps])
        numbers[index, steps] = rows
        builder.add_entries(rows, np.repeat(columns[index], len(steps)), -1.0)
        per_level = term.sign * kw_by_term[index : index + 1]
        share = problem.unit_share * factor
        add_unit_entries(builder, sessions, storage, per_level, numbers[index : index + 1], share)
    return PeakColumns(columns, numbers)
