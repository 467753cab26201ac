#!/usr/bin/env python3
"""How long a fleet takes to plan each quarter-hour; started by `script/bench fleet`. docs/fleet.md explains it."""

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "script")]

from figures.measured_page import write_measured
from figures.process_figures import children, processor_s
from fleet.sites import fill_fleet

from kwartier.adapters.sql import schema
from kwartier.app.logging import set_up_logging
from kwartier.app.planning_cycle import PlanningCycle
from kwartier.app.settings import Settings
from kwartier.app.wiring import Wired, wired
from kwartier.service.plan_in_turn import LEAD
from kwartier.units.quarter_hour import QUARTER_S

PAGE = ROOT / "docs" / "fleet.md"
LOOK_EVERY_S = 0.5


class MovedClock:
    """The machine's clock, moved so that a boundary lies where the run needs it."""

    def __init__(self) -> None:
        self._shift = timedelta(0)

    def now(self) -> datetime:
        """This moment in UTC, moved."""
        return datetime.now(UTC) + self._shift

    def monotonic_s(self) -> float:
        """Seconds since some moment, never jumping."""
        return time.monotonic()

    def waiting_s(self, duration_s: float) -> float:
        """The same: it goes as fast as the machine's."""
        return duration_s

    def move_to(self, moment: datetime) -> None:
        """Go on from a moment."""
        self._shift = moment - datetime.now(UTC)


@dataclass(frozen=True)
class Round:
    """One quarter-hour: when each plan was stored, seconds after the boundary, and processor time in all, s."""

    delays_s: list[float]
    statuses: dict[str, int]
    processor_s: float

    def share_within(self, limit_s: float, site_count: int) -> float:
        """The share of the sites whose plan was there in time."""
        return sum(delay_s <= limit_s for delay_s in self.delays_s) / site_count


def measure(site_count: int, worker_count: int, rounds: int) -> list[Round]:
    """Fill a service, plan every site once for a start, then so many quarter-hours."""
    set_up_logging("console", "warning")
    clock = MovedClock()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), concurrent_plan_count=worker_count)
        with wired(settings, clock=clock) as service:
            schema.upgrade(service.database)
            start = datetime.now(UTC).replace(minute=1, second=0, microsecond=0)
            clock.move_to(start)
            print(f"filling {site_count} sites", file=sys.stderr, flush=True)
            partner_id = fill_fleet(service.ports, site_count, start)
            clock.move_to(start + timedelta(minutes=1))
            first = run_round(service, clock, partner_id, site_count, worker_count)
            print(f"first plans: {first.processor_s:.0f} s of processor time", file=sys.stderr, flush=True)
            found = []
            for number in range(rounds):
                boundary = start.replace(minute=0) + timedelta(seconds=QUARTER_S * (number + 1))
                clock.move_to(boundary - LEAD)
                found.append(run_round(service, clock, partner_id, site_count, worker_count, boundary))
            return found


def run_round(
    service: Wired,
    clock: MovedClock,
    partner_id: str,
    site_count: int,
    worker_count: int,
    boundary: datetime | None = None,
) -> Round:
    """Run the cycle until every site has a plan from the boundary on (by default: from now on)."""
    since = boundary or clock.now()
    plans, begun_s = service.ports.plans, used_processor_s()
    cycle = PlanningCycle(service.ports, worker_count)
    cycle.start()
    done: dict[str, tuple[float, str]] = {}
    waiting = {f"site-{number:05}" for number in range(site_count)}
    while waiting:
        time.sleep(LOOK_EVERY_S)
        for site_id in sorted(waiting):
            record = plans.latest(partner_id, site_id)
            if record is None or record.planned_from < since - timedelta(seconds=1):
                break  # sites are looked at again in the next round of this loop
            done[site_id] = ((record.stored_at - since).total_seconds(), record.status)
            waiting.discard(site_id)
        print(f"\r{len(done)} of {site_count}", end="", file=sys.stderr, flush=True)
        if clock.now() - since > timedelta(minutes=14):
            break
    cycle.close()
    print(file=sys.stderr)
    statuses: dict[str, int] = {}
    for _, status in done.values():
        statuses[status] = statuses.get(status, 0) + 1
    return Round([delay_s for delay_s, _ in done.values()], statuses, used_processor_s() - begun_s)


def used_processor_s() -> float:
    """Processor time of this process and its planners so far, those that ended included, s."""
    total_s = 0.0
    for pid in (os.getpid(), *children(os.getpid())):
        with suppress(FileNotFoundError):  # it has just ended
            total_s += processor_s(pid)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return total_s + ended.ru_utime + ended.ru_stime


def table(site_count: int, worker_count: int, found: list[Round]) -> str:
    """The figures as a page shows them."""
    lines = [
        (
            f"{site_count} sites, {worker_count} plans at once, SQLite, {platform.machine()}, "
            f"{os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}."
        ),
        "",
        (
            "| quarter-hour | within 60 s | within 120 s | last, s after the boundary | processor time per site, ms | "
            "sites per core | outcomes |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for number, one in enumerate(found, 1):
        per_site_s = one.processor_s / site_count
        lines.append(
            f"| {number} | {one.share_within(60, site_count):.1%} | {one.share_within(120, site_count):.1%} | "
            f"{max(one.delays_s):.0f} | {per_site_s * 1000:.0f} | {QUARTER_S / per_site_s:,.0f} | "
            f"{', '.join(f'{count} {status}' for status, count in sorted(one.statuses.items()))} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and with --write put the table into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=1_000, help="how many sites (1000)")
    parser.add_argument("--workers", type=int, default=2, help="plans made at the same time (2)")
    parser.add_argument("--rounds", type=int, default=2, help="quarter-hours (2)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/fleet.md")
    asked = parser.parse_args()
    text = table(asked.sites, asked.workers, measure(asked.sites, asked.workers, asked.rounds))
    print(text)
    if asked.write:
        write_measured(PAGE, text)


if __name__ == "__main__":
    main()
