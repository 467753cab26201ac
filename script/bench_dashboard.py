#!/usr/bin/env python3
"""How fast the dashboard is and what it costs; started by `script/bench dashboard`. docs/dashboard.md explains it."""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "script")]

from dashboard.viewers import Viewer, close_viewers, open_viewers
from figures.measured_page import write_measured
from figures.process_figures import processor_s

from kwartier.demo.fill_service import PARTNER
from tests.adapters.dashboard.browser import (
    DemoService,
    chromium,
    demo_service,
    new_context,
)
from tests.services.running_service import running_service

PAGE = ROOT / "docs" / "dashboard.md"
SITE = "/sites/demo-hub"
# Readings of one meter follow each other so, s; what comes later is late, and counts.
BETWEEN_S = 2.0
# One address stands for all viewers, which a reverse proxy does too (docs/service.md: 50 connections of one).
# The path, the name, and what is drawn last.
VIEWS = (
    ("/", "all sites", "tbody tr"),
    (SITE, "a site now", "article"),
    (f"{SITE}/plan", "a site's plan", "canvas"),
)
COLD_STARTS_COUNT = 5
SETTINGS = {"KWARTIER_TRUSTED_PROXIES": "127.0.0.1", "KWARTIER_PLANNING_CYCLE": "false"}


@dataclass(frozen=True)
class Started:
    """A start of the program: until it listens, s, and what it then holds, MiB."""

    after_s: float
    memory_mib: float


def main() -> None:
    """Measure, print, and with --write put the figures into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=20, help="measurements that are waited for")
    parser.add_argument("--sites", type=int, default=1_000, help="sites in the list of all sites")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/dashboard.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kwartier-bench-") as folder:
        lines = [*_starts(Path(folder) / "starts")]
        (Path(folder) / "demo").mkdir()
        with demo_service(
            Path(folder) / "demo", sites_count=asked.sites, is_new_program=True, **SETTINGS
        ) as found:
            lines += _fleet_answers(found)
            lines += asyncio.run(_watched(found, asked.viewers, asked.rounds))
            token = _token(found)
        lines += _first_views(Path(folder) / "demo", token)
    table = "\n".join(["| what | bar | measured |", "|---|---|---|", *lines])
    print(table)
    if asked.write:
        write_measured(PAGE, f"{table}\n\nOn {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}.")


def _starts(folder: Path) -> list[str]:
    with_it: list[Started] = []
    without: list[Started] = []
    for number in range(3):
        for starts, word in ((with_it, "true"), (without, "false")):
            data = folder / f"{number}-{word}"
            data.mkdir(parents=True)
            starts.append(_start(data, word))
    before = _median([one.after_s for one in without]), _median([one.memory_mib for one in without])
    after = _median([one.after_s for one in with_it]), _median([one.memory_mib for one in with_it])
    added = f"{after[0] - before[0]:.1f} s, {after[1] - before[1]:.0f} MiB"
    return [f"| added to a start that takes {before[0]:.1f} s, to {before[1]:.0f} MiB | | {added} |"]


def _start(data: Path, word: str) -> Started:
    with running_service(data, is_new_program=True, KWARTIER_DASHBOARD=word) as service:
        return Started(service.started_after_s, _memory_mib(service.process.pid))


def _first_views(data_dir: Path, token: str) -> list[str]:
    """Pages of a server that has just started, in a browser that has nothing: to the heading, to what comes last."""
    lines = []
    for path, name, last in VIEWS:
        took_s = [_first_view(data_dir, token, path, last) for _ in range(COLD_STARTS_COUNT)]
        heading_s, whole_s = zip(*took_s, strict=True)
        measured = f"{_median(heading_s):.1f} s, {max(heading_s):.1f} s; {_median(whole_s):.1f} s"
        lines.append(
            f"| {name}: the first view after a start, median and worst; all drawn | 2 s | {measured} |"
        )
    return lines


def _first_view(data_dir: Path, token: str, path: str, last: str) -> tuple[float, float]:
    with (
        running_service(data_dir, crash=None, is_new_program=True, begins=None, **SETTINGS) as service,
        chromium() as browser,
    ):
        url = f"{service.url}/dashboard"
        context = new_context(browser)
        context.add_cookies([{"name": "kwartier_session", "value": token, "url": url}])
        page = context.new_page()
        start_s = time.perf_counter()
        page.goto(url + path)
        page.get_by_role("heading", level=1).wait_for()
        heading_s = time.perf_counter() - start_s
        page.locator(last).first.wait_for()
        return heading_s, time.perf_counter() - start_s


def _fleet_answers(found: DemoService) -> list[str]:
    """From a key or a click on the list of all sites to other rows."""
    searched_s, sorted_s = [], []
    with chromium() as browser:
        context = new_context(browser)
        context.add_cookies([{"name": "kwartier_session", "value": _token(found), "url": found.url}])
        page = context.new_page()
        page.goto(found.url + "/")
        page.locator("tbody tr").nth(20).wait_for()
        for number in range(110, 120):
            start_s = time.perf_counter()
            page.get_by_role("searchbox").fill(f"depot {number}")
            page.locator("tbody tr:first-child th", has_text=f"Depot {number}").wait_for()
            searched_s.append(time.perf_counter() - start_s)
        page.get_by_role("searchbox").fill("")
        for number in range(10):
            start_s = time.perf_counter()
            page.locator(".kw-col-name button").click()
            page.locator(f"th.kw-col-name[aria-sort={('ascending', 'descending')[number % 2]}]").wait_for()
            sorted_s.append(time.perf_counter() - start_s)
    measured = f"{_median(searched_s):.2f} s, {_median(sorted_s):.2f} s"
    return [f"| all sites: a search's rows, and a column's order, medians | 0.3 s | {measured} |"]


async def _watched(found: DemoService, count: int, rounds: int) -> list[str]:
    url, token = found.service.url, _token(found)
    viewers, took_s = await open_viewers(url, f"kwartier_session={token}", SITE, count)
    pid = found.service.process.pid
    await asyncio.sleep(2)
    before_s, start_s = processor_s(pid), time.perf_counter()
    delays_s = await _delays(found, viewers, rounds)
    busy_ratio = (processor_s(pid) - before_s) / (time.perf_counter() - start_s)
    lost = count * rounds - len(delays_s)
    memory_mib = _memory_mib(pid)
    await close_viewers(viewers)
    delay = f"{_median(delays_s):.2f} s, {max(delays_s):.2f} s; {lost} of {count * rounds} missed"
    made = f"{_median(took_s) * 1000:.0f} ms, {max(took_s) * 1000:.0f} ms"
    return [
        f"| {count} viewers: from a measurement's answer to a page, median and worst | 1 s | {delay} |",
        f"| {count} viewers: the server's share of a core, its memory | | {busy_ratio:.0%}, {memory_mib:.0f} MiB |",
        f"| {count} viewers: a page made on the server, median and worst | | {made} |",
    ]


async def _delays(found: DemoService, viewers: list[Viewer], rounds: int) -> list[float]:
    acknowledged_s_by_value: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=found.service.url, timeout=30) as client:
        login = await client.post(
            "/v1/identity/client-login",
            auth=(found.demo.client_id, found.demo.client_secret),
            data={"grant_type": "client_credentials"},
        )
        client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
        for number in range(rounds):
            power_w = 40_100.0 + 100.0 * number
            value = f"{power_w / 1000:.1f}\u202fkW"
            for viewer in viewers:
                viewer.waited_for.append(value)
            body = {
                "site_id": found.demo.site_id,
                "assetId": "building",
                "timestamp": datetime.now(UTC).isoformat(),
                "energyValue": 2e6 + number,
                "powerValue": power_w,
            }
            (await client.post("/v1/measurements", json=body)).raise_for_status()
            acknowledged_s = time.perf_counter()
            acknowledged_s_by_value[value] = acknowledged_s
            await asyncio.sleep(BETWEEN_S)
    return [
        max(0.0, heard_s - acknowledged_s_by_value[value])
        for viewer in viewers
        for value, heard_s in viewer.heard_s_by_value.items()
    ]


def _token(found: DemoService) -> str:
    fields = {"partner": PARTNER, "user": "see", "password": found.password_by_user["see"], "next": "/"}
    answer = httpx.post(f"{found.url}/sign-in", data=fields)
    return str(answer.cookies["kwartier_session"])


def _memory_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    main()
