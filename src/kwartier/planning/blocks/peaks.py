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


def _fixed_average_kw(problem: Problem, factor: FloatArray) -> FloatArray:
    """The part of each quarter-hour average that is fixed, in each term's direction, kW, shape (terms, n)."""
    fixed_w = np.array([fixed_in_direction_w(term, problem) for term in problem.peaks])
    average: FloatArray = factor * fixed_w / 1000.0
    average[:, 0] += [term.so_far_wh / QUARTER_H / 1000.0 for term in problem.peaks]
    return average


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
    if not problem.peaks:
        return PeakColumns(columns, numbers)
    on_term = np.zeros((len(problem.peaks), len(problem.point_w_per_level)))
    for index, term in enumerate(problem.peaks):
        on_term[index, list(term.points)] = 1.0
    kw_by_term = on_term @ (problem.point_w_per_level / 1000.0)
    highest_kw, lowest_kw = reach(problem, kw_by_term, problem.level_max * problem.share)
    sign = np.array([term.sign for term in problem.peaks])[:, None]
    floor_w = np.array([term.floor_w for term in problem.peaks])[:, None]
    factor = np.array([quarter_factor(term, problem) for term in problem.peaks])
    fixed_kw = _fixed_average_kw(problem, factor) - floor_w / 1000.0
    controlled_kw = np.where(sign > 0, highest_kw, -lowest_kw)
    can_raise = (factor > 0.0) & (controlled_kw * factor + fixed_kw > least_kw[:, None])
    if kept is not None:
        can_raise |= kept.row_number != NO_COLUMN
    numbers[can_raise] = builder.add_rows(int(can_raise.sum()), -np.inf, -fixed_kw[can_raise])
    builder.add_entries(numbers[can_raise], columns[can_raise.nonzero()[0]], -1.0)
    add_unit_entries(builder, sessions, storage, sign * kw_by_term, numbers, problem.unit_share, factor)
    return PeakColumns(columns, numbers)
