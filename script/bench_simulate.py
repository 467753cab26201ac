#!/usr/bin/env python3
"""What each way to run a site costs on public data, beside the hindsight optimum; `script/bench simulate FOLDER`.

docs/simulation.md explains the figures and says where the data come from.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "script")]

from figures.measured_page import write_measured
from simulation_study.public_data import StudyCase
from simulation_study.runs import ANY_CURRENT, KNOWLEDGE, OPTIMUM, RULES, StudyJob, StudyResult, run_study_job
from simulation_study.sites import SITE_CONFIGURATIONS, TARIFFS

from kwartier.adapters.processes import Processes

PAGE = ROOT / "docs" / "simulation.md"
MONTHS = ("2026-04", "2026-07", "2026-11")
PLANNER, ARRIVAL, SHARE = "planner", "uncontrolled", "self_consumption"
PERFECT, LENT = "planner, perfect", f"planner, perfect{OPTIMUM}"
FREE = f"planner, perfect{ANY_CURRENT}{OPTIMUM}"
MAIN = (*RULES, PLANNER, PERFECT, LENT, FREE)
CAUSES = tuple(name for name in KNOWLEDGE if name not in MAIN and ANY_CURRENT not in name)
# What the planner really does, freed of one cause after the other; the last one is what is left of the optimum.
CHAIN = (
    (PLANNER, "forecasts"),
    (PERFECT, "the month's peak, known too late"),
    (LENT, "the least current of 6 A"),
    (FREE, "all the rest"),
)

Results = Mapping[tuple[StudyCase, str], StudyResult]


def cases(count: int) -> list[StudyCase]:
    """Site-months in a square: every kind of site in every month, tariffs and seeds in turn."""
    kinds, tariffs = list(SITE_CONFIGURATIONS), list(TARIFFS)
    found = [
        StudyCase(kind, month, tariffs[(row + column) % 3], (row + 2 * column) % 3 + 1)
        for column, month in enumerate(MONTHS)
        for row, kind in enumerate(kinds)
    ]
    return found[:count]


def pooled(results: Results, ways: tuple[str, ...]) -> Iterator[str]:
    """A line per way, all site-months together."""
    heads = (
        "way to run",
        "EUR",
        "saved",
        "regret EUR",
        "regret",
        "of it peaks",
        "capture",
        "kWh short",
        "breaches",
    )
    yield "| " + " | ".join(heads) + " |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    chosen = sorted({case for case, _ in results}, key=str)
    arrival_eur = sum(results[case, ARRIVAL].total_eur for case in chosen)
    bound_eur = sum(results[case, ARRIVAL].bound_eur for case in chosen)
    for way in ways:
        runs = [results[case, way] for case in chosen]
        total_eur = sum(run.total_eur for run in runs)
        peaks_eur = sum(run.peaks_eur - run.bound_peaks_eur for run in runs)
        yield (
            f"| {way} | {total_eur:.2f} | {1 - total_eur / arrival_eur:.1%} | {total_eur - bound_eur:.2f} "
            f"| {total_eur / bound_eur - 1:.2%} | {peaks_eur:.2f} "
            f"| {(arrival_eur - total_eur) / (arrival_eur - bound_eur):.1%} "
            f"| {sum(run.short_wh for run in runs) / 1000:.2f} | {sum(run.breach_count for run in runs)} |"
        )
    yield f"| optimum | {bound_eur:.2f} | {1 - bound_eur / arrival_eur:.1%} | 0.00 | 0.00% | 0.00 | 100.0% | 0.00 | 0 |"


def by_case(results: Results, ways: tuple[str, ...]) -> Iterator[str]:
    """A line per site-month: the optimum, and what each way pays above it."""
    yield "| site | month | tariff | seed | optimum | " + " | ".join(ways) + " |"
    yield "|---|---|---|---|" + "---:|" * (len(ways) + 1)
    for case in sorted({case for case, _ in results}, key=str):
        bound_eur = results[case, ways[0]].bound_eur
        cells = " | ".join(f"{results[case, way].total_eur - bound_eur:.2f}" for way in ways)
        yield f"| {case.kind} | {case.month} | {case.tariff} | {case.seed} | {bound_eur:.2f} | {cells} |"


def by_cause(results: Results) -> Iterator[str]:
    """What each cause holds of the planner's regret, pooled: the step from each way of `CHAIN` to the next."""
    cases_of = {case for case, _ in results}
    bound = [results[case, PLANNER] for case in cases_of]
    bound_eur, bound_peaks_eur = (
        sum(run.bound_eur for run in bound),
        sum(run.bound_peaks_eur for run in bound),
    )
    runs = [[results[case, way] for case in cases_of] for way, _ in CHAIN]
    eur = [*(sum(run.total_eur for run in way) for way in runs), bound_eur]
    peaks_eur = [*(sum(run.peaks_eur for run in way) for way in runs), bound_peaks_eur]
    yield "| cause | EUR | of the optimum | of it peaks, EUR |"
    yield "|---|---:|---:|---:|"
    for number, (_, cause) in enumerate(CHAIN):
        held_eur = eur[number] - eur[number + 1]
        held_peaks_eur = peaks_eur[number] - peaks_eur[number + 1]
        yield f"| {cause} | {held_eur:.2f} | {held_eur / bound_eur:.2%} | {held_peaks_eur:.2f} |"
    free = [results[case, FREE] for case in cases_of]
    unreachable = {
        "a meter that counts both ways within a quarter-hour": [run.within_quarters_eur for run in free],
        "the optimum's batteries that go both ways at once": [run.one_way_eur for run in free],
    }
    for name, parts in unreachable.items():
        part_eur = sum(part for part in parts if part is not None)
        yield f"| — of that {name} | {part_eur:.2f} | {part_eur / bound_eur:.2%} | |"


def times(results: Results) -> Iterator[str]:
    """What the planner's months took."""
    taken: defaultdict[str, list[StudyResult]] = defaultdict(list)
    for (case, way), run in results.items():
        if way == PLANNER:
            taken[case.kind].append(run)
    yield "| site | plans a month | processor seconds a month |"
    yield "|---|---:|---:|"
    for kind, runs in taken.items():
        plans = " to ".join(
            f"{count:,}" for count in (min(r.plan_count for r in runs), max(r.plan_count for r in runs))
        )
        seconds = [run.processor_s for run in runs]
        yield f"| {kind} | {plans} | {min(seconds):.0f} to {max(seconds):.0f} |"


def report(results: Results, ways: tuple[str, ...]) -> str:
    """All tables."""
    lines = ["All site-months together:", "", *pooled(results, ways), ""]
    lines += ["EUR above the optimum of each site-month:", "", *by_case(results, ways), ""]
    if FREE in ways:
        lines += ["What the planner pays above the optimum, by cause:", "", *by_cause(results), ""]
    lines += ["A month of the planner with its own forecasts:", "", *times(results)]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the data sets, in folders load, prices, pv and sessions")
    parser.add_argument("--quick", action="store_true", help="one site-month instead of nine")
    parser.add_argument("--causes", action="store_true", help="also with one forecast after the other known")
    parser.add_argument(
        "--ways", action="append", help="one way to run a site instead of all; may be repeated"
    )
    parser.add_argument("--processes", type=int, default=2, help="how many at once (default 2)")
    parser.add_argument(
        "--keep", type=Path, help="a folder that keeps each run; those that are there are not run again"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into docs/simulation.md")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    ways = (*MAIN, *(CAUSES if options.causes else ()))
    if options.ways:
        ways = tuple(dict.fromkeys((ARRIVAL, *options.ways)))
    jobs = [
        StudyJob(options.folder, case, way, options.keep)
        for way in ways
        for case in cases(1 if options.quick else 9)
    ]
    began_s = time.monotonic()
    results: dict[tuple[StudyCase, str], StudyResult] = {}
    for job, found in Processes(options.processes).run(run_study_job, jobs):
        results[job.case, job.way] = found
        above = found.total_eur - found.bound_eur
        print(
            f"{job.case} {job.way}: {above:.2f} EUR above, {found.processor_s:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    print(f"{time.monotonic() - began_s:.0f} s", file=sys.stderr)
    told = report(results, ways)
    print(told)
    if options.write:
        write_measured(PAGE, told)


if __name__ == "__main__":
    main()
