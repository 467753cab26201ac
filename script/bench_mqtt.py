#!/usr/bin/env python3
"""How fast measurements are taken in over MQTT; started by `script/bench mqtt`. docs/mqtt.md explains it."""

import argparse
import os
import platform
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "script")]

from figures.measured_page import write_measured
from figures.process_figures import children, processor_s
from ingest.server import Served, serving
from mqtt.publishing import Load, Published, publish

from tests.services.running_service import run_kwartier

PAGE = ROOT / "docs" / "mqtt.md"
KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Measured:
    """The figures of one database."""

    kind: str
    steady: Published
    sustained: Published
    service_us: float
    broker_us: float
    memory_mib: tuple[float, float]


@dataclass(frozen=True)
class Brokered:
    """A service with its own broker, and a device's login."""

    served: Served
    port: int
    user: dict[str, str]

    def load(self, seconds: float, rate_per_s: float | None, first_row: int) -> Load:
        """What a device publishes."""
        return Load(
            self.port,
            self.user["username"],
            self.user["password"],
            self.served.partner_id,
            seconds,
            rate_per_s,
            first_row,
        )

    @property
    def broker_processor_s(self) -> float:
        """The processor time that the broker has used."""
        started = children(self.served.service.process.pid)
        return sum(processor_s(pid) for pid in started if _name(pid) == "mosquitto")


@contextmanager
def brokered(kind: str, folder: Path) -> Iterator[Brokered]:
    """A service on an empty database of a kind, with a broker on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    settings = {"KWARTIER_MQTT_URL": "", "KWARTIER_MQTT_PORT": str(port)}
    with ExitStack() as stack:
        served = stack.enter_context(serving(kind, folder, **settings))
        at = {"KWARTIER_DATABASE_URL": served.database_url, **settings}
        user = run_kwartier(folder, "mqtt", "create", "Bench", "--json", **at)
        yield Brokered(served, port, user)


def measure(kind: str, seconds: float) -> Measured:
    """500 readings a second, then as many as go through."""
    with tempfile.TemporaryDirectory() as folder, brokered(kind, Path(folder)) as case:
        publish_when_known(case)
        before_mib = case.served.memory_mib
        steady = publish(case.load(min(seconds, 30.0), 500.0, 1_000))
        service_s, broker_s = case.served.processor_s, case.broker_processor_s
        sustained = publish(case.load(seconds, None, 1_000_000))
        count = len(sustained.latencies_ms)
        return Measured(
            kind,
            steady,
            sustained,
            (case.served.processor_s - service_s) * 1e6 / count,
            (case.broker_processor_s - broker_s) * 1e6 / count,
            (before_mib, case.served.memory_mib),
        )


def publish_when_known(case: Brokered) -> None:
    """A few readings, as soon as the broker knows the new user."""
    for _ in range(50):
        try:
            if publish(case.load(0.2, 50.0, 0)).latencies_ms:
                return
        except TimeoutError:
            continue
    sys.exit("the broker did not let the device in")


def table(found: list[Measured]) -> Iterator[str]:
    """The page's table."""
    yield "| | must | aim | " + " | ".join(one.kind for one in found) + " |"
    yield "|---|---|---|" + "---|" * len(found)
    rows = {
        "sustained, readings/s | 2,000 | 5,000": [
            f"{len(one.sustained.latencies_ms) / one.sustained.seconds:,.0f}" for one in found
        ],
        "for so many seconds | 300 | 300": [f"{one.sustained.seconds:.0f}" for one in found],
        "p99 from publishing to the key's return at 500/s, ms | 200 | 50": [
            f"{one.steady.percentile_ms(99):.0f}" for one in found
        ],
        "the same, median, ms | |": [f"{one.steady.percentile_ms(50):.0f}" for one in found],
        "processor time of the service per reading, µs | |": [f"{one.service_us:.0f}" for one in found],
        "processor time of the broker per reading, µs | |": [f"{one.broker_us:.0f}" for one in found],
        "memory of the service before and after, MiB | 150 | 100": [
            ", ".join(f"{mib:.0f}" for mib in one.memory_mib) for one in found
        ],
    }
    for name, figures in rows.items():
        yield f"| {name} | " + " | ".join(figures) + " |"
    yield ""
    yield (
        f"Python {platform.python_version()}, {platform.machine()}, two cores (load {os.getloadavg()[1]:.1f}); "
        "service, broker, database and publisher on them."
    )


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()


def main() -> None:
    """Measure, print, and write the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long the sustained load lasts")
    parser.add_argument("--only", choices=KINDS, help="one database only")
    parser.add_argument("--write", action="store_true", help="put the table into docs/mqtt.md")
    options = parser.parse_args()
    found = [measure(kind, options.seconds) for kind in ([options.only] if options.only else KINDS)]
    for one in found:
        for published in (one.steady, one.sustained):
            if lost := published.sent - len(published.latencies_ms):
                sys.exit(
                    f"{one.kind}: {lost} of {published.sent} readings have no key, so the figures mean nothing"
                )
    lines = list(table(found))
    print("\n".join(lines))
    if options.write:
        write_measured(PAGE, "\n".join(lines))


if __name__ == "__main__":
    main()
