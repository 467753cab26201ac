"""Planning the same site again: the solver starts from where it ended.

Within a quarter-hour mostly figures change: then the programme inside the solver is changed in place. In the next
quarter-hour a new programme takes over the last basis. A basis is a property of the programme, not of the request:
columns and rows are matched by what they stand for (a car, a battery, a board's phase) and when. What is new starts at
its bound. The optimum is the same; it is reached sooner. A warm start that does not get there soon is dropped for a
cold one.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.lexicographic import LexicographicSolver
from kwartier.planning.peaks import PeakTerm
from kwartier.planning.plan import Plan
from kwartier.planning.planner import How, plan_of, schedule_alone, with_times
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.request import PlanRequest
from kwartier.planning.schedule import Schedule
from kwartier.planning.solve import Basis
from kwartier.planning.uncontrolled import uncontrolled
from kwartier.site.document import Site
from kwartier.units.quarter_hour import QUARTER_S

IntArray = npt.NDArray[np.int64]

QUARTER_BITS = 24
# What a programme's columns and rows may be of a thing.
KINDS = (
    "level",
    "short",
    "extra",
    "need",
    "charge",
    "discharge",
    "stored",
    "balance",
    "injection",
    "exchange",
    "peak",
    "peak row",
    "upper limit",
    "lower limit",
)
NO_KEY = -1
NOWHERE = np.zeros(0, dtype=bool)
NO_BASIS = Basis(NOWHERE, NOWHERE, NOWHERE)


@dataclass
class _Numbers:
    """Numbers things (cars, batteries, boards), the same for the same thing in one programme and the next.

    `number_by_name` are the numbers of the last programme, to which those of the next are added.
    """

    number_by_name: dict[Hashable, int]
    next_number: int = 0
    asked: dict[Hashable, int] = field(default_factory=dict)

    def of(self, names: Iterable[Hashable]) -> IntArray:
        """The number of each thing."""
        found = []
        for name in names:
            number = self.number_by_name.get(name)
            if number is None:
                number = self.number_by_name[name] = self.next_number
                self.next_number += 1
            self.asked[name] = number
            found.append(number)
        return np.array(found, dtype=np.int64)

    def forget_the_rest(self) -> None:
        """Forget what was not asked for since the last time: cars come and go for as long as a service runs."""
        self.number_by_name, self.asked = self.asked, {}


def _firsts(kind: str, numbers: IntArray) -> IntArray:
    """The keys of what a programme has of one kind for each of these things, with room for a quarter-hour."""
    return (numbers * len(KINDS) + KINDS.index(kind)) << QUARTER_BITS


def _put(keys: IntArray, table: IntArray, firsts: IntArray, quarters: IntArray) -> None:
    """Into `keys`: for each row of a table of numbers (rows, n) its own first key, a quarter-hour more per step."""
    row, step = np.nonzero(table != NO_COLUMN)
    keys[table[row, step]] = firsts[row] + quarters[step]


def _peak_name(term: PeakTerm) -> tuple[str, str, float, bool]:
    return (term.root, term.name, term.sign, term.begins_later)


def _keys(problem: Problem, formulation: Formulation, names: _Numbers) -> tuple[IntArray, IntArray]:
    """What each column and each row of a programme stands for; NO_KEY for what no other programme has."""
    quarters = (problem.grid.start_s // QUARTER_S).astype(np.int64)
    columns = np.full(formulation.program.columns, NO_KEY, dtype=np.int64)
    rows = np.full(formulation.program.rows, NO_KEY, dtype=np.int64)
    sessions, storage, exchange = formulation.sessions, formulation.storage, formulation.exchange
    cars = names.of((session.expected, session.transaction_id) for session in problem.sessions)
    _put(columns, sessions.level, _firsts("level", cars), quarters)
    columns[sessions.short] = _firsts("short", cars)
    columns[sessions.extra] = _firsts("extra", cars)
    rows[sessions.energy_row] = _firsts("need", cars)
    batteries = names.of(battery.device.name for battery in problem.batteries)
    _put(columns, storage.charge, _firsts("charge", batteries), quarters)
    _put(columns, storage.discharge, _firsts("discharge", batteries), quarters)
    _put(columns, storage.stored, _firsts("stored", batteries), quarters)
    _put(rows, storage.balance_row, _firsts("balance", batteries), quarters)
    roots = names.of(root.name for root in problem.tree.roots)
    _put(columns, exchange.injection, _firsts("injection", roots), quarters)
    root, step = np.nonzero(exchange.injection != NO_COLUMN)
    first = formulation.first_row_by_block["exchange"]
    rows[first : first + len(root)] = _firsts("exchange", roots)[root] + quarters[step]
    peaks = names.of(map(_peak_name, problem.peaks))
    columns[formulation.peaks.peak] = _firsts("peak", peaks)
    _put(rows, formulation.peaks.row_number, _firsts("peak row", peaks), quarters)
    for kind, table in zip(("upper limit", "lower limit"), formulation.limits.row_number, strict=True):
        _put(rows, table, _firsts(kind, np.arange(len(table))), quarters)
    return columns, rows


@dataclass(frozen=True)
class _Memory:
    """The last problem, its formulation with the keys of its columns and rows, its solver, and its last basis."""

    problem: Problem
    formulation: Formulation
    columns: IntArray
    rows: IntArray
    levels: LexicographicSolver
    basis: Basis

    def start(self, columns: IntArray, rows: IntArray) -> Basis:
        """The last basis for a programme with these keys."""
        basic_column, at_upper = np.zeros((2, len(columns)), dtype=bool)
        here, there = _same_places(columns, self.columns)
        basic_column[here], at_upper[here] = self.basis.basic_column[there], self.basis.at_upper[there]
        basic_row = np.ones(len(rows), dtype=bool)
        here, there = _same_places(rows, self.rows)
        basic_row[here] = self.basis.basic_row[there]
        return Basis(basic_column, basic_row, at_upper)


def _things(problem: Problem) -> tuple[object, ...]:
    """What the tables of a formulation run over: steps, cars, batteries, limits and peaks, in order."""
    return (
        (problem.grid.start_s // QUARTER_S).tolist(),
        [(session.expected, session.transaction_id) for session in problem.sessions],
        [battery.device.name for battery in problem.batteries],
        [(row.board, row.phase) for row in problem.limits.rows],
        [_peak_name(term) for term in problem.peaks],
    )


def _same_places(new: IntArray, old: IntArray) -> tuple[IntArray, IntArray]:
    """Where the keys are that both have: in the new ones, and in the old ones."""
    order = np.argsort(old, kind="stable")
    spot = np.searchsorted(old, new, sorter=order)
    here = np.flatnonzero((spot < len(old)) & (new != NO_KEY))
    there = order[spot[here]]
    same = old[there] == new[here]
    return here[same], there[same]


@dataclass(frozen=True)
class Decision:
    """A problem and the schedule that was found for it; where solving failed, charging on arrival."""

    problem: Problem
    schedule: Schedule


@dataclass
class Replanner:
    """Plans one site again and again, each time from where the last plan ended.

    Within a quarter-hour, where new meter values, forecasts and states of charge change figures only, the solver's
    programme is kept and changed in place; in the next one its basis is carried over. The plans are as good as those
    of `plan`; among equals another one may be taken. Not safe for use by several threads at once. Example:
    `replanner = Replanner(); replanner.plan(request); replanner.plan(next_request)`.
    """

    _names: _Numbers = field(default_factory=lambda: _Numbers({}))
    _memory: _Memory | None = None
    _judged: Site | None = None

    def plan(
        self, request: PlanRequest, *, previous: Plan | None = None, budget_s: float | None = None
    ) -> Plan:
        """The plan of a request, like `kwartier.plan`; raises InvalidRequest like it."""
        started = perf_counter()
        problem = build_problem(request)
        understood = perf_counter()
        # Whatever goes wrong from here on leaves nothing behind to start from.
        memory, self._memory = self._memory, None
        ready = self._ready(memory, problem)
        built = perf_counter()
        document, basis = plan_of(problem, ready.formulation, How(previous, budget_s, ready.levels))
        if basis is not None:
            self._memory = replace(ready, basis=basis)
        return with_times(document, understood - started, built - understood)

    def decide(self, request: PlanRequest, *, horizon_days: float | None = None) -> Decision:
        """What the plan of a request decides, without its document; raises InvalidRequest like `plan`.

        `horizon_days` x 24 h instead of the horizon that the site document says.
        """
        is_judged = self._judged is request.site
        problem = build_problem(request, horizon_days=horizon_days, is_site_judged=is_judged)
        self._judged = request.site
        memory, self._memory = self._memory, None
        ready = self._ready(memory, problem)
        schedule, basis = schedule_alone(problem, ready.formulation, How(warm=ready.levels))
        if basis is not None:
            self._memory = replace(ready, basis=basis)
        return Decision(problem, uncontrolled(problem) if schedule is None else schedule)

    def _ready(self, memory: _Memory | None, problem: Problem) -> _Memory:
        """The formulation of a problem and a solver for it: the last one changed in place, else a new one.

        A new one starts from the last basis, where there is one.
        """
        if memory is not None and _things(problem) == _things(memory.problem):
            formulation = formulate(problem, kept=memory.formulation)
            if formulation.program.same_places(memory.formulation.program):
                memory.levels.change_to(formulation, memory.basis)
                return replace(memory, problem=problem, formulation=formulation)
        else:
            formulation = formulate(problem)
        columns, rows = _keys(problem, formulation, self._names)
        self._names.forget_the_rest()
        if memory is None:
            return _Memory(problem, formulation, columns, rows, LexicographicSolver(formulation), NO_BASIS)
        start, held = memory.start(columns, rows), memory.levels.all_levels_held
        levels = LexicographicSolver(formulation, start, all_levels_may_hold=held)
        return _Memory(problem, formulation, columns, rows, levels, start)
