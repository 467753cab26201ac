"""The one place that knows HiGHS: load a programme, change bounds and costs, solve, read values.

Measured (planner benchmark): a cold dual simplex on one thread is fastest for these programmes. The blocks leave out
rows that cannot bind, so that presolve takes longer than it saves (Devex weights and no presolve: 0.6 of the time at 10
and 50 poles, 0.8 to 0.9 at 200).
"""

from dataclasses import dataclass
from enum import Enum

import highspy
import numpy as np
import numpy.typing as npt
from highspy._core import _Highs

from kwartier.planning.program import Program

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# The preference terms are far below a cent; the default dual tolerance of 1e-7 would not see them.
DUAL_TOLERANCE = 1e-9
# A warm start that needs more than this is a bad one: a cold solve takes about 0.6 iterations per row (measured).
MOST_WARM_ITERATIONS_PER_ROW = 1
# The simplex can go round in circles among equal answers (seen: 241,036 iterations with 1,116 rows, 650 from nothing);
# where the costs or bounds of a solved programme change, many cars and few rows may need three iterations per row.
MOST_ITERATIONS_PER_ROW_OR_COLUMN = 5
AT_BOUND = 1e-7
DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4
DEVEX = 1
FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
NONBASIC_STATUSES = np.array([highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kUpper], dtype=object)
NO_INTS = np.zeros(0, dtype=np.int32)
NO_FLOATS = np.zeros(0, dtype=np.float64)


class SolveStatus(Enum):
    """How a solve ended. LIMIT: stopped at the node limit with a feasible answer."""

    OPTIMAL = "optimal"
    LIMIT = "limit"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


@dataclass(frozen=True)
class Solution:
    """Values per column and duals per row where there are any, the objective, and for a search the proven lower bound.

    A row's dual is what one more unit of its bound adds to the objective; the search has none.
    """

    status: SolveStatus
    values: FloatArray
    row_duals: FloatArray
    objective: float
    bound: float

    @property
    def is_clear(self) -> bool:
        """Whether a linear programme's solve found the best answer, or that there is none."""
        return self.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE)


NO_ANSWER = Solution(SolveStatus.FAILED, NO_FLOATS, NO_FLOATS, np.inf, -np.inf)


@dataclass(frozen=True)
class Basis:
    """Which columns and rows are basic, and which other columns stand at their upper bound; (columns,) and (rows,)."""

    basic_column: npt.NDArray[np.bool_]
    basic_row: npt.NDArray[np.bool_]
    at_upper: npt.NDArray[np.bool_]


class Solver:
    """A programme inside HiGHS. Bounds and costs may change between solves; each solve starts from the last basis.

    `costs` per column, shape (columns,), are those of the first solve; 0 where none are given.
    """

    def __init__(self, program: Program, costs: FloatArray | None = None) -> None:
        # Not `highspy.Highs`: what that adds for modelling takes a third longer to make.
        self._highs = _Highs()
        for name, setting in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 1),
            ("dual_feasibility_tolerance", DUAL_TOLERANCE),
            ("presolve", "off"),
            ("simplex_dual_edge_weight_strategy", DEVEX),
        ):
            self._highs.setOptionValue(name, setting)
        self._program_rows = program.rows
        self._costs = np.zeros(program.columns) if costs is None else costs
        self._costs_changed = bool(self._costs.any())
        self._has_basis = False
        self._warm = False
        self._remembered: highspy.HighsBasis | None = None
        self._program = program
        self._all_columns = np.arange(program.columns, dtype=np.int32)
        status = self._highs.passModel(
            program.columns,
            program.rows,
            program.nonzeros,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            self._costs,
            program.column_lower,
            program.column_upper,
            program.row_lower,
            program.row_upper,
            program.row_start,
            program.column_index,
            program.value,
            np.zeros(program.columns, dtype=np.int32),
        )
        if status == highspy.HighsStatus.kError:
            raise ValueError(f"HiGHS refused the programme ({program.rows} rows, {program.columns} columns)")

    def change_to(self, program: Program, basis: Basis) -> None:
        """Become another programme with its entries in the same places, in place.

        The next solve starts from where the last one ended, or from `basis` where that is no longer known, with a bound
        on its iterations.
        """
        if self._highs.getNumRow() > self._program_rows:
            self.remove_caps()
            self.forget_basis()
        self._remembered = None
        before, self._program = self._program, program
        changed = np.flatnonzero(program.value != before.value)
        rows = np.searchsorted(program.row_start, changed, side="right") - 1
        entries = (rows.tolist(), program.column_index[changed].tolist(), program.value[changed].tolist())
        for row, column, value in zip(*entries, strict=True):
            self._highs.changeCoeff(row, column, value)
        self._highs.changeColsBounds(
            program.columns, self._all_columns, program.column_lower, program.column_upper
        )
        self.set_row_bounds(np.arange(program.rows), program.row_lower, program.row_upper)
        self._warm = self._has_basis
        if not self._has_basis:
            self.start_from(basis)

    @property
    def is_warm(self) -> bool:
        """Whether the next solve starts from a basis of another programme."""
        return self._warm

    def set_costs(self, costs: FloatArray, *, same_objective: bool) -> None:
        """Replace the whole objective, shape (columns,); `same_objective` where at most figures in it are new."""
        if np.array_equal(costs, self._costs):
            return
        self._costs = costs
        self._highs.changeColsCost(len(costs), self._all_columns, costs)
        self._costs_changed = self._costs_changed or not same_objective

    def set_bounds(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        """Replace the bounds of some columns."""
        if len(columns):
            self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def add_cap(self, columns: IntArray, weights: FloatArray, most: float) -> None:
        """One more row: the weighted sum of some columns stays at or below `most`."""
        self._highs.addRow(-highspy.kHighsInf, most, len(columns), columns.astype(np.int32), weights)

    def remove_caps(self) -> None:
        """Take all caps away again."""
        rows = self._highs.getNumRow()
        if rows > self._program_rows:
            caps = np.arange(self._program_rows, rows, dtype=np.int32)
            self._highs.deleteRows(len(caps), caps)

    def set_row_bounds(self, rows: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        """Replace the bounds of some rows."""
        if len(rows):
            self._highs.changeRowsBounds(len(rows), rows.astype(np.int32), lower, upper)  # type: ignore[attr-defined]  # its stub lacks it

    def solve(self, give_up_after: int | None = None) -> Solution:
        """Solve the linear programme: cold, or from the last basis where that is of use for the new question.

        For another objective the last answer is still feasible, so the primal simplex goes on from it; under other
        bounds it is still dual feasible, so the dual does. Without a useful basis: dual. Measured on the same step with
        new figures (50 poles, 96 steps): dual 40 iterations, primal 190, cold 1 040. Where the last basis leads to no
        answer, it starts cold; where that leads to none (2 of 6,750 random sites), the primal simplex has the last
        word. With `give_up_after` so many iterations there is none, however the first
        run failed: the status is FAILED (seen: 5,835 iterations to prove a "no" after 522 that led nowhere).
        """
        primal = self._has_basis and self._costs_changed
        warm, self._warm = self._warm, False
        limit = MOST_WARM_ITERATIONS_PER_ROW * self._program_rows if warm else self._most_iterations()
        limit = limit if give_up_after is None else min(limit, give_up_after)
        solution = self._run(PRIMAL_SIMPLEX if primal else DUAL_SIMPLEX, limit)
        lost = warm and solution.status is not SolveStatus.OPTIMAL
        # An old basis may be too bad to go on from: that is no answer yet.
        if self._has_basis and (lost or not solution.is_clear):
            self.forget_basis()
            return self.solve() if give_up_after is None else NO_ANSWER
        if not solution.is_clear and give_up_after is None:
            solution = self._run(PRIMAL_SIMPLEX, limit)
        self._has_basis = solution.status is SolveStatus.OPTIMAL
        self._costs_changed = False
        return solution

    def _run(self, strategy: int, most_iterations: int) -> Solution:
        """One run of the simplex, from the basis if there is one."""
        if not self._has_basis:
            self._highs.clearSolver()
        self._highs.setOptionValue("simplex_iteration_limit", most_iterations)
        self._highs.setOptionValue("simplex_strategy", strategy)
        self._highs.run()
        return self._read()

    def _most_iterations(self) -> int:
        """How long the next solve may go on from the last basis; without one, as long as it takes."""
        if not self._has_basis:
            return int(highspy.kHighsIInf)
        return MOST_ITERATIONS_PER_ROW_OR_COLUMN * (self._program_rows + len(self._all_columns))

    def basis(self, values: FloatArray) -> Basis:
        """The basis of the last solve, whose values are `values` (columns,); caps are left out."""
        _, basic = self._highs.getBasicVariables()  # type: ignore[attr-defined]  # its stub lacks it
        basic = np.asarray(basic)
        columns = np.zeros(len(self._all_columns), dtype=bool)
        rows = np.zeros(self._program_rows, dtype=bool)
        columns[basic[basic >= 0]] = True
        slack = -basic[basic < 0] - 1
        rows[slack[slack < self._program_rows]] = True
        most = self._program.column_upper
        upper = ~columns & np.isfinite(most) & (values >= most - AT_BOUND)
        return Basis(columns, rows, upper)

    def start_from(self, basis: Basis) -> None:
        """Start the next solve from a basis, primal, with a bound on its iterations; cold where that leads nowhere."""
        start = highspy.HighsBasis()
        start.col_status = _statuses(basis.basic_column, basis.at_upper)
        start.row_status = _statuses(basis.basic_row, np.isfinite(self._program.row_upper))
        start.alien = True
        start.valid = True
        if self._highs.setBasis(start) != highspy.HighsStatus.kError:
            self._has_basis, self._warm = True, True

    def remember_basis(self) -> None:
        """Keep the basis of the last solve to go back to."""
        self._remembered = self._highs.getBasis()

    def go_back(self) -> None:
        """Start the next solve from the remembered basis: its costs, other bounds, no caps. Cold without one."""
        self._has_basis = self._warm = self._remembered is not None
        if self._remembered is not None:
            self._highs.setBasis(self._remembered)
            self._costs_changed = False

    def forget_basis(self) -> None:
        """Start the next solve cold: costs and bounds have both changed."""
        self._has_basis = False

    def search(self, semicontinuous: IntArray, nodes: int, seconds: float) -> Solution:
        """Solve with some columns at 0 or between their bounds, in at most `nodes` nodes and about `seconds`."""
        kinds = highspy.HighsVarType
        columns = semicontinuous.astype(np.int32)
        self._highs.setOptionValue("presolve", "on")
        self._highs.setOptionValue("mip_max_nodes", nodes)
        self._highs.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
        # HiGHS counts the time of all runs of one instance.
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + seconds)
        self._set_kind(columns, int(kinds.kSemiContinuous))
        self._highs.run()
        result = self._read()
        self._highs.setOptionValue("time_limit", np.inf)
        self._highs.setOptionValue("presolve", "off")
        self._set_kind(columns, int(kinds.kContinuous))
        self._has_basis = False
        return result

    def _set_kind(self, columns: npt.NDArray[np.int32], kind: int) -> None:
        self._highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), kind, dtype=np.uint8))

    def _read(self) -> Solution:
        status = self._highs.getModelStatus()
        kinds = highspy.HighsModelStatus
        if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
            return Solution(SolveStatus.INFEASIBLE, NO_FLOATS, NO_FLOATS, np.inf, np.inf)
        _, found_status = self._highs.getInfoValue("primal_solution_status")
        if found_status != FEASIBLE:
            return Solution(SolveStatus.FAILED, NO_FLOATS, NO_FLOATS, np.inf, -np.inf)
        found = self._highs.getSolution()
        values, duals = _array(found.col_value), _array(found.row_dual)[: self._program_rows]
        objective = self._highs.getObjectiveValue()
        if status == kinds.kOptimal:
            return Solution(SolveStatus.OPTIMAL, values, duals, objective, objective)
        _, bound = self._highs.getInfoValue("mip_dual_bound")
        return Solution(SolveStatus.LIMIT, values, duals, objective, bound)


def _statuses(
    basic: npt.NDArray[np.bool_], at_upper: npt.NDArray[np.bool_]
) -> list[highspy.HighsBasisStatus]:
    """What each column or row is in a basis: basic, or at one of its bounds."""
    found: list[highspy.HighsBasisStatus] = NONBASIC_STATUSES[at_upper.astype(np.int8)].tolist()
    for place in basic.nonzero()[0].tolist():
        found[place] = highspy.HighsBasisStatus.kBasic
    return found


def _array(numbers: list[float]) -> FloatArray:
    """As np.array does it for any sequence, in half of its time for a list of floats."""
    return np.fromiter(numbers, dtype=np.float64, count=len(numbers))
