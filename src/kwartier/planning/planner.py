"""`plan`: a pure function from a plan request to a plan."""

from time import perf_counter

import numpy as np
import numpy.typing as npt

from kwartier.planning.discrete import DiscreteResult, DiscreteSolver
from kwartier.planning.document import PlanFacts, plan_document
from kwartier.planning.fallback import fallback_of
from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.identity import plan_id
from kwartier.planning.plan import Plan, SolveFacts
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.reasons import Explainer
from kwartier.planning.request import PlanRequest
from kwartier.planning.rounding import SMALL_A, executed_steps
from kwartier.planning.schedule import Schedule, make_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.planning.stability import stabilised
from kwartier.planning.symmetry import with_equal_currents
from kwartier.planning.uncontrolled import uncontrolled

FloatArray = npt.NDArray[np.float64]

# A gap below this is rounding: the plan is the optimum.
OPTIMAL_GAP = 1e-6


def plan(request: PlanRequest, *, previous: Plan | None = None, budget_s: float | None = None) -> Plan:
    """The plan of a site: always one, with every shortage and every broken limit named and sized.

    `previous`, the plan in force, keeps near setpoints where changing one gains less than
    `options.stability_eur_per_change`. `budget_s` bounds the search for discrete choices in seconds; the plan of the
    linear programme exists before it starts. Raises InvalidRequest, with all findings, where the request or its site
    document is wrong. Without a budget the same arguments give the same plan, the times in `solve` aside.

    Example: `plan(PlanRequest.model_validate_json(demo_request_json())).money.total`.
    """
    started = perf_counter()
    problem = build_problem(request)
    understood = perf_counter()
    formulation = formulate(problem)
    built = perf_counter()
    found = _solve(problem, formulation, previous, budget_s)
    solved = perf_counter()
    program = formulation.program
    facts = SolveFacts(
        rows=program.rows,
        columns=program.columns,
        nonzeros=program.nonzeros,
        build_ms=(built - understood) * 1000.0,
        solve_ms=(solved - built) * 1000.0,
        gap=1.0 if found is None else found.gap,
    )
    if found is None:
        document = fallback_of(problem, "the solver found no answer", facts)
    else:
        document = _document(problem, formulation, found, facts)
    if previous is not None:
        document = document.model_copy(update={"plan_id": plan_id(request, previous.plan_id)})
    other_ms = (understood - started + perf_counter() - solved) * 1000.0
    timed = document.solve.model_copy(update={"other_ms": other_ms, "status": document.status})
    return document.model_copy(update={"solve": timed})


def _solve(
    problem: Problem, formulation: Formulation, previous: Plan | None, budget_s: float | None
) -> DiscreteResult | None:
    options = problem.request.options
    solver = DiscreteSolver(
        problem, formulation, options.search_nodes, np.inf if budget_s is None else max(0.0, budget_s)
    )
    found = solver.solve()
    if found is None or previous is None:
        return found
    return stabilised(solver, found, previous, options.stability_eur_per_change)


def _document(problem: Problem, formulation: Formulation, found: DiscreteResult, facts: SolveFacts) -> Plan:
    schedule = schedule_of(problem, formulation, found)
    return plan_document(
        problem,
        schedule,
        uncontrolled(problem),
        PlanFacts(
            plan_id=plan_id(problem.request),
            status="optimal" if found.gap <= OPTIMAL_GAP else "feasible",
            solve=facts,
            reasons=Explainer(problem, formulation, found, schedule).reasons(),
        ),
    )


def schedule_of(problem: Problem, formulation: Formulation, found: DiscreteResult) -> Schedule:
    """The schedule that a solution stands for."""
    values = found.result.values
    columns = formulation.sessions.level
    level = np.where(columns == NO_COLUMN, 0.0, values[columns])
    level = np.clip(np.where(level < SMALL_A, 0.0, level), 0.0, problem.level_max)
    level = with_equal_currents(problem, level)
    hours = problem.grid.hours_h
    session_w = level * problem.kwh_per_level / hours * 1000.0
    executed = executed_steps(problem)
    on = executed.present & (level[:, : executed.present.shape[1]] > SMALL_A)
    near = level[:, : executed.present.shape[1]]
    near[on] = np.maximum(near[on], LEAST_AC_CURRENT_A)
    whole = executed.whole & on
    near[whole] = np.round(near[whole])
    storage = formulation.storage
    battery_w = (values[storage.charge] - values[storage.discharge]) * 1000.0
    battery_w = np.where(np.abs(battery_w) < SMALL_A, 0.0, battery_w).reshape(storage.charge.shape)
    return make_schedule(problem, level, session_w, battery_w)
