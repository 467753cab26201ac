"""`plan`: a pure function from a plan request to a plan."""

import hashlib
from time import perf_counter

import numpy as np
import numpy.typing as npt

from kwartier.planning.discrete import DiscreteResult, DiscreteSolver
from kwartier.planning.document import PlanFacts, plan_document
from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.plan import Plan, SolveFacts
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.request import PlanRequest
from kwartier.planning.rounding import SMALL_A, executed_steps
from kwartier.planning.schedule import Schedule, make_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.planning.uncontrolled import uncontrolled

FloatArray = npt.NDArray[np.float64]

# A gap below this is rounding: the plan is the optimum.
OPTIMAL_GAP = 1e-6


def plan_id(request: PlanRequest) -> str:
    """The same request always has the same id: 32 hex digits of the SHA-256 of its JSON."""
    return hashlib.sha256(request.model_dump_json().encode()).hexdigest()[:32]


def plan(request: PlanRequest) -> Plan:
    """The plan of a site: always one, with every shortage and every broken limit named and sized.

    Raises InvalidRequest, with all findings, where the request or its site document is wrong. The same request gives
    the same plan, the times in `solve` aside. No clock, network or database is read.

    Example: `plan(PlanRequest.model_validate_json(demo_request_json())).money.total`.
    """
    started = perf_counter()
    problem = build_problem(request)
    understood = perf_counter()
    formulation = formulate(problem)
    built = perf_counter()
    solver = DiscreteSolver(problem, formulation, request.options.search_nodes)
    found = solver.solve()
    solved = perf_counter()
    if found is None:
        status, schedule, gap = "fallback", uncontrolled(problem), 1.0
    else:
        schedule, gap = schedule_of(problem, formulation, found), found.gap
        status = "optimal" if gap <= OPTIMAL_GAP else "feasible"
    document = plan_document(
        problem, schedule, PlanFacts(plan_id=plan_id(request), status=status, solve=SolveFacts())
    )
    program = formulation.program
    facts = SolveFacts(
        rows=program.rows,
        columns=program.columns,
        nonzeros=program.nonzeros,
        build_ms=(built - understood) * 1000.0,
        solve_ms=(solved - built) * 1000.0,
        other_ms=(understood - started + perf_counter() - solved) * 1000.0,
        status=status,
        gap=gap,
    )
    return document.model_copy(update={"solve": facts})


def schedule_of(problem: Problem, formulation: Formulation, found: DiscreteResult) -> Schedule:
    """The schedule that a solution stands for."""
    values = found.result.values
    columns = formulation.sessions.level
    level = np.where(columns == NO_COLUMN, 0.0, values[columns])
    level = np.clip(np.where(level < SMALL_A, 0.0, level), 0.0, problem.level_max)
    hours = problem.grid.hours_h
    session_w = level * problem.kwh_per_level / hours * 1000.0
    executed = executed_steps(problem)
    on = executed.present & (level[:, : executed.present.shape[1]] > SMALL_A)
    near = level[:, : executed.present.shape[1]]
    near[on] = np.maximum(near[on], LEAST_AC_CURRENT_A)
    storage = formulation.storage
    battery_w = (values[storage.charge] - values[storage.discharge]) * 1000.0
    battery_w = np.where(np.abs(battery_w) < SMALL_A, 0.0, battery_w).reshape(storage.charge.shape)
    return make_schedule(problem, level, session_w, battery_w)
