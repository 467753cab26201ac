"""Sabotaged planners: a plan that is wrong is rejected, a plan that is only dear is not better than the sound one.

Whether a mutant's plan is wrong is not asked of the check, which is under test here, but of the sound programme: with
the mutant's decisions fixed it must have a solution, and the sound plan document of these decisions must say what the
mutant's says. What lies between surely wrong and surely right, a milliampere or a watt apart, counts for nothing.
"""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
import pytest

from kwartier import Plan, PlanRequest, check_plan, plan
from kwartier.planning import planner
from kwartier.planning.document import PlanFacts, plan_document
from kwartier.planning.formulation import Formulation
from kwartier.planning.plan import SolveFacts
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN, Program
from kwartier.planning.rounding import executed_steps
from kwartier.planning.schedule import Schedule, make_schedule
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.planning.uncontrolled import uncontrolled
from kwartier.testing.random_requests import random_request
from tests.planning.conftest import part_of_sites, seed_blocks
from tests.planning.plan_order import worse_than_certified
from tests.planning.sabotage import OBJECTIVE, PROBLEM, PROGRAMME, Target, target_of

FloatArray = npt.NDArray[np.float64]
Json = dict[str, Any]

MUTANTS_PER_SITE = 10
BLOCKS = seed_blocks(part_of_sites(0.02), 500_000, 10)

CHANGES: tuple[Callable[..., Any], ...] = (*PROGRAMME, *OBJECTIVE, *PROBLEM)

# A, kW or kWh by which a row must be broken before a plan is surely wrong; ten times what the check tolerates.
SURELY = 1e-3
# A plan document's numbers (W, A, Wh, EUR, percent) that surely differ, and that are surely the same.
FAR, NEAR = 1e-2, 1e-6
NOT_COMPARED = {"plan_id", "status", "solve", "warnings", "reasons"}


def site(seed: int) -> PlanRequest | None:
    """A random request with a car or a battery to spoil; None where the draw has none."""
    document = random_request(Random(seed), largest_pole_count=6)
    document["options"].pop("whole_ampere_poles", None)
    request = PlanRequest.model_validate(document)
    problem = build_problem(request)
    return request if problem.level_max.any() or problem.batteries else None


def next_site(seed: int) -> PlanRequest:
    """The request of a seed, or of the next one of its residue that has something to spoil."""
    while (request := site(seed)) is None:
        seed += 1_000_000
    return request


# --- is a plan right? --------------------------------------------------------------------------------------


def decisions_of(made: Plan, problem: Problem) -> Schedule | None:
    """What a plan document lets each session and battery do; None where a pole works outside every window."""
    level = np.zeros_like(problem.level_max)
    power_w = np.zeros_like(problem.level_max)
    virtual = {entry.transaction_id: entry for entry in made.expected_sessions}
    left_w = {name: np.array(device.power_w) for name, device in made.devices.items()}
    for index, session in enumerate(problem.sessions):
        inside = problem.share[index] > 0.0
        device = made.devices[session.asset_id]
        told_w = virtual[session.transaction_id].power_w if session.expected else device.power_w
        power_w[index] = np.where(inside, told_w, 0.0)
        full_share_w = session.watts_per_level * np.where(inside, problem.share[index], 1.0)
        level[index] = power_w[index] / full_share_w
        if not session.expected:
            left_w[session.asset_id] = left_w[session.asset_id] - power_w[index]
            if device.current_a is not None:
                level[index] = np.where(inside, device.current_a[session.pins[0]], 0.0)
    poles = {pole for pole, device in made.devices.items() if device.transaction_id is not None}
    if any(np.abs(left_w[pole]).max() > SURELY for pole in poles):
        return None
    battery_w = np.array([made.devices[battery.device.name].power_w for battery in problem.batteries])
    shape = (len(problem.batteries), problem.grid.step_count)
    return make_schedule(problem, level, power_w, battery_w.reshape(shape))


def keeps_six_amperes(problem: Problem, schedule: Schedule, room: float) -> bool:
    """0 or at least 6 A in the executed steps, and the power that the current stands for unless the car stops."""
    executed = executed_steps(problem)
    steps = executed.present.shape[1]
    level, power_w = schedule.level[:, :steps], schedule.session_w[:, :steps]
    small = executed.present & (level > room) & (level < LEAST_AC_CURRENT_A - room)
    stands_for_w = level * executed.kwh / problem.grid.hours_h[:steps] * 1000.0
    stopping = executed.stops & (np.abs(level - LEAST_AC_CURRENT_A) <= room) & (power_w < stands_for_w)
    other = executed.present & ~stopping & (np.abs(stands_for_w - power_w) > 1000.0 * room)
    return not (small.any() or other.any())


def is_possible(sound: Target, schedule: Schedule, room: float) -> bool:
    """Whether the sound programme, its rows widened by `room`, has a solution with these decisions."""
    problem, formulation, program = sound.problem, sound.formulation, sound.formulation.program
    lower, upper = program.column_lower.copy(), program.column_upper.copy()
    for one in formulation.levels:
        lower[one.columns], upper[one.columns] = one.least, one.most
    columns = formulation.sessions.level
    average = schedule.session_w * problem.grid.hours_h / 1000.0
    average = np.divide(
        average, problem.kwh_per_level, out=np.zeros_like(average), where=problem.kwh_per_level > 0.0
    )
    storage = formulation.storage
    decided = np.concatenate(
        (columns[columns != NO_COLUMN], storage.charge.ravel(), storage.discharge.ravel())
    )
    battery_kw = schedule.battery_w.ravel() / 1000.0
    values = np.concatenate(
        (average[columns != NO_COLUMN], np.maximum(battery_kw, 0.0), np.maximum(-battery_kw, 0.0))
    )
    idle = np.where(columns == NO_COLUMN, average, 0.0)
    if (
        idle.max(initial=0.0) > room
        or (values > upper[decided] + room).any()
        or values.min(initial=0.0) < -room
    ):
        return False
    lower[decided], upper[decided] = values, values
    row_lower, row_upper = program.row_lower - room, program.row_upper + room
    if room == SURELY:
        row_upper += _circle_room(sound)
    return _has_solution(formulation, (lower, upper), (row_lower, row_upper))


def _circle_room(sound: Target) -> FloatArray:
    """How much wider each row of a three-wire line is around the circle than inside it (A)."""
    room = np.zeros(sound.formulation.program.rows)
    scale = np.array([row.scale for row in sound.problem.limits.rows])[:, None]
    limit = np.stack([sound.problem.limits.upper, -sound.problem.limits.lower])
    wider = (1.0 / scale - 1.0) * np.where(scale < 1.0, limit, 0.0)
    numbers = sound.formulation.limits.row_number
    room[numbers[numbers != NO_COLUMN]] = wider[numbers != NO_COLUMN]
    return room


def _has_solution(
    formulation: Formulation, columns: tuple[FloatArray, FloatArray], rows: tuple[FloatArray, FloatArray]
) -> bool:
    program = formulation.program
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = program.columns, program.rows
    model.col_cost_ = np.zeros(program.columns)
    model.col_lower_, model.col_upper_ = columns
    model.row_lower_, model.row_upper_ = rows
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = program.row_start
    model.a_matrix_.index_ = program.column_index
    model.a_matrix_.value_ = program.value
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(model)
    highs.run()
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _is_allowed(sound: Target, schedule: Schedule, room: float) -> bool:
    return keeps_six_amperes(sound.problem, schedule, room) and is_possible(sound, schedule, room)


def told_of(made: Plan) -> Json:
    told: Json = made.model_dump(mode="json", exclude=NOT_COMPARED)
    return told


def differ(one: Any, other: Any, margin: float) -> bool:
    """Whether two JSON values differ, numbers by more than the margin (absolute, and relative)."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() != other.keys() or any(differ(one[key], other[key], margin) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) != len(other) or any(differ(left, right, margin) for left, right in pairs)
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) > margin * max(1.0, abs(other))
    return bool(one != other)


def verdict(sound: Target, made: Plan) -> str:
    """Whether a plan is "right", "wrong", or on the border between them."""
    schedule = decisions_of(made, sound.problem)
    if schedule is None:
        return "wrong"
    facts = PlanFacts(plan_id="", status="optimal", solve=SolveFacts())
    document = plan_document(sound.problem, schedule, uncontrolled(sound.problem), facts)
    told, wanted = told_of(made), told_of(document)
    if not _is_allowed(sound, schedule, SURELY) or differ(told, wanted, FAR):
        return "wrong"
    if _is_allowed(sound, schedule, NEAR) and not differ(told, wanted, NEAR):
        return "right"
    return "on the border"


# --- the sabotage ------------------------------------------------------------------------------------------


@dataclass
class Counts:
    """How many mutants came to which end, and which should have come to another."""

    ends: Counter[str] = field(default_factory=Counter)
    escaped: list[str] = field(default_factory=list)
    wrongly_rejected: list[str] = field(default_factory=list)
    better: list[str] = field(default_factory=list)

    def add(self, name: str, request: PlanRequest, sound: Target, made: Plan, theirs: Plan) -> None:
        """Judge the plan of one mutant, which differs from the sound one."""
        rejected = bool(check_plan(request, theirs).violations)
        truth = verdict(sound, theirs)
        self.ends[f"{truth} and {'rejected' if rejected else 'accepted'}"] += 1
        if truth == "wrong" and not rejected:
            self.escaped.append(name)
        if truth == "right" and rejected:
            self.wrongly_rejected.append(name)
        if truth == "right" and (words := worse_than_certified(made, theirs)):
            self.better.append(f"{name}: of the sound plan, {words}")

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self.ends.items()))
        return f"{ends}; escaped: {self.escaped or 'none'}"


def spoilt_of(sound: Target, change: Callable[..., Any], random: Random) -> Problem | Formulation | None:
    """What a sabotage makes of the problem or of the programme; None where it finds nothing to spoil."""
    if change in PROBLEM:
        problem: Problem = change(sound.problem, random)
        return None if problem is sound.problem else problem
    if change in OBJECTIVE:
        formulation: Formulation = change(sound, random)
        return formulation
    spoilt: Program = change(sound, random)
    same = all(
        np.array_equal(new, old)
        for new, old in zip(vars(spoilt).values(), vars(sound.formulation.program).values(), strict=True)
    )
    return None if same else replace(sound.formulation, program=spoilt)


def plan_of_mutant(request: PlanRequest, spoilt: Problem | Formulation, patch: pytest.MonkeyPatch) -> Plan:
    """The plan of the sabotaged planner."""
    name = "build_problem" if isinstance(spoilt, Problem) else "formulate"
    with patch.context() as inner:
        inner.setattr(planner, name, lambda _given: spoilt)
        return plan(request)


def sabotage_site(seed: int, counts: Counts, patch: pytest.MonkeyPatch) -> None:
    request = next_site(seed)
    sound = target_of(build_problem(request))
    assert sound is not None
    made = plan(request)
    told = told_of(made)
    random = Random(seed)
    done = 0
    for change in random.sample(CHANGES, len(CHANGES)):
        spoilt = spoilt_of(sound, change, random)
        if spoilt is None or done == MUTANTS_PER_SITE:
            continue
        done += 1
        theirs = plan_of_mutant(request, spoilt, patch)
        if told_of(theirs) == told:
            counts.ends["without effect"] += 1
        else:
            counts.add(f"{change.__name__} (seed {seed})", request, sound, made, theirs)


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_wrong_plans_are_rejected_and_dear_plans_are_dearer(
    seeds: range, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    counts = Counts()
    for seed in seeds:
        sabotage_site(seed, counts, monkeypatch)
    sys.stdout.write(f"sabotage of {len(seeds)} sites: {counts}\n")
    rejected = counts.ends["wrong and rejected"]
    wrong = rejected + len(counts.escaped)
    record_property("wrong plans of sabotaged planners", wrong)
    record_property("wrong plans of sabotaged planners, rejected", rejected)
    assert wrong > 2 * len(seeds), str(counts)
    assert rejected >= 0.99 * wrong, str(counts)
    assert counts.wrongly_rejected == []
    assert counts.better == []
