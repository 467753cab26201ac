"""The peaks that a plan counts on: what the guard holds each quarter-hour of the plan under.

A quarter-hour may be as high as the highest that is planned, or billed already, in the same term of the tariff: below
that it costs nothing more.
"""

from dataclasses import dataclass

import numpy as np

from kwartier.planning.peaks import PeakTerm
from kwartier.planning.plan import Plan
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.request import PlanRequest
from kwartier.units.phase import PHASES, PhaseName
from kwartier.units.quarter_hour import QUARTER_H


@dataclass(frozen=True)
class PlannedPeak:
    """The highest quarter-hour average that a plan counts on at a root, W; phase None: of all phases netted."""

    root: str
    phase: PhaseName | None
    highest_w: float


def planned_peaks(request: PlanRequest, plan: Plan) -> tuple[PlannedPeak, ...]:
    """The peaks of offtake that count at the request's moment, for each root and, where billed so, each phase.

    None where no tariff counts peaks now. Raises InvalidRequest like `plan`. Where several terms count the same
    power, the lowest is held.
    """
    problem = build_problem(request)
    lowest: dict[tuple[str, PhaseName | None], float] = {}
    for term in problem.peaks:
        if term.sign < 0 or not term.counted[0]:
            continue
        key = (term.root, _phase_of(term))
        highest_w = max(term.floor_w, _planned_w(problem, plan, term))
        lowest[key] = min(highest_w, lowest.get(key, np.inf))
    return tuple(PlannedPeak(root, phase, highest_w) for (root, phase), highest_w in lowest.items())


def _phase_of(term: PeakTerm) -> PhaseName | None:
    return next((phase for phase in PHASES if term.name == phase), None)


def _planned_w(problem: Problem, plan: Plan, term: PeakTerm) -> float:
    """The highest average of the steps that count, the open quarter-hour with what it has used."""
    planned, phase = plan.collectors[term.root], _phase_of(term)
    if phase is None:
        power_w = np.array(planned.power_w)
    else:
        # While all planned charging runs: at least the average over the step.
        power_w = np.array(planned.current_a[phase]) * problem.tree.boards[term.root].voltage_v
    power_w[0] = (term.so_far_wh + power_w[0] * problem.grid.hours_h[0]) / QUARTER_H
    counts = np.maximum.reduceat(term.counted, problem.grid.first_cell_index)
    return float(np.where(counts, power_w, 0.0).max())
