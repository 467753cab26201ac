"""The choices no linear programme can make: 0 or at least 6 A, one direction at a time.

The linear programme is solved first, its answer rounded to allowed choices and solved again; the better of the rounded
answers is kept, and only where it lies too far above the linear programme's bound does a search look further, bounded
in nodes, never in time, so that the same request has the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

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
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
SignArray = npt.NDArray[np.int8]

DirectionRule = Callable[[FloatArray], SignArray]

SMALL = 1e-6
# A rounded answer this close to the bound (relative, or EUR) is not worth a search (planner benchmark: <= 0.02 %).
GOOD_GAP = 1e-4
GOOD_GAP_EUR = 1e-4
# After so many rounds of choosing directions where both were used, every step is told its direction.
DIRECTION_ROUNDS = 6
# Finding out that levels no longer hold may take longer than solving them anew (seen: 5,145 iterations for a "no").
MOST_ITERATIONS_AGAIN = 1000


@dataclass(frozen=True)
class Choices:
    """On/off of the cars in the executed steps (S, 2), and directions: 1, -1, or 0 where both are still open.

    `charging` (B, n): 1 the battery may only charge, -1 only discharge. `offtake` (R, n): 1 the root may only take, -1
    only give; it says something only where injection pays more than offtake costs. `fixed_a` (S, 2) fixes currents
    where it is not NaN.
    """

    on: BoolArray | None
    charging: SignArray
    offtake: SignArray
    fixed_a: FloatArray | None = None

    def narrows(self, other: "Choices") -> bool:
        """Whether everything that these choices allow is allowed by the other ones too."""
        return (
            (other.on is None or (self.on is not None and np.array_equal(self.on, other.on)))
            and bool(np.all((other.charging == 0) | (other.charging == self.charging)))
            and bool(np.all((other.offtake == 0) | (other.offtake == self.offtake)))
            and other.fixed_a is None
        )


@dataclass(frozen=True)
class DiscreteResult:
    """The best allowed answer, its choices, and how far above the proven bound it lies (relative).

    `rounded` is False where the linear programme's own answer needed no choice.
    """

    result: LevelResult
    choices: Choices
    gap: float
    rounded: bool = True


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
    _kept_for: Choices | None = None
    _ways: tuple[DirectionRule, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.levels = self.warm or LexicographicSolver(
            self.formulation, all_levels_may_hold=not self.expects_shortage
        )
        self.executed = executed_steps(self.problem)
        self._ways = (_in_turns, _by_balance)

    def solve(self) -> DiscreteResult | None:
        """The best allowed plan; None where not even the linear programme could be solved."""
        found = self._solve_amperes()
        if found is None:
            return None
        best: DiscreteResult | None = None
        for fixed_a in whole_amperes(self.executed, self.current_a(found.result.values)):
            best = _better(best, self._evaluate(replace(found.choices, fixed_a=fixed_a), found.result))
        return found if best is None else replace(best, gap=found.gap + best.gap)

    def _solve_amperes(self) -> DiscreteResult | None:
        """The best plan with currents of 0 or at least 6 A, any fraction of an ampere allowed."""
        relaxed = self.levels.solve()
        if relaxed.status is not SolveStatus.OPTIMAL:
            return None
        if self.warm is not None:
            self.relaxed_basis = self.levels.solver.basis(relaxed.values)
        undecided = self._undecided()
        self._kept_for = undecided
        if not self._forbidden(relaxed.values):
            on = self.current_a(relaxed.values) > SMALL
            return DiscreteResult(relaxed, replace(undecided, on=on), 0.0, rounded=False)
        best = self._best_rounding(relaxed, undecided)
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
        self._apply(choices)

    def leaves_choices(self, values: FloatArray) -> bool:
        """Whether an answer with its cars switched on or off still has what no device can follow.

        Both directions at once, or a broken ampere at a pole that takes whole ones only.
        """
        broken = broken_amperes(self.executed, self.current_a(values))
        return self.goes_both_ways(values) or bool(broken.any())

    def goes_both_ways(self, values: FloatArray) -> bool:
        """Whether a battery charges and discharges at once, or a root takes and gives."""
        battery, root = self._both_directions(values)
        return bool(battery.any() or root.any())

    def settled(self, found: DiscreteResult) -> Choices:
        """The choices of an answer with every direction and whole ampere that they leave open as the answer has it."""
        values = found.result.values
        fixed_a = np.where(self.executed.whole, self.current_a(values), np.nan)
        choices = replace(found.choices, fixed_a=fixed_a)
        everywhere = np.ones(choices.charging.shape, dtype=bool)
        choices = self._decide_batteries(choices, values, everywhere, _by_balance)
        return self._decide_roots(choices, values, np.ones(choices.offtake.shape, dtype=bool), _by_balance)

    def _undecided(self) -> Choices:
        steps = self.problem.grid.step_count
        return Choices(
            on=None,
            charging=np.zeros((len(self.problem.batteries), steps), dtype=np.int8),
            offtake=np.zeros((len(self.problem.tree.roots), steps), dtype=np.int8),
        )

    def current_a(self, values: FloatArray) -> FloatArray:
        """Level of every session in the executed steps, shape (S, 2)."""
        columns = self.formulation.sessions.level[:, : self.executed.present.shape[1]]
        return np.where(columns == NO_COLUMN, 0.0, values[columns])

    def _battery_kw(self, values: FloatArray) -> FloatArray:
        storage = self.formulation.storage
        return values[storage.charge] - values[storage.discharge]

    def _both_directions(self, values: FloatArray) -> tuple[BoolArray, BoolArray]:
        """Where a battery charges and discharges at once (B, n); where a root takes and gives at once (R, n)."""
        storage, exchange = self.formulation.storage, self.formulation.exchange
        battery = np.minimum(values[storage.charge], values[storage.discharge]) > SMALL
        concave = exchange.concave_offtake != NO_COLUMN
        taken = np.where(concave, values[exchange.concave_offtake], 0.0)
        given = np.where(concave, values[exchange.concave_injection], 0.0)
        return battery, np.minimum(taken, given) > SMALL

    def _forbidden(self, values: FloatArray) -> bool:
        """Whether the answer needs choices: small currents, cars that stop within a step, both directions at once."""
        current_a = self.current_a(values)
        stopping = self.executed.stops & (current_a > SMALL)
        small = small_currents(self.executed, current_a).any()
        return bool(small or stopping.any()) or self.goes_both_ways(values)

    def _best_rounding(self, relaxed: LevelResult, undecided: Choices) -> DiscreteResult | None:
        best: DiscreteResult | None = None
        for on in patterns(
            self.problem, self.executed, self.current_a(relaxed.values), self._battery_kw(relaxed.values)
        ):
            best = _better(best, self._evaluate(replace(undecided, on=on), relaxed))
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
        if not self.goes_both_ways(result.values):
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
            battery, root = self._both_directions(result.values)
            if battery.any():
                choices = self._decide_batteries(choices, result.values, battery, way)
                choices = replace(choices, offtake=np.zeros_like(choices.offtake))
            elif root.any():
                choices = self._decide_roots(choices, result.values, root, way)
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
        everywhere = np.ones(choices.charging.shape, dtype=bool)
        choices = self._decide_batteries(choices, result.values, everywhere, way)
        result = self._solve_with(choices)
        if result.status is not SolveStatus.OPTIMAL:
            return None
        choices = self._decide_roots(
            choices, result.values, np.ones(choices.offtake.shape, dtype=bool), _by_balance
        )
        result = self._solve_with(choices)
        if result.status is not SolveStatus.OPTIMAL:
            return None
        return DiscreteResult(result, choices, self._gap(result, relaxed))

    def _solve_with(self, choices: Choices) -> LevelResult:
        """All levels with these choices: where the levels of wider ones still hold, only the money is new."""
        self._apply(choices)
        self.levels.choices_made = True
        if self._kept_for is not None and choices.narrows(self._kept_for):
            result = self.levels.solve_money_again(MOST_ITERATIONS_AGAIN)
            if result.status is SolveStatus.OPTIMAL:
                return result
        self._kept_for = choices
        return self.levels.solve()

    def _decide_batteries(
        self, choices: Choices, values: FloatArray, where: BoolArray, way: DirectionRule
    ) -> Choices:
        """The same choices with the open directions of batteries decided where marked (B, n)."""
        charging = way(self._charging_share(values))
        return replace(
            choices, charging=np.where(where & (choices.charging == 0), charging, choices.charging)
        )

    def _decide_roots(
        self, choices: Choices, values: FloatArray, where: BoolArray, way: DirectionRule
    ) -> Choices:
        """The same choices with the open directions of roots decided where marked (R, n)."""
        exchange = self.formulation.exchange
        concave = exchange.concave_offtake != NO_COLUMN
        taken = np.where(concave, values[exchange.concave_offtake], 0.0)
        given = np.where(concave, values[exchange.concave_injection], 0.0)
        share = np.divide(taken, taken + given, out=np.ones_like(taken), where=taken + given > SMALL)
        direction = np.where(concave, way(share), 0)
        return replace(choices, offtake=np.where(where & (choices.offtake == 0), direction, choices.offtake))

    def _charging_share(self, values: FloatArray) -> FloatArray:
        """Part of each step that a battery would spend charging if it did one thing after the other, (B, n)."""
        storage = self.formulation.storage
        upper = self.formulation.program.column_upper
        charge = values[storage.charge] / upper[storage.charge]
        discharge = values[storage.discharge] / upper[storage.discharge]
        both = charge + discharge
        return np.divide(charge, both, out=np.ones_like(both), where=both > SMALL)

    def _apply(self, choices: Choices) -> None:
        """Write choices into the bounds of the programme; all bounds that choices can touch, each time."""
        self._apply_currents(choices.on, choices.fixed_a)
        storage, exchange = self.formulation.storage, self.formulation.exchange
        upper = self.formulation.program.column_upper
        for columns, closed in (
            (storage.charge, choices.charging < 0),
            (storage.discharge, choices.charging > 0),
        ):
            most = np.where(closed, 0.0, upper[columns])
            self.levels.solver.set_bounds(columns.ravel(), np.zeros(columns.size), most.ravel())
        concave = exchange.concave_is_offtake != NO_COLUMN
        switch, sign = exchange.concave_is_offtake[concave], choices.offtake[concave]
        self.levels.solver.set_bounds(switch, (sign > 0).astype(np.float64), (sign >= 0).astype(np.float64))

    def _apply_currents(self, on: BoolArray | None, fixed_a: FloatArray | None) -> None:
        executed = self.executed
        where = np.nonzero(executed.present)
        columns = self.formulation.sessions.level[where]
        most = executed.most_a[where]
        if on is None:
            lower, upper = np.zeros(len(columns)), most
        else:
            stop_a = executed.stop_a[where]
            stops = executed.stops[where]
            lower = np.where(on[where], np.where(stops, stop_a, LEAST_AC_CURRENT_A), 0.0)
            upper = np.where(on[where], np.where(stops, stop_a, most), 0.0)
        if fixed_a is not None:
            fixed = fixed_a[where]
            lower = np.where(np.isnan(fixed), lower, fixed)
            upper = np.where(np.isnan(fixed), upper, fixed)
        self.levels.solver.set_bounds(columns, lower, upper)
        self._reserve_stops(np.zeros_like(executed.stops) if on is None else executed.stops & on)

    def _reserve_stops(self, stopping: BoolArray) -> None:
        """A car that stops within the step draws 6 A until then: its rows keep that room free."""
        numbers = self.formulation.limits.row_number
        upper = self.formulation.program.row_upper.copy()
        touched: set[int] = set()
        for session, step in np.argwhere(self.executed.stops):
            missing_a = (
                LEAST_AC_CURRENT_A - self.executed.stop_a[session, step] if stopping[session, step] else 0.0
            )
            for side, sign in enumerate((1.0, -1.0)):
                weight = sign * self.problem.row_per_level[:, session]
                for row in np.flatnonzero((weight > 0.0) & (numbers[side, :, step] != NO_COLUMN)):
                    number = int(numbers[side, row, step])
                    upper[number] -= weight[row] * missing_a
                    touched.add(number)
        rows = np.array(sorted(touched), dtype=np.int64)
        self.levels.solver.set_row_bounds(rows, np.full(len(rows), -np.inf), upper[rows])

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


def _by_balance(charging_share: FloatArray) -> SignArray:
    """1 where a battery would charge at least half of the step, else -1."""
    return np.where(charging_share >= 0.5, 1, -1).astype(np.int8)


def _in_turns(charging_share: FloatArray) -> SignArray:
    """1 or -1 per battery and step so that the steps spent charging add up to the shares as they go along.

    Wasting energy at a negative price is charging and discharging in turns; quarter-hours of the same hour have the
    same price, so turns of whole quarter-hours lose little against doing both at once.
    """
    directions = np.ones(charging_share.shape, dtype=np.int8)
    for battery, shares in enumerate(charging_share):
        owed = 0.0
        for step, share in enumerate(shares.tolist()):
            owed += share
            if owed >= 0.5 - SMALL:
                owed -= 1.0
            else:
                directions[battery, step] = -1
    return directions
