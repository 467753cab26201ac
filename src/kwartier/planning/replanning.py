"""Planning the same site again: the next quarter-hour starts from where the last one ended.

A basis is a property of the programme, not of the request: columns and rows are matched by what they stand for (a
car, a battery, a board's phase) and when. What is new starts at its bound. The optimum is the same; it is reached
sooner. A warm start that takes too long is dropped for a cold one.
"""

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.plan import Plan
from kwartier.planning.planner import How, plan_of, with_times
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.request import PlanRequest
from kwartier.planning.solve import Basis
from kwartier.units.quarter_hour import QUARTER_S

IntArray = npt.NDArray[np.int64]

QUARTER_BITS = 24
NO_KEY = -1


@dataclass
class _Keys:
    """Numbers what columns and rows stand for, the same for the same thing in every programme."""

    number_by_name: dict[tuple[str, object], int]

    def of(self, kind: str, name: object) -> int:
        """The number of a thing, shifted to leave room for a quarter-hour."""
        return self.number_by_name.setdefault((kind, name), len(self.number_by_name)) << QUARTER_BITS


def _put(keys: IntArray, numbers: IntArray, values: IntArray) -> None:
    there = numbers != NO_COLUMN
    keys[numbers[there]] = np.broadcast_to(values, numbers.shape)[there]


def _column_keys(problem: Problem, formulation: Formulation, names: _Keys) -> IntArray:
    quarters = (problem.grid.start_s // QUARTER_S).astype(np.int64)
    keys = np.full(formulation.program.columns, NO_KEY, dtype=np.int64)
    sessions, storage, exchange = formulation.sessions, formulation.storage, formulation.exchange
    for index, session in enumerate(problem.sessions):
        name = (session.expected, session.transaction_id)
        _put(keys, sessions.level[index], names.of("level", name) + quarters)
        for kind, columns in (("short", sessions.short), ("extra", sessions.extra)):
            keys[columns[index]] = names.of(kind, name)
    for index, battery in enumerate(problem.batteries):
        for kind, table in (
            ("charge", storage.charge),
            ("discharge", storage.discharge),
            ("stored", storage.stored),
        ):
            keys[table[index]] = names.of(kind, battery.device.name) + quarters
    for index, root in enumerate(problem.tree.roots):
        _put(keys, exchange.injection[index], names.of("injection", root.name) + quarters)
    for column, term in zip(formulation.peaks.peak, problem.peaks, strict=True):
        keys[column] = names.of("peak", (term.root, term.name, term.sign, term.begins_later))
    return keys


def _row_keys(problem: Problem, formulation: Formulation, names: _Keys) -> IntArray:
    quarters = (problem.grid.start_s // QUARTER_S).astype(np.int64)
    keys = np.full(formulation.program.rows, NO_KEY, dtype=np.int64)
    for index, session in enumerate(problem.sessions):
        keys[formulation.sessions.energy_row[index]] = names.of(
            "need", (session.expected, session.transaction_id)
        )
    for index, battery in enumerate(problem.batteries):
        keys[formulation.storage.balance_row[index]] = names.of("balance", battery.device.name) + quarters
    numbers = formulation.limits.row_number
    for side in range(len(numbers)):
        for index in range(len(problem.limits.rows)):
            _put(keys, numbers[side, index], names.of("limit", (side, index)) + quarters)
    for index, term in enumerate(problem.peaks):
        name = (term.root, term.name, term.sign, term.begins_later)
        _put(keys, formulation.peaks.row_number[index], names.of("peak row", name) + quarters)
    root, step = np.nonzero(formulation.exchange.injection != NO_COLUMN)
    first = formulation.first_row_by_block["exchange"]
    roots = np.array([names.of("exchange", board.name) for board in problem.tree.roots], dtype=np.int64)
    keys[first : first + len(root)] = roots[root] + quarters[step]
    return keys


@dataclass(frozen=True)
class _Memory:
    """The last basis with the keys of its columns and rows."""

    basis: Basis
    columns: IntArray
    rows: IntArray


def _mapped(
    values: npt.NDArray[np.bool_], old: IntArray, new: IntArray, *, otherwise: bool
) -> npt.NDArray[np.bool_]:
    """Values of the old keys at the new ones."""
    order = np.argsort(old, kind="stable")
    place = np.clip(np.searchsorted(old[order], new), 0, max(0, len(old) - 1))
    found = (old[order][place] == new) & (new != NO_KEY) if len(old) else np.zeros(len(new), dtype=bool)
    return np.where(found, values[order][place], otherwise) if len(old) else np.full(len(new), otherwise)


@dataclass
class Replanner:
    """Plans one site quarter-hour after quarter-hour, each time from the last basis.

    The plans are as good as those of `plan`; among equals another one may be taken. Not safe for use by several threads
    at once. Example: `replanner = Replanner(); replanner.plan(request); replanner.plan(next_request)`.
    """

    _names: _Keys = field(default_factory=lambda: _Keys({}))
    _memory: _Memory | None = None

    def plan(
        self, request: PlanRequest, *, previous: Plan | None = None, budget_s: float | None = None
    ) -> Plan:
        """The plan of a request, like `kwartier.plan`; raises InvalidRequest like it."""
        started = perf_counter()
        problem = build_problem(request)
        understood = perf_counter()
        formulation = formulate(problem)
        columns = _column_keys(problem, formulation, self._names)
        rows = _row_keys(problem, formulation, self._names)
        start = None if self._memory is None else self._start(self._memory, columns, rows)
        built = perf_counter()
        document, basis = plan_of(problem, formulation, How(previous, budget_s, start, keep_basis=True))
        self._memory = None if basis is None else _Memory(basis, columns, rows)
        return with_times(document, understood - started, built - understood)

    def _start(self, memory: _Memory, columns: IntArray, rows: IntArray) -> Basis:
        return Basis(
            basic_column=_mapped(memory.basis.basic_column, memory.columns, columns, otherwise=False),
            basic_row=_mapped(memory.basis.basic_row, memory.rows, rows, otherwise=True),
            at_upper=_mapped(memory.basis.at_upper, memory.columns, columns, otherwise=False),
        )
