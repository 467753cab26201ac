"""What no linear programme can decide, once decided: which cars are on, which way batteries and roots go."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.rounding import Executed
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.planning.solve import Solver

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
SignArray = npt.NDArray[np.int8]


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


def undecided(problem: Problem) -> Choices:
    """Everything still open."""
    steps = problem.grid.step_count
    return Choices(
        on=None,
        charging=np.zeros((len(problem.batteries), steps), dtype=np.int8),
        offtake=np.zeros((len(problem.tree.roots), steps), dtype=np.int8),
    )


@dataclass(frozen=True)
class ChoiceBounds:
    """Writes choices into the bounds of a programme; all bounds that choices can touch, each time."""

    problem: Problem
    formulation: Formulation
    executed: Executed

    def apply(self, choices: Choices, solver: Solver) -> None:
        """Let the solver choose only what the choices leave open."""
        self._apply_currents(choices.on, choices.fixed_a, solver)
        storage, exchange = self.formulation.storage, self.formulation.exchange
        upper = self.formulation.program.column_upper
        for columns, closed in (
            (storage.charge, choices.charging < 0),
            (storage.discharge, choices.charging > 0),
        ):
            most = np.where(closed, 0.0, upper[columns])
            solver.set_bounds(columns.ravel(), np.zeros(columns.size), most.ravel())
        concave = exchange.concave_is_offtake != NO_COLUMN
        switch, sign = exchange.concave_is_offtake[concave], choices.offtake[concave]
        solver.set_bounds(switch, (sign > 0).astype(np.float64), (sign >= 0).astype(np.float64))

    def _apply_currents(self, on: BoolArray | None, fixed_a: FloatArray | None, solver: Solver) -> None:
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
        solver.set_bounds(columns, lower, upper)
        self._reserve_stops(np.zeros_like(executed.stops) if on is None else executed.stops & on, solver)

    def _reserve_stops(self, stopping: BoolArray, solver: Solver) -> None:
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
        solver.set_row_bounds(rows, np.full(len(rows), -np.inf), upper[rows])
