"""How long a solve of the linear programme may go on, and what has the last word."""

import numpy as np
import pytest

from kwartier.planning.program import ProgramBuilder
from kwartier.planning.solve import NO_ANSWER, Solution, Solver, SolveStatus


def solved() -> Solver:
    """Two columns of 0 to 1 of which one is needed, the second at half the price: solved, so with a basis."""
    builder = ProgramBuilder()
    columns = builder.add_columns(2, 0.0, 1.0)
    row = builder.add_rows(1, 1.0, np.inf)
    builder.add_entries(np.repeat(row, 2), columns, 1.0)
    solver = Solver(builder.build())
    solver.set_costs(np.array([2.0, 1.0]), same_objective=False)
    assert solver.solve().objective == 1.0
    return solver


@pytest.mark.parametrize(("give_up_after", "runs"), [(100, 1), (None, 3)])
def test_a_bounded_try_that_leads_nowhere_is_not_followed_by_a_cold_solve_and_another_by_both(
    monkeypatch: pytest.MonkeyPatch, give_up_after: int | None, runs: int
) -> None:
    solver = solved()
    reads = []

    def lost(self: Solver) -> Solution:
        reads.append(self)
        return NO_ANSWER

    with monkeypatch.context() as patched:
        patched.setattr(Solver, "_read", lost)
        assert solver.solve(give_up_after).status is SolveStatus.FAILED
    assert len(reads) == runs
    again = solver.solve()
    assert again.status is SolveStatus.OPTIMAL
    assert again.values.tolist() == [0.0, 1.0]
