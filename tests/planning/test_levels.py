"""No lower level costs a higher one anything: every level against a plain solve that stops at it.

The planner takes shortcuts: it first tries whether every level can be met at once, bounds columns instead of adding
rows, goes on from the last basis, and adds preferences to the money. Here the same programme, with the same discrete
choices, is solved without any of them: minimise a level, keep its optimum with one more row, take the next level, each
solve from nothing. What the planner reached must be as good at every level, within planner.md's tolerance (the larger
of 1e-4 kWh or EUR and 1e-6 relative).
"""

from dataclasses import dataclass
from random import Random

import highspy
import numpy as np
import numpy.typing as npt
import pytest

from kwartier import PlanRequest
from kwartier.planning.choices import Choices
from kwartier.planning.costing import money, objective
from kwartier.planning.discrete import DiscreteResult, DiscreteSolver
from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.plan import Objective
from kwartier.planning.planner import schedule_of
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.rounding import executed_steps
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.testing.random_requests import random_request
from tests.planning.conftest import part_of_sites, seed_blocks

FloatArray = npt.NDArray[np.float64]

# A kept level's row leaves this much room: ten times the solver's tolerance of 1e-7, a hundredth of ours.
KEPT = 1e-6
TOLERANCE, RELATIVE = 1e-4, 1e-6
# A peak's column may lie this far (kW) below its rows, ten times the solver's tolerance, which a price turns into EUR.
PEAK_TOLERANCE_KW = 1e-6

BLOCKS = seed_blocks(part_of_sites(0.06), 200_000, 10)


@dataclass(frozen=True)
class Solved:
    """A request, its programme, and what the planner found."""

    problem: Problem
    formulation: Formulation
    found: DiscreteResult


def solved(seed: int) -> Solved:
    request = PlanRequest.model_validate(random_request(Random(seed), largest_pole_count=8))
    problem = build_problem(request)
    formulation = formulate(problem)
    # The answer must not depend on whether a shortage was expected: half of the sites expect one.
    solver = DiscreteSolver(
        problem, formulation, request.options.search_nodes, expects_shortage=seed % 2 == 1
    )
    found = solver.solve()
    assert found is not None
    return Solved(problem, formulation, found)


class PlainProgramme:
    """The programme with its choices made and every level open, solved cold each time."""

    def __init__(self, problem: Problem, formulation: Formulation, choices: Choices) -> None:
        program = formulation.program
        lower, upper = program.column_lower.copy(), program.column_upper.copy()
        for level in formulation.levels:
            lower[level.columns], upper[level.columns] = level.least, level.most
        row_upper = program.row_upper.copy()
        _make_choices(problem, formulation, choices, lower, upper, row_upper)
        self._model = highspy.HighsLp()
        self._model.num_col_, self._model.num_row_ = program.columns, program.rows
        self._model.col_lower_, self._model.col_upper_ = lower, upper
        self._model.row_lower_, self._model.row_upper_ = program.row_lower, row_upper
        self._model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        self._model.a_matrix_.start_ = program.row_start
        self._model.a_matrix_.index_ = program.column_index
        self._model.a_matrix_.value_ = program.value
        self._caps: list[tuple[FloatArray, float]] = []

    def least(self, costs: FloatArray) -> float:
        """The smallest value of a linear cost under the caps so far; shape (columns,)."""
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        self._model.col_cost_ = costs
        highs.passModel(self._model)
        for weights, most in self._caps:
            columns = np.flatnonzero(weights).astype(np.int32)
            highs.addRow(-highspy.kHighsInf, most, len(columns), columns, weights[columns])
        highs.run()
        assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(highs.getInfo().objective_function_value)

    def keep(self, weights: FloatArray, total: float) -> None:
        """From now on this weighted sum stays where it is."""
        self._caps.append((weights, total * (1.0 + 1e-12) + KEPT))


def _make_choices(
    problem: Problem,
    formulation: Formulation,
    choices: Choices,
    lower: FloatArray,
    upper: FloatArray,
    row_upper: FloatArray,
) -> None:
    """Write on/off, directions, and the room of cars that stop within a step into the bounds."""
    storage, exchange = formulation.storage, formulation.exchange
    upper[storage.charge[choices.charging < 0]] = 0.0
    upper[storage.discharge[choices.charging > 0]] = 0.0
    switch = exchange.concave_is_offtake
    lower[switch[(switch != NO_COLUMN) & (choices.offtake > 0)]] = 1.0
    upper[switch[(switch != NO_COLUMN) & (choices.offtake < 0)]] = 0.0
    assert choices.on is not None
    executed = executed_steps(problem)
    for session, step in np.argwhere(executed.present):
        column = formulation.sessions.level[session, step]
        if choices.fixed_a is not None and not np.isnan(choices.fixed_a[session, step]):
            lower[column] = upper[column] = choices.fixed_a[session, step]
        elif not choices.on[session, step]:
            upper[column] = 0.0
        elif not executed.stops[session, step]:
            lower[column] = LEAST_AC_CURRENT_A
        else:
            average_a = executed.remaining_kwh[session] / executed.kwh[session, step]
            lower[column] = upper[column] = average_a
            for side, sign in ((0, 1.0), (1, -1.0)):
                numbers = formulation.limits.row_number[side, :, step]
                weight = sign * problem.row_per_level[:, session]
                here = (numbers != NO_COLUMN) & (weight > 0.0)
                row_upper[numbers[here]] -= weight[here] * (LEAST_AC_CURRENT_A - average_a)


def weights_of_levels(formulation: Formulation) -> dict[str, FloatArray]:
    """Weight per column of every level above money, in order, by the planner's names."""
    weights: dict[str, FloatArray] = {}
    for level in formulation.levels:
        weights[level.name] = _at(formulation, level.columns, level.weights)
        if level.name == "requested":
            weights["ratio"] = _at(formulation, np.array([formulation.sessions.ratio]), np.ones(1))
    peaks = formulation.unpriced_peaks
    weights["unpriced_peaks"] = _at(formulation, peaks, np.ones(len(peaks)))
    return weights


def _at(formulation: Formulation, columns: npt.NDArray[np.int64], weights: FloatArray) -> FloatArray:
    costs = np.zeros(formulation.program.columns)
    costs[columns] = weights
    return costs


def optimum_of_levels(one: Solved) -> dict[str, float]:
    """The optimum of each level with those above it kept and those below it left out; money last."""
    programme = PlainProgramme(one.problem, one.formulation, one.found.choices)
    optimum: dict[str, float] = {}
    for name, weights in weights_of_levels(one.formulation).items():
        optimum[name] = programme.least(weights) if weights.any() else 0.0
        programme.keep(weights, optimum[name])
    optimum["money"] = programme.least(one.formulation.money_eur) + one.formulation.fixed_money_eur
    return optimum


def money_slack_eur(one: Solved) -> float:
    """What the solver's tolerance of a peak's rows may be worth."""
    return PEAK_TOLERANCE_KW * sum(term.price_eur_per_kw or 0.0 for term in one.problem.peaks)


def worse_levels(reached: dict[str, float], optimum: dict[str, float], slack_eur: float) -> dict[str, object]:
    """The levels that lie further above their optimum than the tolerance, with both numbers."""
    return {
        name: (reached[name], best)
        for name, best in optimum.items()
        if reached[name] - best
        > max(TOLERANCE, RELATIVE * abs(best)) + (slack_eur if name == "money" else 0.0)
    }


def written(one: Solved) -> dict[str, float]:
    """What the plan document says of each level, in the programme's units (kWh, kW, Ah, EUR).

    Without the excess: the document also counts limits that no car or battery can reach; the programme has no such row.
    """
    schedule = schedule_of(one.problem, one.formulation, one.found)
    said: Objective = objective(one.problem, schedule, money(one.problem, schedule).total, 0.0)
    return {
        "minimum": said.minimum_energy_wh / 1000.0,
        "requested": said.requested_energy_wh / 1000.0,
        "ratio": said.worst_shortage_ratio,
        "expected": said.expected_energy_wh / 1000.0,
        "policies": said.policies_wh / 1000.0,
        "unpriced_peaks": said.unpriced_peak_kw,
        "money": said.money_eur,
    }


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_no_level_lies_above_its_own_optimum(seeds: range) -> None:
    wrong = {}
    for seed in seeds:
        one = solved(seed)
        optimum = optimum_of_levels(one)
        reached = one.found.result.totals | {"money": one.found.result.money_eur}
        assert set(reached) == set(optimum)
        document = written(one)
        slack_eur = money_slack_eur(one)
        if worse := worse_levels(reached, optimum, slack_eur):
            wrong[seed] = worse
        if worse := worse_levels(document, {name: optimum[name] for name in document}, slack_eur):
            wrong[seed] = {"document": worse}
    assert wrong == {}
