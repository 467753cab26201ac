"""Level after level: solve the programme so that no lower level costs a higher one anything."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation, Level
from kwartier.planning.solve import Basis, Solution, Solver, SolveStatus

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# A level may give back this much (its unit, and relative) to the levels below it: ten times the solver's feasibility
# tolerance, a hundredth of what planner.md allows.
KEPT_ABSOLUTE = 1e-6
KEPT_RELATIVE = 1e-9
# Where rounding in many columns of a level adds up to more, ten times and a hundred times as much: planner.md's bound.
WIDER_FACTORS = (10.0, 100.0)
# The objective is scaled so that preferences stand above the solver's dual tolerance, unless that makes costs huge.
OBJECTIVE_SCALE = 1e4
LARGEST_SCALED_COST = 1e7
# What the worst ratio weighs against the shortages of all cars in the answer that the search for both starts from.
RATIO_HINT = 1e-2
# In a search for choices only: how much more a level's unit weighs than one of the level below.
LEVEL_WEIGHT = 20.0


@dataclass(frozen=True)
class LevelResult:
    """What a solve of all levels reached: values per column, the levels' totals by name, and the money (EUR).

    `row_duals_eur`: what one more unit of a row's bound would add to the money, EUR.
    """

    status: SolveStatus
    values: FloatArray
    row_duals_eur: FloatArray
    totals: dict[str, float]
    money_eur: float

    def worse_than(self, other: "LevelResult") -> bool:
        """Whether a level is worse here than there, the first differing level decides; money last."""
        for name, total in self.totals.items():
            slack = 1e-4 + 1e-6 * abs(other.totals[name])
            if abs(total - other.totals[name]) > slack:
                return total > other.totals[name]
        return self.money_eur > other.money_eur


@dataclass
class LexicographicSolver:
    """Solves a formulation's levels in order, again and again with other bounds on the discrete choices.

    While `all_levels_may_hold`, the money is solved first as if nothing would be short: one solve where that is so, a
    lost one where not. `all_levels_held`: whether it was so without choices.
    """

    formulation: Formulation
    solver: Solver = field(init=False)
    start: Basis | None = None
    choices_made: bool = False
    all_levels_may_hold: bool = True
    all_levels_held: bool = True
    _last_was_money: bool = False
    _kept_factor: float = 1.0

    def __post_init__(self) -> None:
        self._scale_costs()
        if self.start is None:
            self.solver = Solver(self.formulation.program, self._money_costs)
        else:
            # A programme is scaled when it gets a basis, by its costs too: with costs, equal plans would change places.
            self.solver = Solver(self.formulation.program)
            self.solver.start_from(self.start)

    def change_to(self, formulation: Formulation, basis: Basis) -> None:
        """Become the solver of another formulation whose programme has its entries in the same places.

        Whether every level can be met is expected to be as it was. `basis`: that of the last answer without choices.
        """
        self.solver.change_to(formulation.program, basis)
        self.formulation, self.choices_made = formulation, False
        self.all_levels_may_hold = self.all_levels_held
        self._scale_costs()

    def _scale_costs(self) -> None:
        costs = self.formulation.money_eur + self.formulation.preference_eur
        largest = float(np.abs(costs).max(initial=0.0))
        self.scale = min(OBJECTIVE_SCALE, LARGEST_SCALED_COST / largest) if largest > 0 else OBJECTIVE_SCALE
        self._money_costs = costs * self.scale

    def solve(self) -> LevelResult:
        """The best plan under the present bounds: first as if every level could be met, else level by level."""
        if self.all_levels_may_hold:
            self._uncap()
            for level in self.formulation.levels:
                self.solver.set_bounds(level.columns, level.least, level.least)
            solution = self._below_energy()
            if solution.status is not SolveStatus.INFEASIBLE:
                self.all_levels_held = self.all_levels_held or not self.choices_made
                return self._result(solution)
        # Choices only take room away: what cannot hold without them cannot hold with them.
        self.all_levels_may_hold = self.all_levels_may_hold and self.choices_made
        solution = self._level_by_level()
        if not self.choices_made and solution.status is SolveStatus.OPTIMAL:
            self.all_levels_held = all(_at_least(level, solution) for level in self.formulation.levels)
        return self._result(solution)

    def _uncap(self) -> None:
        """Nothing of the last solve's levels is kept."""
        self.solver.remove_caps()
        self.solver.set_bounds(np.array([self.formulation.sessions.ratio]), np.zeros(1), np.ones(1))

    def solve_money_again(self, give_up_after: int | None = None) -> LevelResult:
        """Money under new bounds with every level kept as the last solve left it; infeasible where that is too much.

        FAILED where it takes more than `give_up_after` iterations.
        """
        return self._result(self._run(self._money_costs, give_up_after))

    def _below_energy(self) -> Solution:
        """Unpriced peaks, then money and preferences, with the levels above as they are bounded."""
        if len(self.formulation.unpriced_peaks):
            peaks = self.formulation.unpriced_peaks
            solution = self._minimise(peaks, np.ones(len(peaks)))
            if solution.status is not SolveStatus.OPTIMAL:
                return solution
            self._cap(peaks, np.ones(len(peaks)), solution)
        return self._run(self._money_costs)

    def _level_by_level(self) -> Solution:
        """Each level in order, kept while the next is solved. What the first one allows, the others must too."""
        first, last = self._descend()
        for self._kept_factor in WIDER_FACTORS:
            if last.status is SolveStatus.OPTIMAL or first.status is not SolveStatus.OPTIMAL:
                break
            first, last = self._descend()
        self._kept_factor = 1.0
        return last

    def _descend(self) -> tuple[Solution, Solution]:
        """The first and the last solution of the levels in order; the last is the first that failed, if one did."""
        levels = self.formulation.levels
        self._uncap()
        for level in levels:
            self.solver.set_bounds(level.columns, level.least, level.most)
        if not self.solver.is_warm:
            self.solver.forget_basis()
        first: Solution | None = None
        solution: Solution | None = None
        for level in levels:
            if len(level.columns) == 0:
                continue
            if solution is None or not _at_least(level, solution):
                solution = self._least(level, is_first=first is None)
                first = first or solution
                if solution.status is not SolveStatus.OPTIMAL:
                    return first, solution
            self._keep(level, solution)
            if level.name == "requested" and not _at_least(level, solution):
                solution = self._smallest_worst_ratio()
                if solution.status is not SolveStatus.OPTIMAL:
                    return first or solution, solution
        if solution is None or all(_at_least(level, solution) for level in levels):
            # Far from the cheapest plan: from nothing it is sooner found (measured: 2 300 iterations, 4 600 from here).
            self.solver.forget_basis()
        solution = self._below_energy()
        return first or solution, solution

    def _least(self, level: Level, *, is_first: bool) -> Solution:
        """The least total of a level; the first one from its last basis, since when only bounds have changed.

        For requested energy from an answer in which the shortage is shared already: five hundred like cars need twice
        as long when one after the other gets all it can first (measured).
        """
        costs = np.zeros(self.formulation.program.columns)
        costs[level.columns] = level.weights
        shares = level.name == "requested"
        if shares:
            costs[self.formulation.sessions.ratio] = RATIO_HINT * level.weights.sum()
        if is_first and not self.solver.is_warm:
            self.solver.go_back()
        solution = self._run(costs)
        if solution.status is not SolveStatus.OPTIMAL:
            return solution
        if is_first:
            self.solver.remember_basis()
        if shares and not _at_least(level, solution):
            return self._minimise(level.columns, level.weights)
        return solution

    def _smallest_worst_ratio(self) -> Solution:
        ratio = np.array([self.formulation.sessions.ratio])
        solution = self._minimise(ratio, np.ones(1))
        if solution.status is SolveStatus.OPTIMAL:
            most = np.array([min(1.0, solution.values[ratio[0]] + self._kept_absolute)])
            self.solver.set_bounds(ratio, np.zeros(1), most)
        return solution

    def _keep(self, level: Level, solution: Solution) -> None:
        if _at_least(level, solution):
            self.solver.set_bounds(
                level.columns, level.least, level.least + self._kept_absolute / max(1, len(level.columns))
            )
        else:
            self._cap(level.columns, level.weights, solution)

    def _cap(self, columns: IntArray, weights: FloatArray, solution: Solution) -> None:
        total = float(weights @ solution.values[columns])
        most = total * (1.0 + KEPT_RELATIVE * self._kept_factor) + self._kept_absolute
        self.solver.add_cap(columns, weights, most)

    @property
    def _kept_absolute(self) -> float:
        return KEPT_ABSOLUTE * self._kept_factor

    def _minimise(self, columns: IntArray, weights: FloatArray) -> Solution:
        costs = np.zeros(self.formulation.program.columns)
        costs[columns] = weights
        return self._run(costs)

    def _run(self, costs: FloatArray, give_up_after: int | None = None) -> Solution:
        is_money = costs is self._money_costs
        self.solver.set_costs(costs, same_objective=is_money and self._last_was_money)
        self._last_was_money = is_money
        return self.solver.solve(give_up_after)

    def _result(self, solution: Solution) -> LevelResult:
        if solution.status in (SolveStatus.INFEASIBLE, SolveStatus.FAILED):
            return LevelResult(solution.status, solution.values, solution.row_duals, {}, np.inf)
        return LevelResult(
            status=solution.status,
            values=solution.values,
            row_duals_eur=solution.row_duals / self.scale,
            totals=self.totals(solution.values),
            money_eur=self.money_eur(solution.values),
        )

    def search(
        self,
        *,
        currents: IntArray,
        least_a: FloatArray,
        most_a: FloatArray,
        nodes: int,
        seconds: float,
        levels_kept: bool,
    ) -> FloatArray | None:
        """Values of a bounded search after a solve of the levels; None where it found nothing.

        `currents` are 0 or within [least_a, most_a]. With `levels_kept` the money is searched under the levels that
        were reached, else the levels' weighted sum.
        """
        self.solver.set_bounds(currents, least_a, most_a)
        if not levels_kept:
            self._open_levels()
        solution = self.solver.search(currents, nodes, seconds)
        return solution.values if len(solution.values) else None

    def _open_levels(self) -> None:
        """No caps, every level elastic, and an objective in which a level outweighs those below it.

        The worst ratio has no part in it: it would take ten times as long (measured).
        """
        self._uncap()
        costs = self._money_costs / self.scale
        weight = 1.0
        for level in reversed(self.formulation.levels):
            weight *= LEVEL_WEIGHT
            self.solver.set_bounds(level.columns, level.least, level.most)
            costs[level.columns] += weight * level.weights
        self.solver.set_costs(costs, same_objective=False)
        self._last_was_money = False

    def money_eur(self, values: FloatArray) -> float:
        """The money of a solution, EUR."""
        return float(self.formulation.money_eur @ values) + self.formulation.fixed_money_eur

    def totals(self, values: FloatArray) -> dict[str, float]:
        """The total of every level above money, in order."""
        totals: dict[str, float] = {}
        for level in self.formulation.levels:
            totals[level.name] = float(level.weights @ values[level.columns]) if len(level.columns) else 0.0
            if level.name == "requested":
                totals["ratio"] = self._worst_ratio(values)
        totals["unpriced_peaks"] = float(values[self.formulation.unpriced_peaks].sum())
        return totals

    def _worst_ratio(self, values: FloatArray) -> float:
        sessions = self.formulation.sessions
        owed = sessions.owed_kwh > 0.0
        return float((values[sessions.short[owed]] / sessions.owed_kwh[owed]).max(initial=0.0))


def _at_least(level: Level, solution: Solution) -> bool:
    """Whether every column of the level is as low as it can be."""
    if len(level.columns) == 0:
        return True
    return bool(level.weights @ (solution.values[level.columns] - level.least) <= KEPT_ABSOLUTE)
