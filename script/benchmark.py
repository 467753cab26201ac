#!/usr/bin/env python3
"""How long `plan()` takes, beside two yardsticks and a bare linear programme; started by script/bench.

Everything is measured in one run, in turns: after each case a yardstick or a case with an aim, and among the cases the
one that has had the least time so far. A machine that gets slower for a while then slows all figures alike.
"""

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from figures.measured_page import write_measured
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.planner import plan
from kwartier.planning.problem import build_problem
from kwartier.planning.program import Program
from kwartier.planning.replanning import Replanner
from kwartier.planning.request import PlanRequest
from kwartier.testing.hub_requests import hub_request
from kwartier.testing.later_requests import later_request

FloatArray = npt.NDArray[np.float64]
Json = dict[str, Any]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmark.md"
POLES, DAYS, TIGHTNESS = (10, 50, 200), (1, 2, 3), (1.0, 0.3, 0.2)
SEEDS = 5
DEFAULT_S, QUICK_S = 180.0, 30.0
# What the bare programme pays for each kWh or Ah that a level lacks: more than any money can make up for.
BARE_PENALTY_EUR = 1000.0
FRESH_IMPORTS = 5
FRESH_IMPORT = """
from time import perf_counter, process_time
wall, cpu = perf_counter(), process_time()
import kwartier.planning.planner
print((perf_counter() - wall) * 1000.0, (process_time() - cpu) * 1000.0)
"""
FRESH_PLAN = """
import sys
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest
from kwartier.testing.hub_requests import hub_request
plan(PlanRequest.model_validate(hub_request(int(sys.argv[1]), int(sys.argv[2]))))
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) / 1024.0)
"""


@dataclass(frozen=True)
class Case:
    """One size of hub: poles, days of 96 steps, how tight its boards are, and whether the month has begun."""

    poles: int
    days: int
    tightness: float
    first_of_month: bool

    @property
    def size(self) -> str:
        """Poles × steps."""
        return f"{self.poles}×{96 * self.days}"

    @property
    def site(self) -> str:
        """How tight, in words."""
        return "loose" if self.tightness == 1.0 else f"tight {self.tightness}"

    def document(self, seed: int) -> Json:
        """The hub with the cars and prices of this seed, as JSON."""
        return hub_request(self.poles, self.days, self.tightness, seed, first_of_month=self.first_of_month)

    def request(self, seed: int) -> PlanRequest:
        """The hub with the cars and prices of this seed."""
        return PlanRequest.model_validate(self.document(seed))


AIM_MS = {Case(50, 1, 1.0, first_of_month=False): 80.0, Case(200, 3, 1.0, first_of_month=False): 500.0}
ALL_CASES = [
    Case(poles, days, tightness, first_of_month)
    for first_of_month in (False, True)
    for poles in POLES
    for days in DAYS
    for tightness in TIGHTNESS
]
QUICK_CASES = [case for case in ALL_CASES if case in AIM_MS or (case.days == 1 and case.poles < 200)]


@dataclass(frozen=True)
class Sample:
    """One run, in ms. A yardstick has wall-clock and CPU time only; `cold` is the same request planned afresh."""

    wall_ms: float
    cpu_ms: float
    seed: int = 0
    build_ms: float = 0.0
    solve_ms: float = 0.0
    other_ms: float = 0.0
    bare_ms: float = 0.0
    rows: int = 0
    columns: int = 0
    nonzeros: int = 0
    gap: float = 0.0
    cold_wall_ms: float = 0.0
    cold_solve_ms: float = 0.0


@dataclass
class Work:
    """Something to measure again and again: `run` is given the number of the run."""

    run: Callable[[int], Sample]
    spent_s: float = 0.0
    samples: list[Sample] = field(default_factory=list)

    def values(self, name: str) -> list[float]:
        """One figure of all runs."""
        return [getattr(sample, name) for sample in self.samples]

    def p50(self, name: str = "wall_ms") -> float:
        """The median of one figure."""
        return median(self.values(name))

    def p99(self) -> float:
        """99 % of the runs took at most this long; the slowest run where there are fewer than 100."""
        return float(np.percentile(self.values("wall_ms"), 99, method="higher"))


@dataclass
class Measured:
    """All of one run."""

    cases: dict[Case, Work]
    yardsticks: dict[str, Work]
    again: dict[str, Work]
    imports: list[Sample]
    memory_mib: dict[Case, float]
    load_before: tuple[float, float, float]
    load_after: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def often(self) -> list[Work]:
        """What is measured after each case: the yardsticks, the cases with an aim, and planning again."""
        aims = [self.cases[case] for case in AIM_MS]
        return [*self.yardsticks.values(), *aims, *self.again.values()]

    @property
    def others(self) -> list[Work]:
        """The cases without an aim."""
        return [work for case, work in self.cases.items() if case not in AIM_MS]


# --- what is measured ---------------------------------------------------------------------------------------


def timed(action: Callable[[], object]) -> Sample:
    """Wall-clock and CPU time of an action, the garbage of earlier runs cleared away first."""
    gc.collect()
    wall, cpu = perf_counter(), process_time()
    action()
    return Sample(wall_ms=(perf_counter() - wall) * 1000.0, cpu_ms=(process_time() - cpu) * 1000.0)


def run_plan(case: Case, number: int) -> Sample:
    """One plan of a case, and right after it the bare programme of the same request."""
    seed = 1 + number % SEEDS
    request = case.request(seed)
    answers = []
    times = timed(lambda: answers.append(plan(request)))
    facts = answers[0].solve
    bare = run_bare(formulate(build_problem(request)))
    return Sample(
        wall_ms=times.wall_ms,
        cpu_ms=times.cpu_ms,
        seed=seed,
        build_ms=facts.build_ms,
        solve_ms=facts.solve_ms,
        other_ms=facts.other_ms,
        bare_ms=bare.wall_ms,
        rows=facts.rows,
        columns=facts.columns,
        nonzeros=facts.nonzeros,
        gap=facts.gap,
    )


def run_bare(formulation: Formulation) -> Sample:
    """One cold solve of the same programme, told beforehand whether every level above the money can be kept in full.

    Where it can, those levels are bounds, which is the easiest to solve. Where it cannot, a high price stands on what
    they lack. Both are one solve for one objective, where a plan of the second kind takes one for each level.
    """
    program, costs = with_levels_kept(formulation)
    bare = timed(partial(solve_cold, program, costs))
    if not solve_cold(program, costs):
        program, costs = with_levels_priced(formulation)
        bare = timed(partial(solve_cold, program, costs))
    return bare


def with_levels_kept(formulation: Formulation) -> tuple[Program, FloatArray]:
    """The programme with every level at the least it can be, and the money as its cost."""
    lower, upper = formulation.program.column_lower.copy(), formulation.program.column_upper.copy()
    for level in formulation.levels:
        lower[level.columns] = upper[level.columns] = level.least
    program = replace(formulation.program, column_lower=lower, column_upper=upper)
    return program, formulation.money_eur


def with_levels_priced(formulation: Formulation) -> tuple[Program, FloatArray]:
    """The programme with every level open, and as its cost the money and a high price on what the levels lack."""
    upper, costs = formulation.program.column_upper.copy(), formulation.money_eur.copy()
    for level in formulation.levels:
        upper[level.columns] = level.most
        costs[level.columns] += BARE_PENALTY_EUR * level.weights
    return replace(formulation.program, column_upper=upper), costs


def solve_cold(program: Program, costs: FloatArray) -> bool:
    """Hand the arrays to HiGHS and run it, on one thread, from nothing; whether the programme has a solution."""
    solver = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1)):
        solver.setOptionValue(name, setting)
    solver.passModel(
        program.columns,
        program.rows,
        program.nonzeros,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        costs,
        program.column_lower,
        program.column_upper,
        program.row_lower,
        program.row_upper,
        program.row_start,
        program.column_index,
        program.value,
        np.zeros(program.columns, dtype=np.int32),
    )
    solver.run()
    status, kinds = solver.getModelStatus(), highspy.HighsModelStatus
    if status not in (kinds.kOptimal, kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        raise RuntimeError(f"the bare programme ended as {status}")
    return status == kinds.kOptimal


def run_again(case: Case, moved: Callable[[Json, Random], Json], number: int) -> Sample:
    """A request planned from where the last plan ended, and the same one planned afresh.

    The programme has been through two plans before: the first has nothing to start from, the second may find rows that
    could not bind in the first.
    """
    seed, random = 1 + number % SEEDS, Random(number)  # noqa: S311  instances, not secrets
    replanner = Replanner()
    document = case.document(seed)
    replanner.plan(PlanRequest.model_validate(document))
    settled = later_request if moved is next_quarter_hour else moved
    replanner.plan(PlanRequest.model_validate(settled(document, random)))
    request = PlanRequest.model_validate(moved(document, random))
    answers = []
    times = timed(lambda: answers.append(replanner.plan(request)))
    cold = timed(lambda: answers.append(plan(request)))
    warm_facts, cold_facts = (answer.solve for answer in answers)
    return replace(
        times,
        seed=seed,
        build_ms=warm_facts.build_ms,
        solve_ms=warm_facts.solve_ms,
        other_ms=warm_facts.other_ms,
        cold_wall_ms=cold.wall_ms,
        cold_solve_ms=cold_facts.solve_ms,
    )


def new_meter_values(document: Json, random: Random) -> Json:
    """The same moment, forecasts and cars, with other energy in the running quarter-hour and other states of charge."""
    later = later_request(document, random)
    same = ("at", "forecasts", "transactions", "day_ahead")
    so_far = {"grid": {"offtake_wh": random.uniform(0.0, 2_000.0), "injection_wh": 0.0}}
    return (
        later
        | {name: document[name] for name in same}
        | {"state": later["state"] | {"quarter_so_far": so_far}}
    )


def next_quarter_hour(document: Json, random: Random) -> Json:
    """The request a quarter-hour later: a day ends a quarter-hour later, too, with the figures of its start."""
    moment = datetime.fromisoformat(document["at"]) + timedelta(minutes=15)
    later = later_request(document, random)
    return later | {"at": moment.isoformat()}


AGAIN: dict[str, Callable[[Json, Random], Json]] = {
    "same step, new meter values": new_meter_values,
    "same step, every figure new": later_request,
    "next quarter-hour, every figure new": next_quarter_hour,
}


def count_and_sort() -> None:
    """A yardstick of the interpreter and of numpy: no solver, no matrix product."""
    total = 0
    for number in range(100_000):
        total += number * number % 7
    values = np.random.default_rng(1).random(200_000)
    np.cumsum(values[np.argsort(values)])


def yardstick_program() -> tuple[Program, FloatArray]:
    """A programme that never changes: 400 rows of six random entries each ask for something of 600 columns."""
    random = np.random.default_rng(1)
    rows, columns, per_row = 400, 600, 6
    index = np.array([random.choice(columns, per_row, replace=False) for _ in range(rows)])
    program = Program(
        column_lower=np.zeros(columns),
        column_upper=np.full(columns, 10.0),
        row_lower=random.uniform(1.0, 5.0, rows),
        row_upper=np.full(rows, np.inf),
        row_start=np.arange(0, rows * per_row + 1, per_row, dtype=np.int32),
        column_index=index.ravel().astype(np.int32),
        value=random.uniform(0.5, 1.5, rows * per_row),
    )
    return program, random.uniform(1.0, 3.0, columns)


def fresh(code: str, *arguments: str) -> list[float]:
    """The numbers that a piece of code prints in a process of its own, which finds its modules compiled."""
    command = [sys.executable, "-c", code, *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    return [float(number) for number in done.stdout.split()]


def fresh_import() -> Sample:
    """How long importing the planner takes in a fresh process."""
    wall_ms, cpu_ms = fresh(FRESH_IMPORT)
    return Sample(wall_ms, cpu_ms)


def fresh_imports() -> list[Sample]:
    """Several fresh imports; the first process writes the bytecode and is not counted."""
    return [fresh_import() for _ in range(FRESH_IMPORTS + 1)][1:]


# --- one run ------------------------------------------------------------------------------------------------


def planned_work(cases: list[Case]) -> Measured:
    """Everything still to be measured, and what is measured once: imports and memory."""
    program, costs = yardstick_program()
    return Measured(
        cases={case: Work(partial(run_plan, case)) for case in cases},
        yardsticks={
            "Python and numpy": Work(lambda _: timed(count_and_sort)),
            "fixed programme": Work(lambda _: timed(lambda: solve_cold(program, costs))),
        },
        again={name: Work(partial(run_again, next(iter(AIM_MS)), moved)) for name, moved in AGAIN.items()},
        load_before=os.getloadavg(),
        imports=fresh_imports(),
        memory_mib={case: fresh(FRESH_PLAN, str(case.poles), str(case.days))[0] for case in AIM_MS},
    )


def measure(cases: list[Case], budget_s: float) -> Measured:
    """Measure in turns until the time is up, each case at least once."""
    measured = planned_work(cases)
    for one in measured.often:
        one.run(0)  # the first run of all loads libraries, and is not counted
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("measuring", total=budget_s)
        started = perf_counter()
        while perf_counter() - started < budget_s or any(not one.samples for one in measured.others):
            run_once(min(measured.others, key=lambda work: work.spent_s))
            run_once(min(measured.often, key=lambda work: len(work.samples)))
            progress.update(bar, completed=perf_counter() - started, description=so_far(measured))
    measured.load_after = os.getloadavg()
    return measured


def run_once(work: Work) -> None:
    """One more run, whatever it takes."""
    started = perf_counter()
    work.samples.append(work.run(len(work.samples)))
    work.spent_s += perf_counter() - started


def so_far(measured: Measured) -> str:
    """How many runs there are, and how many cases have none yet: each gets one, if need be after the time is up."""
    runs = sum(len(work.samples) for work in (*measured.others, *measured.often))
    waiting = sum(not work.samples for work in measured.others)
    return f"{runs} runs, {waiting} cases to go" if waiting else f"{runs} runs"


# --- what is said about it ----------------------------------------------------------------------------------

HEADINGS = (
    "hub",
    "boards",
    "runs",
    "p50",
    "p99",
    "build",
    "solve",
    "other",
    "CPU",
    "bare",
    "÷bare",
    "÷fixed",
)


def case_row(case: Case, work: Work, fixed_ms: float) -> list[str]:
    """One line of the table."""
    times = (work.p50(), work.p99(), *(work.p50(f"{part}_ms") for part in ("build", "solve", "other", "cpu")))
    ratio = median(sample.wall_ms / sample.bare_ms for sample in work.samples)
    return [
        case.size,
        case.site,
        str(len(work.samples)),
        *(f"{time_ms:.0f}" for time_ms in (*times, work.p50("bare_ms"))),
        f"{ratio:.1f}",
        f"{work.p50() / fixed_ms:.1f}",
    ]


def tables(measured: Measured) -> dict[str, list[list[str]]]:
    """The rows by heading: mid-month and first of the month apart."""
    fixed_ms = measured.yardsticks["fixed programme"].p50()
    return {
        title: [
            case_row(case, work, fixed_ms)
            for case, work in measured.cases.items()
            if case.first_of_month is first_of_month
        ]
        for title, first_of_month in (("Mid-month", False), ("First of the month", True))
    }


def aims(measured: Measured) -> list[list[str]]:
    """What is aimed for, what was measured, and whether it holds."""
    rows = []
    for case, aim_ms in AIM_MS.items():
        work = measured.cases[case]
        name = f"{case.size}, loose, mid-month: p50 of the whole"
        fastest_ms = min(work.values("wall_ms"))
        figures = f"{work.p50():.0f} ms (fastest {fastest_ms:.0f}, CPU {work.p50('cpu_ms'):.0f})"
        rows.append([name, f"≤ {aim_ms:.0f} ms", figures, verdict(holds=work.p50() <= aim_ms)])
    rows += [build_aim(measured), bare_aim(measured)]
    import_ms = median(sample.wall_ms for sample in measured.imports)
    import_cpu_ms = median(sample.cpu_ms for sample in measured.imports)
    figures = f"{import_ms:.0f} ms (CPU {import_cpu_ms:.0f})"
    rows.append(
        ["import of the planner, fresh process", "≤ 500 ms", figures, verdict(holds=import_ms <= 500)]
    )
    rows += [
        [
            f"memory of a fresh process after one plan of {case.size}",
            "≤ 120 MiB",
            f"{peak_mib:.0f} MiB",
            verdict(holds=peak_mib <= 120),
        ]
        for case, peak_mib in measured.memory_mib.items()
    ]
    return rows


def build_aim(measured: Measured) -> list[str]:
    """Building against solving: how many cases hold, and the worst one."""
    shares = {case: work.p50("build_ms") / work.p50("solve_ms") for case, work in measured.cases.items()}
    kept = sum(share <= 0.25 for share in shares.values())
    worst = max(shares, key=lambda case: shares[case])
    month = "first of the month" if worst.first_of_month else "mid-month"
    figures = (
        f"{kept} of {len(shares)} cases; worst {shares[worst]:.2f} ({worst.size}, {worst.site}, {month})"
    )
    return ["building ÷ solving, medians", "≤ 0.25 everywhere", figures, verdict(holds=kept == len(shares))]


def bare_aim(measured: Measured) -> list[str]:
    """The whole plan against building plus one cold solve, run by run."""
    case = next(iter(AIM_MS))
    ratio = median(
        sample.wall_ms / (sample.build_ms + sample.bare_ms) for sample in measured.cases[case].samples
    )
    name = f"{case.size}, loose, mid-month: whole ÷ (build + bare)"
    return [name, "≤ 2", f"{ratio:.1f}", verdict(holds=ratio <= 2)]


def verdict(*, holds: bool) -> str:
    """One word."""
    return "holds" if holds else "**does not hold**"


def machine(measured: Measured) -> dict[str, str]:
    """What the figures depend on; no names of machines."""
    return {
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "highspy": version("highspy"),
        "numpy": version("numpy"),
        "load before": " ".join(f"{load:.2f}" for load in measured.load_before),
        "load after": " ".join(f"{load:.2f}" for load in measured.load_after),
    }


def again_rows(measured: Measured) -> list[list[str]]:
    """Planning again: times of the plan that goes on from the last one, and how much quicker it is than afresh."""
    rows = []
    for name, work in measured.again.items():
        solve = median(sample.cold_solve_ms / sample.solve_ms for sample in work.samples)
        whole = median(sample.cold_wall_ms / sample.wall_ms for sample in work.samples)
        times = (work.p50(), work.p50("build_ms"), work.p50("solve_ms"))
        figures = (f"{solve:.1f}", f"{whole:.1f}")
        rows.append([name, str(len(work.samples)), *(f"{ms:.1f}" for ms in times), *figures])
    return rows


def yardstick_rows(measured: Measured) -> list[list[str]]:
    """Both yardsticks: runs, wall-clock p50 and p99, CPU."""
    return [
        [name, str(len(work.samples)), *(f"{ms:.1f}" for ms in (work.p50(), work.p99(), work.p50("cpu_ms")))]
        for name, work in measured.yardsticks.items()
    ]


YARDSTICK_HEADINGS = ("yardstick", "runs", "p50", "p99", "CPU")
BUSY = (
    "**Other programs kept the machine busy during this run: every time on the wall clock is too long. "
    "Read CPU, `÷bare` and `÷fixed`.**"
)
AGAIN_HEADINGS = (
    "50×96, loose, mid-month",
    "runs",
    "p50",
    "build",
    "solve",
    "solve, × quicker",
    "whole, × quicker",
)
AIM_HEADINGS = ("what", "aim", "measured", "")


def markdown_table(headings: tuple[str, ...], rows: list[list[str]]) -> str:
    """The rows as a table in Markdown."""
    lines = [list(headings), ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page_block(measured: Measured) -> str:
    """The part of the page that is measured."""
    parts = [", ".join(f"{name} {value}" for name, value in machine(measured).items()) + "."]
    if max(measured.load_before[0], measured.load_after[0]) > (os.cpu_count() or 1):
        parts.append(BUSY)
    parts.append(markdown_table(AIM_HEADINGS, aims(measured)))
    parts.append(markdown_table(YARDSTICK_HEADINGS, yardstick_rows(measured)))
    parts.append(markdown_table(AGAIN_HEADINGS, again_rows(measured)))
    for title, rows in tables(measured).items():
        parts.append(f"### {title}\n\n{markdown_table(HEADINGS, rows)}")
    return "\n\n".join(parts)


def print_tables(measured: Measured) -> None:
    """Everything on the terminal; times in ms."""
    console = Console()
    console.print(", ".join(f"{name} {value}" for name, value in machine(measured).items()))
    shown = {
        "Aims": (AIM_HEADINGS, aims(measured)),
        "": (YARDSTICK_HEADINGS, yardstick_rows(measured)),
        "Planning again": (AGAIN_HEADINGS, again_rows(measured)),
    }
    shown |= {title: (HEADINGS, rows) for title, rows in tables(measured).items()}
    for title, (headings, rows) in shown.items():
        table = Table(title=title or None, box=SIMPLE_HEAD, padding=0, show_edge=False, title_justify="left")
        words = {AIM_HEADINGS: 4, HEADINGS: 2}.get(headings, 1)
        for number, heading in enumerate(headings):
            left = number < words
            table.add_column(heading, justify="left" if left else "right", no_wrap=headings is HEADINGS)
        for row in rows:
            table.add_row(*(cell.replace("**", "") for cell in row))
        console.print(table)


def as_json(measured: Measured) -> dict[str, Any]:
    """Every run of everything, so that two runs can be compared seed by seed."""
    return {
        "machine": machine(measured),
        "imports": list(map(asdict, measured.imports)),
        "memory_mib": [asdict(case) | {"peak": peak} for case, peak in measured.memory_mib.items()],
        "yardsticks": {name: list(map(asdict, work.samples)) for name, work in measured.yardsticks.items()},
        "again": {name: list(map(asdict, work.samples)) for name, work in measured.again.items()},
        "cases": [
            asdict(case) | {"samples": list(map(asdict, work.samples))}
            for case, work in measured.cases.items()
        ],
    }


def main() -> None:
    """Measure, print, and where asked write."""
    parser = argparse.ArgumentParser(description="How long plan() takes, beside yardsticks of the same run.")
    parser.add_argument("--seconds", type=float, help=f"how long to measure (default {DEFAULT_S:.0f})")
    parser.add_argument("--quick", action="store_true", help=f"the small cases only, in {QUICK_S:.0f} s")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single run to this file")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmark.md")
    given = parser.parse_args()
    if given.quick and given.write:
        parser.error("the page shows all cases: --write goes without --quick")
    cases = QUICK_CASES if given.quick else ALL_CASES
    measured = measure(cases, given.seconds or (QUICK_S if given.quick else DEFAULT_S))
    print_tables(measured)
    if given.json:
        given.json.write_text(json.dumps(as_json(measured), indent=1), encoding="utf-8")
    if given.write:
        write_measured(PAGE, page_block(measured))


if __name__ == "__main__":
    main()
