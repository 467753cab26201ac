#!/usr/bin/env python3
"""How long a year's bill takes; docs/bill.md quotes the figures. Run it with script/bench-bill.

Every kind is measured in turns with the others, so that a busy moment of the machine hits them alike. A first bill of a
process also reads its sheets and levy files; it is measured in processes of its own.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.adapters.meter_files import read_meter_file
from kwartier.site.document import Site
from kwartier.tariffs.billing import DayAheadPrices, bill
from kwartier.tariffs.meter import LocalMonth, MeterSeries

ZONE = ZoneInfo("Europe/Brussels")
YEAR = range(LocalMonth(2026, 1).quarter_indices(ZONE).start, LocalMonth(2026, 12).quarter_indices(ZONE).stop)
FIXED = {"contract_type": "fixed", "fixed_offtake_cost_per_mwh": 90.0, "fixed_injection_cost_per_mwh": 30.0}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Fluvius low voltage, fixed": (
        FIXED,
        {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"},
    ),
    "Fluvius 1-26 kV, dynamic": (
        {"contract_type": "dynamic"},
        {
            "dso": "Fluvius",
            "region": "Imewo",
            "connection_type": "Medium Voltage Network 1-26 kV",
            "toegangsvermogen": 100.0,
        },
    ),
    "ORES MT, dynamic": (
        {"contract_type": "dynamic"},
        {"dso": "ORES", "region": "All", "connection_type": "MT avec terme capacitaire"},
    ),
}


def site_of(contract: dict[str, Any], dso: dict[str, Any]) -> Site:
    """A site in Gent."""
    location = {"name": "Gent", "coordinates": [51.05, 3.73, 8.0]}
    configurations = {"contract": contract, "dso": dso}
    return Site.model_validate(
        {
            "site_id": "bench",
            "name": "Bench",
            "location": location,
            "country": "BE",
            "configurations": configurations,
        }
    )


def made_up_meter() -> MeterSeries:
    """35 040 quarter-hours of up to 25 kWh, seeded."""
    energies = np.random.default_rng(7).integers(0, 25_000_000, len(YEAR))
    known = np.ones(len(YEAR), dtype=bool)
    return MeterSeries(YEAR.start, energies, np.zeros(len(YEAR), dtype=np.int64), known, known)


def made_up_file() -> bytes:
    """The same year as a generic CSV."""
    begins = datetime.fromtimestamp(YEAR.start * 900, UTC)
    moments = (begins + timedelta(minutes=15 * number) for number in range(len(YEAR)))
    rows = [f"{moment.isoformat()},{number % 97 / 8},0" for number, moment in enumerate(moments)]
    return "\n".join(["start,offtake_kwh,injection_kwh", *rows]).encode()


def tasks() -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    meter, file = made_up_meter(), made_up_file()
    start = datetime.fromtimestamp(YEAR.start * 900, UTC)
    prices = DayAheadPrices.of(start, [40.0 + number % 50 for number in range(len(YEAR))])
    bills: dict[str, Callable[[], object]] = {
        name: partial(bill, site_of(*case), meter, "2026", day_ahead=prices) for name, case in CASES.items()
    }
    return bills | {"reading the meter file": lambda: read_meter_file(file, ZONE)}


def first_bill_ms() -> float:
    """The first bill of a process: with sheets, levies and calendars read from their files, imports not counted."""
    code = (
        "import time, bill_benchmark as b;"
        "meter = b.made_up_meter(); site = b.site_of(*b.CASES['Fluvius low voltage, fixed']);"
        "begun = time.perf_counter(); b.bill(site, meter, '2026'); print((time.perf_counter() - begun) * 1000)"
    )
    done = subprocess.run(  # noqa: S603  # this very file, in a fresh process
        [sys.executable, "-c", code], cwd=sys.path[0], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    """Measure in turns and print medians and worst ones."""
    parser = argparse.ArgumentParser(description="How long a year's bill (35 040 quarter-hours) takes.")
    parser.add_argument("--rounds", type=int, default=25, help="how often each is measured (default 25)")
    rounds = parser.parse_args().rounds
    measured: dict[str, list[float]] = {}
    known = tasks()
    for _ in range(rounds):
        for name, task in known.items():
            begun = time.perf_counter()
            task()
            measured.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
    measured["first bill of a process"] = [first_bill_ms() for _ in range(max(3, rounds // 5))]
    print(f"{'':34}{'median':>9}{'worst':>9}   ms, {rounds} rounds")
    for name, values in measured.items():
        print(f"{name:34}{statistics.median(values):9.1f}{max(values):9.1f}")


if __name__ == "__main__":
    main()
