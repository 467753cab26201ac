"""`plan`: a pure function from a plan request to a plan."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt

from kwartier.planning.costing import shortages_wh
from kwartier.planning.discrete import DiscreteResult, DiscreteSolver
from kwartier.planning.document import PlanFacts, plan_document
from kwartier.planning.fallback import fallback_of
from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.identity import plan_id
from kwartier.planning.lexicographic import LexicographicSolver
from kwartier.planning.plan import Plan, SolveFacts
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.reasons import reasons_of
from kwartier.planning.request import PlanRequest
from kwartier.planning.rounding import SMALL_A, executed_steps
from kwartier.planning.schedule import Schedule, make_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.planning.solve import Basis
from kwartier.planning.stability import stabilised
from kwartier.planning.symmetry import with_equal_currents
from kwartier.planning.uncontrolled import uncontrolled

FloatArray = npt.NDArray[np.float64]

# A gap below this is rounding: the plan is the optimum, but for what is kept of the plan in force (planner.md: the one
# declared exception).
OPTIMAL_GAP = 1e-6
# A shortage below this is rounding (planner.md: 1e-4 kWh).
SHORT_KWH = 1e-4


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
    document, _ = plan_of(problem, formulation, How(previous, budget_s))
    return with_times(document, understood - started, built - understood)


@dataclass(frozen=True)
class How:
    """How to plan: the plan in force, a budget for the search, and a solver with something to start from."""

    previous: Plan | None = None
    budget_s: float | None = None
    warm: LexicographicSolver | None = None


def with_times(document: Plan, understood_s: float, built_s: float) -> Plan:
    """The plan with the time that reading the request and building the programme took."""
    solve = document.solve
    times = {"build_ms": built_s * 1000.0, "other_ms": solve.other_ms + understood_s * 1000.0}
    return document.model_copy(update={"solve": solve.model_copy(update=times)})


def plan_of(problem: Problem, formulation: Formulation, how: How) -> tuple[Plan, Basis | None]:
    """The plan of a problem, and with a solver that is kept the basis of its linear programme."""
    began = perf_counter()
    reference = uncontrolled(problem)
    started = perf_counter()
    options = problem.request.options
    search_s = np.inf if how.budget_s is None else max(0.0, how.budget_s)
    shortage = _is_short(problem, formulation, reference)
    solver = DiscreteSolver(problem, formulation, options.search_nodes, search_s, how.warm, shortage)
    found = solver.solve()
    if found is not None and how.previous is not None:
        found = stabilised(solver, found, how.previous, options.stability_eur_per_change)
    solved = perf_counter()
    program = formulation.program
    facts = SolveFacts(
        rows=program.rows,
        columns=program.columns,
        nonzeros=program.nonzeros,
        solve_ms=(solved - started) * 1000.0,
        gap=1.0 if found is None else found.gap + found.kept_gap,
    )
    if found is None:
        document = fallback_of(problem, "the solver found no answer", facts)
    else:
        document = _document(problem, formulation, found, reference, facts)
    if how.previous is not None:
        document = document.model_copy(update={"plan_id": plan_id(problem.request, how.previous.plan_id)})
    other_s = started - began + perf_counter() - solved
    rest = {"other_ms": other_s * 1000.0, "status": document.status}
    document = document.model_copy(update={"solve": document.solve.model_copy(update=rest)})
    return document, solver.relaxed_basis


def schedule_alone(
    problem: Problem, formulation: Formulation, how: How
) -> tuple[Schedule | None, Basis | None]:
    """What is decided, without the document around it, and the basis to go on from; None where solving fails.

    For whoever plans a site thousands of times: the words and sums of a document take longer than the solver.
    """
    solver = DiscreteSolver(problem, formulation, problem.request.options.search_nodes, warm=how.warm)
    found = solver.solve()
    schedule = None if found is None else schedule_of(problem, formulation, found)
    return schedule, solver.relaxed_basis


def _is_short(problem: Problem, formulation: Formulation, reference: Schedule) -> bool:
    """Whether a car lacks energy that its time would allow: if charging on arrival serves all, a plan can too."""
    short_kwh = shortages_wh(problem, reference.charged_wh) / 1000.0
    return bool((short_kwh > formulation.sessions.least_short_kwh + SHORT_KWH).any())


def _document(
    problem: Problem,
    formulation: Formulation,
    found: DiscreteResult,
    reference: Schedule,
    facts: SolveFacts,
) -> Plan:
    schedule = schedule_of(problem, formulation, found)
    return plan_document(
        problem,
        schedule,
        reference,
        PlanFacts(
            plan_id=plan_id(problem.request),
            status="optimal" if found.gap <= OPTIMAL_GAP else "feasible",
            solve=facts,
            reasons=reasons_of(problem, formulation, found, schedule),
        ),
    )


def schedule_of(problem: Problem, formulation: Formulation, found: DiscreteResult) -> Schedule:
    """The schedule that a solution stands for."""
    values = found.result.values
    columns = formulation.sessions.level
    level = np.where(columns == NO_COLUMN, 0.0, values[columns])
    level = np.minimum(np.where(level < SMALL_A, 0.0, level), problem.level_max)
    level = with_equal_currents(problem, level)
    hours = problem.grid.hours_h
    executed = executed_steps(problem)
    near = level[:, : executed.present.shape[1]]
    on = executed.present & (near > SMALL_A)
    whole = executed.whole & on
    # Where no rounded plan was to be had, the broken part of an ampere is given up rather than the pole's rule.
    near[whole] = np.maximum(np.floor(near[whole] + SMALL_A), LEAST_AC_CURRENT_A)
    session_w = level * problem.kwh_per_level / hours * 1000.0
    near[on] = np.maximum(near[on], LEAST_AC_CURRENT_A)
    storage = formulation.storage
    battery_w = (values[storage.charge] - values[storage.discharge]) * 1000.0
    battery_w = np.where(np.abs(battery_w) < SMALL_A, 0.0, battery_w).reshape(storage.charge.shape)
    return make_schedule(problem, level, session_w, battery_w)
