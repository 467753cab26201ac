"""The tables: on the terminal, and in docs/peer-benchmark.md between its markers."""

import os
import platform
from pathlib import Path
from statistics import fmean, median

from participants import CALTECH, HUB, PARTICIPANTS, YARDSTICKS, Participant
from results import TIGHTNESSES, Comparison
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "peer-benchmark.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
TITLES = {
    HUB: "Battery, solar power, load and ten cars, 96 quarter-hours",
    CALTECH: "The Caltech network, 54 cars, 96 quarter-hours",
}
TIME_HEADINGS = (
    "time and memory",
    *(f"{tightness}, {unit}" for unit in ("ms", "CPU ms") for tightness in TIGHTNESSES),
    *(f"{tightness}, ÷ ours" for tightness in TIGHTNESSES),
    *(f"{tightness}, CPU ÷ ours" for tightness in TIGHTNESSES),
    "MiB",
)
MONEY_HEADINGS = (
    "money",
    *(f"{tightness}, EUR a plan" for tightness in TIGHTNESSES),
    *(f"{tightness}, above ours" for tightness in TIGHTNESSES),
    "breaks",
)
AIM_HEADINGS = (
    "whole `plan()` against",
    "aim",
    *TIGHTNESSES,
    *(f"{tightness}, CPU" for tightness in TIGHTNESSES),
    "by the clock",
)
CANNOT_HEADINGS = ("who", "cannot say")


def times_of(comparison: Comparison, who: Participant) -> list[str]:
    """One line about times (medians) and memory (the most that was held)."""
    plans = [comparison.of(who, tightness) for tightness in TIGHTNESSES]
    line = [who.name]
    for name in ("wall_ms", "cpu_ms"):
        line += [f"{median(getattr(one, name) for one in found):.0f}" if found else "–" for found in plans]
    for name in ("wall_ms", "cpu_ms"):
        line += [written(comparison.ratio(who, tightness, name), "{:.1f}") for tightness in TIGHTNESSES]
    memory = [one.memory_mib for found in plans for one in found]
    return [*line, f"{max(memory):.0f}" if memory else "–"]


def money_of(comparison: Comparison, who: Participant) -> list[str]:
    """One line about money: the mean, how far above ours it lies in the rounds, and what the schedules break."""
    plans = [comparison.of(who, tightness) for tightness in TIGHTNESSES]
    judged = [[one.judged for one in found if one.judged is not None] for found in plans]
    line = [who.name, *(f"{fmean(one.money_eur for one in found):.4f}" if found else "–" for found in judged)]
    for tightness in TIGHTNESSES:
        span = comparison.dearer_ratios(who, tightness)
        line.append(" to ".join(written(ratio, "{:+.4%}") for ratio in span) if span else "–")
    broken = {rule for found in judged for one in found for rule in one.broken}
    return [*line, "; ".join([*sorted(broken), *sorted(comparison.errors(who))]) or "nothing"]


def written(value: float | None, form: str) -> str:
    """A figure, or a dash where there is none."""
    return "–" if value is None else form.format(value).replace("-0.0000%", "+0.0000%").replace("%", " %")


def tables(comparison: Comparison) -> dict[str, tuple[tuple[str, ...], list[list[str]]]]:
    """All tables by title."""
    present = [one for one in PARTICIPANTS if comparison.answers.get((one.key, TIGHTNESSES[0]))]
    found = {"Aims": (AIM_HEADINGS, [aim_of(comparison, one) for one in present if one.least_ratio])}
    for problem, title in TITLES.items():
        takers = [one for one in present if one.problem == problem]
        found[title] = (TIME_HEADINGS, [times_of(comparison, one) for one in takers])
        found[f"{title}: money"] = (MONEY_HEADINGS, [money_of(comparison, one) for one in takers])
    rows = [[one.name, one.cannot_say] for one in present if one.cannot_say]
    found["What they cannot say"] = (CANNOT_HEADINGS, rows)
    return found


def aim_of(comparison: Comparison, who: Participant) -> list[str]:
    """The ratio that is aimed for, what was measured, and whether it holds."""
    least = who.least_ratio or 0.0
    ratios = [comparison.ratio(who, tightness) for tightness in TIGHTNESSES]
    holds = all(ratio is not None and ratio >= least for ratio in ratios)
    return [
        who.name,
        f"≥ {least:.0f} ×",
        *(written(ratio, "{:.1f} ×") for ratio in ratios),
        *(written(comparison.ratio(who, tightness, "cpu_ms"), "{:.1f} ×") for tightness in TIGHTNESSES),
        "holds" if holds else "**does not hold**",
    ]


def conditions(comparison: Comparison) -> str:
    """What the figures depend on; no names of machines."""
    rounds = max((len(found) for found in comparison.answers.values()), default=0)
    facts = [
        f"{rounds} rounds",
        f"{os.cpu_count()} cores",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        f"load average before {_load(comparison.load_before)} and after {_load(comparison.load_after)}",
    ]
    versions = [
        f"{name}: " + ", ".join(f"{package} {number}" for package, number in found.items())
        for name, found in comparison.versions.items()
    ]
    missing = [f"{key} did not run: {why}" for key, why in comparison.absent.items()]
    return ". ".join([", ".join(facts), *versions, *missing]) + "."


def _load(load: tuple[float, float, float]) -> str:
    return " ".join(f"{value:.2f}" for value in load)


def write_page(comparison: Comparison) -> None:
    """Replace what stands between the markers of the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, found_begin, rest = text.partition(BEGIN)
    _, found_end, after = rest.partition(END)
    if not found_begin or not found_end:
        raise SystemExit(f"{PAGE.name} lacks the markers {BEGIN} and {END}")
    parts = [conditions(comparison)]
    for title, (headings, rows) in tables(comparison).items():
        lines = [list(headings), ["---"] * len(headings), *rows]
        parts.append(f"## {title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines))
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n\n".join(parts) + f"\n{END}{after}", encoding="utf-8")


def print_page(comparison: Comparison) -> None:
    """Everything on the terminal; «ours» is what the others are compared with."""
    console = Console()
    console.print(conditions(comparison))
    console.print("«Ours» is " + " or ".join(YARDSTICKS.values()) + ".")
    for title, (headings, rows) in tables(comparison).items():
        table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title_justify="left")
        for heading in headings:
            table.add_column(heading.replace("`", ""))
        for row in rows:
            table.add_row(*(cell.replace("**", "") for cell in row))
        console.print(table)
