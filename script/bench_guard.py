#!/usr/bin/env python3
"""How long it takes from a measurement to the setpoint that it asks for; started by `script/bench guard`.

A served site (`tests/adapters/mqtt/guarded_site.py`) whose load rises beyond its board's limit, again and again: the
time from handing the reading over until its car's lower setpoint is read over REST, and heard over MQTT.
Aim (issue 7): 1 s.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tests.adapters.mqtt.broker_case import running_broker
from tests.adapters.mqtt.guarded_site import Delay, guarded_site


def table(found: list[Delay]) -> str:
    """Median and worst of each way in and out."""
    lines = [
        "| reading in | setpoint out | rounds | median, s | worst, s |",
        "|---|---|---|---|---|",
    ]
    for way in ("rest", "mqtt"):
        of_way = [one for one in found if one.way == way]
        for out, delays_s in (
            ("REST", [one.rest_s for one in of_way]),
            ("MQTT", [one.mqtt_s for one in of_way]),
        ):
            lines.append(
                f"| {way.upper()} | {out} | {len(of_way)} | {median(delays_s):.2f} | {max(delays_s):.2f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    # The car gives an ampere a round, from 32 A on, and stops at 6 A.
    parser.add_argument(
        "--rounds", type=int, default=12, help="jumps over each of REST and MQTT, 1 to 12 (12)"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_broker(Path(folder) / "broker") as broker:
        data_dir = Path(folder) / "service"
        data_dir.mkdir()
        with guarded_site(broker, data_dir) as site:
            found = [site.jump(way) for _ in range(asked.rounds) for way in ("rest", "mqtt")]
    print(table(found))


if __name__ == "__main__":
    main()
