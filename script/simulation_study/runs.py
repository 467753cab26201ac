"""One site-month under one way to run it, beside the hindsight optimum; kept in a folder, so that a study can go on."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from simulation_study.bound_gap import one_way_eur, within_quarters_eur
from simulation_study.public_data import StudyCase, recorded

from kwartier.simulation.any_current import with_any_current
from kwartier.simulation.oracle import oracle_run
from kwartier.simulation.outlook.knowledge import PERFECT, Knowledge
from kwartier.simulation.period import Period, closed
from kwartier.simulation.policy_run import Naming, run_policy
from kwartier.simulation.simulate import POLICIES, planning_policy, simulate
from kwartier.simulation.whole_period import period_problem
from kwartier.tariffs.meter import LocalMonth

OPTIMUM = " + the optimum's peak"
ANY_CURRENT = ", any current"
# The planner with one forecast after the other replaced by the truth.
KNOWLEDGE = {
    "planner": Knowledge(),
    "planner, perfect": PERFECT,
    f"planner, perfect{ANY_CURRENT}": PERFECT,
    "planner, load known": Knowledge(is_load_known=True),
    "planner, sun known": Knowledge(is_sun_known=True),
    "planner, prices known": Knowledge(are_prices_known=True),
    "planner, arrivals known": Knowledge(arrivals="known"),
    "planner, arrivals ignored": Knowledge(arrivals="ignored"),
}
RULES = tuple(name for name in POLICIES if not name.startswith("receding_horizon"))


@dataclass(frozen=True)
class StudyJob:
    """A case under a way to run it; a name of `KNOWLEDGE` may end in `OPTIMUM`. `kept` is a folder, or None.

    Under a way with `ANY_CURRENT` in its name cars take any current; the optimum it stands beside may always give any.
    """

    folder: Path
    case: StudyCase
    way: str
    kept: Path | None


@dataclass(frozen=True)
class StudyResult:
    """Money of a run and of the optimum, EUR, what cars lack of what the optimum gives them, and limits broken.

    Where cars take any current and all is told, also what of the rest no run can reach (`bound_gap`), EUR.
    """

    total_eur: float
    peaks_eur: float
    bound_eur: float
    bound_peaks_eur: float
    highest_w: float
    best_highest_w: float
    short_wh: float
    breach_count: int
    plan_count: int
    processor_s: float
    within_quarters_eur: float | None = None
    one_way_eur: float | None = None


def run_study_job(job: StudyJob) -> StudyResult:
    """The figures of a job, from its file where there is one."""
    path = None
    if job.kept is not None:
        name = f"{job.case.kind} {job.case.month} {job.case.tariff} {job.case.seed} {job.way}"
        path = job.kept / f"{name.replace(' ', '_').replace(',', '')}.json"
        if path.exists():
            return StudyResult(**json.loads(path.read_text(encoding="utf-8")))
    found = _figures(job)
    if path is not None:
        path.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return found


def _figures(job: StudyJob) -> StudyResult:
    site, period = recorded(job.folder, job.case, _peak_before_kw(job)), Period(*job.case.bounds)
    fit = closed(site, period)
    best = oracle_run(fit, period, Naming("oracle", job.case.seed))
    lent_w = {root: best.peak_w(root) for root in best.connections} if job.way.endswith(OPTIMUM) else None
    known = KNOWLEDGE.get(job.way.removesuffix(OPTIMUM))
    problem = None
    if ANY_CURRENT in job.way:
        problem = period_problem(fit, period)
        fit = closed(with_any_current(site), period)
    policy = POLICIES[job.way](fit, period) if known is None else planning_policy(fit, period, known, lent_w)
    run = run_policy(fit, period, policy, Naming(job.way, job.case.seed))
    given_wh = {car.transaction_id: car.charged_wh for car in run.cars}
    return StudyResult(
        total_eur=run.money.total_eur,
        peaks_eur=run.money.peaks_eur,
        bound_eur=best.bound_eur or 0.0,
        bound_peaks_eur=best.money.peaks_eur,
        highest_w=run.peak_w("grid"),
        best_highest_w=best.peak_w("grid"),
        short_wh=sum(max(0.0, car.charged_wh - given_wh[car.transaction_id]) for car in best.cars),
        breach_count=len(run.breaches),
        plan_count=run.plan_count,
        processor_s=run.processor_s,
        within_quarters_eur=None if problem is None else within_quarters_eur(problem, run),
        one_way_eur=None if problem is None else one_way_eur(problem),
    )


def _peak_before_kw(job: StudyJob) -> float:
    """What the site took at most in the month before, charging on arrival, as it did before it had a planner."""
    before = LocalMonth.parse(job.case.month).later(-1)
    earlier = StudyCase(job.case.kind, str(before), job.case.tariff, job.case.seed)
    run = simulate(recorded(job.folder, earlier), Period(*earlier.bounds), "uncontrolled")
    return run.peak_w("grid") / 1000.0
