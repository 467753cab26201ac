"""Current limits of collectors and limits of the grid operator: who exceeds them, and whether the fixed load did it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from kwartier.planning.check.flow import Flow
from kwartier.planning.check.grid import FloatArray, Grid
from kwartier.planning.check.result import Report
from kwartier.planning.check.tolerances import CURRENT, FLOAT_NOISE, POWER, Tolerance
from kwartier.planning.check.tree import Network, Node
from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.planning.plan import LimitViolation
from kwartier.planning.request import PlanRequest

# What a plan says that it exceeds, with its number in the plan's list.
Claim: TypeAlias = tuple[int, LimitViolation]
# A collector, one of its phases or its power (None), and a step.
Place: TypeAlias = tuple[str, str | None, int]


@dataclass(frozen=True)
class Limits:
    """Every limit of every collector per step: currents (A), offtake and injection (W), each a list of rows."""

    current_a_by_collector: dict[str, list[FloatArray]]
    offtake_w_by_collector: dict[str, list[FloatArray]]
    injection_w_by_collector: dict[str, list[FloatArray]]


def read_limits(request: PlanRequest, network: Network, grid: Grid) -> Limits:
    """The limits of a request; the grid operator's hold in every step that they touch, elsewhere they are infinite."""
    limits = Limits(
        {name: [np.full(grid.step_count, node.limit_a)] for name, node in network.nodes.items()},
        {name: [] for name in network.nodes},
        {name: [] for name in network.nodes},
    )
    for limit in request.limits:
        if limit.collector not in network.nodes:
            raise UnusableRequestError(f"limits name the collector {limit.collector!r}, which does not exist")
        touched = grid.share(limit.start.timestamp(), limit.end.timestamp()) > 0
        for value, rows in (
            (limit.current_a, limits.current_a_by_collector),
            (limit.offtake_w, limits.offtake_w_by_collector),
            (limit.injection_w, limits.injection_w_by_collector),
        ):
            if value is not None:
                rows[limit.collector].append(np.where(touched, value, np.inf))
    return limits


@dataclass(frozen=True)
class LimitRow:
    """One limited quantity over all steps, counted positive towards its limits.

    `worst_number` is its largest quarter-hour in each step, `fixed_number` what the fixed load alone would make of it,
    both in the unit of the tolerance; `ampere_per_unit_ratio` turns an excess into amperes.
    """

    collector: str
    phase: str | None
    direction: str
    tolerance: Tolerance
    worst_number: FloatArray
    fixed_number: FloatArray
    limit_numbers: list[FloatArray]
    ampere_per_unit_ratio: float

    @cached_property
    def tightest_number(self) -> FloatArray:
        """The smallest limit in each step."""
        return np.asarray(np.minimum.reduce(self.limit_numbers))

    @cached_property
    def excess_a(self) -> FloatArray:
        """Amperes above the tightest limit in the steps where the fixed load alone breaks it, 0 elsewhere."""
        tightest = self.tightest_number
        broken = self.fixed_number > tightest + FLOAT_NOISE
        counted = broken & self.tolerance.exceeds(self.worst_number, tightest)
        excess = np.where(counted, self.worst_number - np.where(counted, tightest, 0.0), 0.0)
        return np.asarray(excess * self.ampere_per_unit_ratio)

    @property
    def place(self) -> str:
        """Where it is, for a violation's path."""
        return f"collectors.{self.collector}" + (f".current_a.{self.phase}" if self.phase else ".power_w")


def limit_rows(limits: Limits, fixed: Flow, running: Flow, grid: Grid) -> list[LimitRow]:
    """Every limited quantity of a site, given the fixed load per piece and all planned power per step."""
    rows: list[LimitRow] = []
    for name, node in fixed.network.nodes.items():
        alone = fixed.current_a_by_collector[name]
        controlled = running.current_a_by_collector[name]
        together = {phase: alone[phase] + controlled[phase][grid.piece_step] for phase in node.phases}
        if node.has_lines_of_pairs:
            alone, together = node.line_currents_a(alone), node.line_currents_a(together)
        rows += _current_rows(node, alone, together, limits, grid)
        total_w = fixed.total_w(name), fixed.total_w(name) + running.total_w(name)[grid.piece_step]
        rows += _power_rows(node, *total_w, limits, grid)
    return rows


def _current_rows(
    node: Node, alone_a: dict[str, FloatArray], together_a: dict[str, FloatArray], limits: Limits, grid: Grid
) -> list[LimitRow]:
    # A magnitude has no lower side; the current of one pair has, like that of a phase.
    signs = (("magnitude", 1.0),) if node.has_lines_of_pairs else (("consumed", 1.0), ("delivered", -1.0))
    return [
        LimitRow(
            collector=node.name,
            phase=phase,
            direction=direction,
            tolerance=CURRENT,
            worst_number=np.maximum.reduceat(sign * together_a[phase], grid.first_piece_index),
            fixed_number=np.maximum.reduceat(sign * alone_a[phase], grid.first_piece_index),
            limit_numbers=limits.current_a_by_collector[node.name],
            ampere_per_unit_ratio=1.0,
        )
        for phase in together_a
        for direction, sign in signs
    ]


def _power_rows(
    node: Node, alone_w: FloatArray, together_w: FloatArray, limits: Limits, grid: Grid
) -> list[LimitRow]:
    sides = (
        ("offtake", 1.0, limits.offtake_w_by_collector[node.name]),
        ("injection", -1.0, limits.injection_w_by_collector[node.name]),
    )
    return [
        LimitRow(
            collector=node.name,
            phase=None,
            direction=direction,
            tolerance=POWER,
            worst_number=np.maximum.reduceat(sign * together_w, grid.first_piece_index),
            fixed_number=np.maximum.reduceat(sign * alone_w, grid.first_piece_index),
            limit_numbers=limit_w,
            ampere_per_unit_ratio=1 / (node.voltage_v * len(node.phases)),
        )
        for direction, sign, limit_w in sides
        if limit_w
    ]


def total_excess_ah(rows: list[LimitRow], hours: FloatArray) -> float:
    """Ampere-hours above limits that the fixed load alone breaks, both directions counted."""
    return float(sum(np.sum(row.excess_a * hours) for row in rows))


def check_limits(rows: list[LimitRow], declared: list[LimitViolation], report: Report) -> None:
    """Report every excess that is not the fixed load's doing, not declared, or declared with another size."""
    open_claims: dict[Place, list[Claim]] = defaultdict(list)
    for index, claim in enumerate(declared):
        open_claims[claim.collector, claim.phase, claim.step].append((index, claim))
    for row in rows:
        _check_avoidable(row, report)
        for step in np.flatnonzero(row.excess_a > 0).tolist():
            _take_claim(row, step, open_claims[row.collector, row.phase, step], report)
    for index, claim in sorted(chain.from_iterable(open_claims.values()), key=itemgetter(0)):
        if not any(_is_true(row, claim) for row in rows if _is_about(row, claim)):
            report.add(
                "limit.declared",
                f"limit_violations.{index}",
                f"collector {claim.collector} is said to exceed a limit in step {claim.step}, and does not so",
                observed=_claimed(claim)[0],
                allowed=_claimed(claim)[1],
                step=claim.step,
            )


def _check_avoidable(row: LimitRow, report: Report) -> None:
    """No limit may be exceeded where the fixed load alone keeps it."""
    avoidable = np.zeros(len(row.worst_number), dtype=bool)
    allowed = row.tightest_number
    for limit in row.limit_numbers:
        bad = row.tolerance.exceeds(row.worst_number, limit) & (row.fixed_number <= limit + FLOAT_NOISE)
        allowed = np.where(bad & ~avoidable, limit, allowed)
        avoidable |= bad
    rule, what = ("limit.current", row.phase) if row.phase else ("limit.power", "power")
    words = f"collector {row.collector}, {what}: too much ({row.direction})"
    report.steps(
        rule, row.place, avoidable, words, observed=row.worst_number, allowed=allowed, unit=row.tolerance.unit
    )


def _take_claim(row: LimitRow, step: int, mine: list[Claim], report: Report) -> None:
    """Find the plan's declaration of an excess, and report where there is none or it says something else."""
    right = [entry for entry in mine if _is_true(row, entry[1])]
    worst, limit = float(row.worst_number[step]), float(row.tightest_number[step])
    unit = row.tolerance.unit
    if right:
        mine.remove(right[0])
        return
    if mine:
        said, said_limit = _claimed(mine.pop(0)[1])
        text = f"declared {said} of {said_limit} {unit}, recomputed {worst:.10g} of {limit:.10g} {unit}"
        report.add("limit.declared", row.place, text, observed=said, allowed=worst, step=step)
        return
    text = f"{worst:.10g} {unit} exceed {limit:.10g} {unit} in step {step}, and the plan does not list it"
    report.add("limit.undeclared", row.place, text, observed=worst, allowed=limit, step=step)


def _claimed(claim: LimitViolation) -> tuple[float | None, float | None]:
    return (claim.power_w, claim.limit_w) if claim.phase is None else (claim.current_a, claim.limit_a)


def _is_about(row: LimitRow, claim: LimitViolation) -> bool:
    return row.collector == claim.collector and row.phase == claim.phase


def _is_true(row: LimitRow, claim: LimitViolation) -> bool:
    """Whether a row really has the size that a claim says, at or above its limit. A claim's sign is free."""
    said, said_limit = _claimed(claim)
    if said is None or said_limit is None or not 0 <= claim.step < len(row.worst_number):
        return False
    worst, limit = float(row.worst_number[claim.step]), float(row.tightest_number[claim.step])
    same = not row.tolerance.differs(abs(said), worst) and not row.tolerance.differs(abs(said_limit), limit)
    return same and not row.tolerance.exceeds(limit, worst)
