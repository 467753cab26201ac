#!/usr/bin/env python3
"""How fast measurements are taken in and read back; started by `script/bench ingest`. docs/ingest.md explains it."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "script")]

from figures.measured_page import write_measured
from ingest.archive import fill, read_month
from ingest.posting import Load, Posted, post
from ingest.server import Served, serving

PAGE = ROOT / "docs" / "ingest.md"
KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Measured:
    """The figures of one database."""

    kind: str
    batches: Posted
    singles: Posted
    processor_us: tuple[float, float]
    memory_mib: tuple[float, float, float]
    month_s: float
    archive_rows: int


def measure(kind: str, seconds: float, archive_rows: int) -> Measured:
    """Batches, singles, then the month; the memory before, after and at the end."""
    with tempfile.TemporaryDirectory() as folder, serving(kind, Path(folder)) as served:
        before_mib = served.memory_mib
        # Twice the aim would still find bodies to send.
        most = int(450 * seconds)
        port, token = served.service.port, served.token
        batches, batch_us = timed(served, Load(port, token, 8, 100, seconds, 0, most))
        after_mib = served.memory_mib
        singles, single_us = timed(served, Load(port, token, 64, 1, seconds, most * 100, most * 10))
        archive_rows = fill(served.database_url, served.partner_id, archive_rows)
        month_s = median(read_month(served) for _ in range(3))
        return Measured(
            kind,
            batches,
            singles,
            (batch_us, single_us),
            (before_mib, after_mib, served.memory_mib),
            month_s,
            archive_rows,
        )


def hold(kind: str, minutes: float) -> tuple[float, list[float]]:
    """A steady load for so long, half of the must column's; rows/s reached, and the memory after each minute, MiB."""
    with tempfile.TemporaryDirectory() as folder, serving(kind, Path(folder)) as served:
        memory_mib, rows, seconds = [], 0, 0.0
        while seconds < minutes * 60.0 - 1.0:
            # One connection sends as fast as it is answered; batches of 50 leave the machine room for others.
            # Bodies for 10,000 rows/s, twice what it reaches; the time to make them does not count.
            part_s = min(60.0, minutes * 60.0 - seconds)
            load = Load(served.service.port, served.token, 1, 50, part_s, rows, 12_000)
            posted = post(load)
            rows, seconds = rows + posted.rows, seconds + posted.seconds
            if posted.refused:
                sys.exit(f"{kind}: {posted.refused} posts were refused, so the figures mean nothing")
            memory_mib.append(served.memory_mib)
        return rows / seconds, memory_mib


def holding(kind: str, minutes: float) -> Iterator[str]:
    """The lines about a steady load; growth is counted from the second minute on, when every thread has worked."""
    rows_per_s, memory_mib = hold(kind, minutes)
    shown = ", ".join(f"{mib:.0f}" for mib in memory_mib)
    settled_mib = memory_mib[min(1, len(memory_mib) - 1)]
    yield f"{kind}: {rows_per_s:,.0f} rows/s for {minutes:g} min; memory after each minute, MiB: {shown}"
    yield f"{kind}: growth since the second minute {100.0 * (memory_mib[-1] / settled_mib - 1.0):+.1f} %"


def timed(served: Served, load: Load) -> tuple[Posted, float]:
    """What came of a load, and the service's processor time per row, microseconds."""
    before_s = served.processor_s
    posted = post(load)
    return posted, (served.processor_s - before_s) * 1e6 / max(1, posted.rows)


def table(found: list[Measured]) -> Iterator[str]:
    """The page's table."""
    yield "| | must | aim | " + " | ".join(one.kind for one in found) + " |"
    yield "|---|---|---|" + "---|" * len(found)
    rows = {
        "batches of 100, rows/s | 15,000 | 22,000": [
            f"{one.batches.rows / one.batches.seconds:,.0f}" for one in found
        ],
        "p99 of a batch, ms | 250 | 250": [f"{one.batches.percentile_ms(99):.0f}" for one in found],
        "processor time of the service per row, µs | |": [f"{one.processor_us[0]:.0f}" for one in found],
        "single posts/s, 64 connections | 1,000 | 2,000": [
            f"{one.singles.rows / one.singles.seconds:,.0f}" for one in found
        ],
        "p99 of a post, ms | 250 | 100": [f"{one.singles.percentile_ms(99):.0f}" for one in found],
        "processor time of the service per post, µs | |": [f"{one.processor_us[1]:.0f}" for one in found],
        "memory before, after batches, at the end, MiB | 150 | 100": [
            ", ".join(f"{mib:.0f}" for mib in one.memory_mib) for one in found
        ],
        "month of quarter-hours, 10 assets, s | 2 | 1": [f"{one.month_s:.2f}" for one in found],
        "rows in the store for that, millions | 17 | 17": [f"{one.archive_rows / 1e6:.1f}" for one in found],
    }
    for name, figures in rows.items():
        yield f"| {name} | " + " | ".join(figures) + " |"
    yield ""
    yield f"Python {platform.python_version()}, {platform.machine()}, two cores, service, database and client on them."


def main() -> None:
    """Measure, print, and write the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each load lasts")
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="rows in the store while the month is read"
    )
    parser.add_argument(
        "--minutes", type=float, help="hold a steady load for so long, and look at the memory only"
    )
    parser.add_argument("--only", choices=KINDS, help="one database only")
    parser.add_argument("--json", type=Path, help="write every latency to a file")
    parser.add_argument("--write", action="store_true", help="put the table into docs/ingest.md")
    options = parser.parse_args()
    kinds = [options.only] if options.only else KINDS
    if options.minutes:
        for kind in kinds:
            print("\n".join(holding(kind, options.minutes)))
        return
    found = [measure(kind, options.seconds, options.rows) for kind in kinds]
    for one in found:
        if refused := one.batches.refused + one.singles.refused:
            sys.exit(f"{one.kind}: {refused} posts were refused, so the figures mean nothing")
    lines = list(table(found))
    print("\n".join(lines))
    if options.json:
        latencies = {one.kind: [one.batches.latencies_ms, one.singles.latencies_ms] for one in found}
        options.json.write_text(json.dumps(latencies), encoding="utf-8")
    if options.write:
        write_measured(PAGE, "\n".join(lines))


if __name__ == "__main__":
    main()
