"""The choices no linear programme can make: 0 or at least 6 A, one direction at a time.

The linear programme is solved first, its answer rounded to allowed choices and solved again; the better of the rounded
answers is kept, and only where it lies too far above the linear programme's bound does a search look further, bounded
in nodes, never in time, so that the same request has the same answer.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from kwartier.planning.choices import ChoiceBounds, Choices, undecided
from kwartier.planning.directions import SMALL, DirectionRule, Directions, by_balance, in_turns
from kwartier.planning.formulation import Formulation
from kwartier.planning.lexicographic import LevelResult, LexicographicSolver
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.rounding import (
    Executed,
    broken_amperes,
    executed_steps,
    few_enough,
    patterns,
    small_currents,
    whole_amperes,
)
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.planning.solve import Basis, SolveStatus

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# A rounded answer this close to the bound (relative, or EUR) is not worth a search (planner benchmark: <= 0.02 %).
GOOD_GAP = 1e-4
GOOD_GAP_EUR = 1e-4
# After so many rounds of choosing directions where both were used, every step is told its direction.
DIRECTION_ROUNDS = 6
# Finding out that levels no longer hold may take longer than solving them anew (seen: 5,145 iterations for a "no").
MOST_ITERATIONS_AGAIN = 1000


@dataclass(frozen=True)
class DiscreteResult:
    """The best allowed answer, its choices, and how far above the proven bound it lies (relative).

    `rounded` is False where the linear programme's own answer needed no choice. `kept` (U, 2): the near levels that are
    another than the best ones, since the plan in force has them; None where there are none. What they cost is
    `kept_gap`, relative too, and no part of `gap`: it is wanted, whatever has been proven.
    """

    result: LevelResult
    choices: Choices
    gap: float
    rounded: bool = True
    kept: BoolArray | None = None
    kept_gap: float = 0.0


@dataclass
class DiscreteSolver:
    """Finds allowed choices for one formulation and solves all levels with them.

    `warm` is a solver of the formulation that has something to start from; `relaxed_basis` is kept for such a one only.
    `expects_shortage` saves a solve where a level cannot be met in full, and costs one where all can.
    """

    problem: Problem
    formulation: Formulation
    search_nodes: int
    search_s: float = np.inf
    warm: LexicographicSolver | None = None
    expects_shortage: bool = False
    relaxed_basis: Basis | None = None
    levels: LexicographicSolver = field(init=False)
    executed: Executed = field(init=False)
    directions: Directions = field(init=False)
    _bounds: ChoiceBounds = field(init=False)
    _kept_for: Choices | None = None
    _ways: tuple[DirectionRule, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.levels = self.warm or LexicographicSolver(
            self.formulation, all_levels_may_hold=not self.expects_shortage
        )
        self.executed = executed_steps(self.problem)
        self.directions = Directions(self.formulation)
        self._bounds = ChoiceBounds(self.problem, self.formulation, self.executed)
        self._ways = (in_turns, by_balance)

    def solve(self) -> DiscreteResult | None:
        """The best allowed plan; None where not even the linear programme could be solved."""
        found = self._solve_amperes()
        if found is None:
            return None
        best: DiscreteResult | None = None
        for fixed_a in whole_amperes(self.executed, self.current_a(found.result.values)):
            best = _better(best, self._in_whole_amperes(found.choices, fixed_a, found.result))
        return found if best is None else replace(best, gap=found.gap + best.gap)

    def _in_whole_amperes(
        self, choices: Choices, fixed_a: FloatArray, relaxed: LevelResult
    ) -> DiscreteResult | None:
        """As `_evaluate`; where rounding one current breaks the ampere of another, that one is rounded down too."""
        found = self._evaluate(replace(choices, fixed_a=fixed_a), relaxed)
        while found is not None:
            current_a = self.current_a(found.result.values)
            broken = broken_amperes(self.executed, current_a)
            if not broken.any():
                break
            fixed_a = np.where(broken, np.floor(current_a), fixed_a)
            found = self._evaluate(replace(found.choices, fixed_a=fixed_a), relaxed)
        return found

    def _solve_amperes(self) -> DiscreteResult | None:
        """The best plan with currents of 0 or at least 6 A, any fraction of an ampere allowed."""
        relaxed = self.levels.solve()
        if relaxed.status is not SolveStatus.OPTIMAL:
            return None
        if self.warm is not None:
            self.relaxed_basis = self.levels.solver.basis(relaxed.values)
        still_open = undecided(self.problem)
        self._kept_for = still_open
        if not self._forbidden(relaxed.values):
            on = self.current_a(relaxed.values) > SMALL
            return DiscreteResult(relaxed, replace(still_open, on=on), 0.0, rounded=False)
        best = self._best_rounding(relaxed, still_open)
        small = small_currents(self.executed, self.current_a(relaxed.values))
        worth_searching = not few_enough(small) and self.search_nodes > 0
        if best is not None and worth_searching and not self._good(best.result, relaxed):
            best = _better(best, self._search(relaxed, best))
        return best

    def solve_choices(self, choices: Choices) -> LevelResult:
        """All levels with given choices, level by level anew; leaves the levels kept for more money solves."""
        self._kept_for = None
        return self._solve_with(choices)

    def allow(self, choices: Choices) -> None:
        """Bounds as the choices have them, whatever has been set since."""
        self._bounds.apply(choices, self.levels.solver)

    def leaves_choices(self, values: FloatArray) -> bool:
        """Whether an answer with its cars switched on or off still has what no device can follow.

        Both directions at once, or a broken ampere at a pole that takes whole ones only.
        """
        broken = broken_amperes(self.executed, self.current_a(values))
        return self.directions.any_both(values) or bool(broken.any())

    def settled(self, found: DiscreteResult) -> Choices:
        """The choices of an answer with every direction and whole ampere that they leave open as the answer has it."""
        values = found.result.values
        fixed_a = np.where(self.executed.whole, self.current_a(values), np.nan)
        choices = replace(found.choices, fixed_a=fixed_a)
        choices = self.directions.decide_batteries(choices, values, by_balance)
        return self.directions.decide_roots(choices, values, by_balance)

    def current_a(self, values: FloatArray) -> FloatArray:
        """Level of every session in the executed steps, shape (S, 2)."""
        columns = self.formulation.sessions.level[:, : self.executed.present.shape[1]]
        return np.where(columns == NO_COLUMN, 0.0, values[columns])

    def _battery_kw(self, values: FloatArray) -> FloatArray:
        storage = self.formulation.storage
        return values[storage.charge] - values[storage.discharge]

    def _forbidden(self, values: FloatArray) -> bool:
        """Whether the answer needs choices: small currents, cars that stop within a step, both directions at once."""
        current_a = self.current_a(values)
        stopping = self.executed.stops & (current_a > SMALL)
        small = small_currents(self.executed, current_a).any()
        return bool(small or stopping.any()) or self.directions.any_both(values)

    def _best_rounding(self, relaxed: LevelResult, still_open: Choices) -> DiscreteResult | None:
        best: DiscreteResult | None = None
        for on in patterns(
            self.problem, self.executed, self.current_a(relaxed.values), self._battery_kw(relaxed.values)
        ):
            best = _better(best, self._evaluate(replace(still_open, on=on), relaxed))
            if best is not None and self._good(best.result, relaxed):
                break
        return best

    def _evaluate(self, choices: Choices, relaxed: LevelResult) -> DiscreteResult | None:
        """All levels with these choices; where both directions are used, the better of two ways to decide them.

        Both ways are tried once; later patterns of the same site follow the better one.
        """
        result = self._solve_with(choices)
        if result.status is not SolveStatus.OPTIMAL:
            return None
        if not self.directions.any_both(result.values):
            return DiscreteResult(result, choices, self._gap(result, relaxed))
        best: DiscreteResult | None = None
        better_ways = self._ways
        for way in self._ways:
            found = self._with_directions(choices, result, way, relaxed)
            best = _better(best, found)
            if best is not None and best is found:
                better_ways = (way,)
            if best is not None and self._good(best.result, relaxed):
                break
        # Which way is better is a matter of the site and its prices, not of one car more or less at 6 A.
        self._ways = better_ways
        return best

    def _with_directions(
        self, choices: Choices, result: LevelResult, way: DirectionRule, relaxed: LevelResult
    ) -> DiscreteResult | None:
        """Directions decided round by round, only where both were used; then, if that never ends, everywhere."""
        for _ in range(DIRECTION_ROUNDS):
            if result.status is not SolveStatus.OPTIMAL:
                break
            battery, root = self.directions.both_at_once(result.values)
            if battery.any():
                choices = self.directions.decide_batteries(choices, result.values, way, battery)
                choices = replace(choices, offtake=np.zeros_like(choices.offtake))
            elif root.any():
                choices = self.directions.decide_roots(choices, result.values, way, root)
            else:
                return DiscreteResult(result, choices, self._gap(result, relaxed))
            result = self._solve_with(choices)
        return self._all_decided(choices, way, relaxed)

    def _all_decided(
        self, choices: Choices, way: DirectionRule, relaxed: LevelResult
    ) -> DiscreteResult | None:
        """Every battery told its direction in every step, then every root: each answer allows the next decision."""
        choices = replace(choices, offtake=np.zeros_like(choices.offtake))
        result = self._solve_with(choices)
        if result.status is not SolveStatus.OPTIMAL:
            return None
        choices = self.directions.decide_batteries(choices, result.values, way)
        result = self._solve_with(choices)
        if result.status is not SolveStatus.OPTIMAL:
            return None
        choices = self.directions.decide_roots(choices, result.values, by_balance)
        result = self._solve_with(choices)
        if result.status is not SolveStatus.OPTIMAL:
            return None
        return DiscreteResult(result, choices, self._gap(result, relaxed))

    def _solve_with(self, choices: Choices) -> LevelResult:
        """All levels with these choices: where the levels of wider ones still hold, only the money is new."""
        self.allow(choices)
        self.levels.choices_made = True
        if self._kept_for is not None and choices.narrows(self._kept_for):
            result = self.levels.solve_money_again(MOST_ITERATIONS_AGAIN)
            if result.status is SolveStatus.OPTIMAL:
                return result
        self._kept_for = choices
        return self.levels.solve()

    def _good(self, result: LevelResult, relaxed: LevelResult) -> bool:
        close = max(GOOD_GAP_EUR, GOOD_GAP * abs(relaxed.money_eur))
        return not replace(result, money_eur=0.0).worse_than(replace(relaxed, money_eur=0.0)) and (
            result.money_eur <= relaxed.money_eur + close
        )

    def _gap(self, result: LevelResult, relaxed: LevelResult) -> float:
        """Relative distance to the bound: of the first level that is worse, else of the money."""
        for name, total in result.totals.items():
            bound = relaxed.totals[name]
            if total > bound + 1e-4 + 1e-6 * abs(bound):
                return (total - bound) / max(abs(bound), total)
        above = max(0.0, result.money_eur - relaxed.money_eur)
        return above / max(abs(relaxed.money_eur), 1.0)

    def _search(self, relaxed: LevelResult, best: DiscreteResult) -> DiscreteResult | None:
        """Look for a better on/off pattern of the cars that the linear programme gave less than 6 A.

        A bounded branch and bound; all other choices stay as in the best answer so far.
        """
        executed = self.executed
        small = small_currents(executed, self.current_a(relaxed.values))
        levels_kept = not replace(best.result, money_eur=0.0).worse_than(replace(relaxed, money_eur=0.0))
        if levels_kept:
            self.solve_choices(best.choices)
        else:
            self.allow(best.choices)
        values = self.levels.search(
            currents=self.formulation.sessions.level[:, : small.shape[1]][small],
            least_a=np.where(executed.stops, executed.stop_a, LEAST_AC_CURRENT_A)[small],
            most_a=np.where(executed.stops, executed.stop_a, executed.most_a)[small],
            nodes=self.search_nodes,
            seconds=self.search_s,
            levels_kept=levels_kept,
        )
        if values is None:
            return None
        on = executed.present & (self.current_a(values) > SMALL)
        if best.choices.on is not None and np.array_equal(on, best.choices.on):
            return None
        return self._evaluate(replace(best.choices, on=on), relaxed)


def _better(first: DiscreteResult | None, second: DiscreteResult | None) -> DiscreteResult | None:
    if first is None or second is None:
        return first or second
    return second if first.result.worse_than(second.result) else first
