"""The demo on a disk that becomes full, and gets space again (reliability.md, R11): in script/nightly, as root.

Only root can make a small disk. What a full database does is tried with each change, with a limit of SQLite's own, in
`test_failing_disk.py` and `tests/adapters/mqtt/test_full_store.py`.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import from_epoch_s
from tests.durability.senders import FIRST_SECOND
from tests.services.new_client import CERTIFICATES
from tests.services.running_service import environment

CAN_MOUNT = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly" and os.geteuid() == 0
DISK_BYTES = 64 * 2**20
FULL_S = 30.0
# R11: it recovers by itself within so long.
RECOVERY_S = 30.0
SITE_ID = "demo-hub"


@dataclass
class Demo:
    """The demo that runs, a client of it, and how many messages its site has heard by purpose."""

    disk: Path
    http: httpx.Client
    heard: Counter[str]
    _numbers: Iterator[int]

    def post(self) -> int:
        """Send a thousand new readings; the status of the answer."""
        numbers = [next(self._numbers) for _ in range(1_000)]
        rows = [
            {
                "siteId": SITE_ID,
                "assetId": "grid_connection",
                "timestamp": format_instant(from_epoch_s(FIRST_SECOND + number)),
                "energyValue": number,
                "powerValue": 0,
            }
            for number in numbers
        ]
        return self.http.post("/v1/measurements/batch", json=rows).status_code

    def fill(self) -> None:
        """Leave no byte of the disk free."""
        with (self.disk / "ballast").open("ab", buffering=0) as ballast:
            for size in (2**20, 4096, 1):
                with suppress(OSError):
                    while ballast.write(bytes(size)) == size:
                        pass

    def fill_and_post(self) -> int:
        """The status of an answer on a disk without a free byte."""
        self.fill()
        return self.post()

    def hear_for(self, seconds: float) -> Counter[str]:
        """What the site hears meanwhile, by purpose."""
        before = Counter(self.heard)
        time.sleep(seconds)
        return self.heard - before


def full_disk_takes_nothing_and_stops_neither_reads_nor_control(tmp_path: Path) -> None:
    """The test, where it can be run."""
    with small_disk(tmp_path / "disk") as disk, running_demo(disk, tmp_path) as demo:
        until(lambda: demo.hear_for(1)["acknowledgements"] > 0, 60)
        assert demo.post() == 200
        until(lambda: demo.fill_and_post() == 507, 60)
        demo.hear_for(2)  # what was on its way
        demo.fill()
        heard = demo.hear_for(FULL_S)
        assert demo.post() == 507
        assert heard["acknowledgements"] == 0
        assert heard["setpoints"] > 0
        assert demo.http.get(f"/v1/sites/{SITE_ID}/setpoints").status_code == 200
        (disk / "ballast").unlink()
        until(lambda: demo.post() == 200, RECOVERY_S)
        until(lambda: demo.hear_for(1)["acknowledgements"] > 0, RECOVERY_S)


if CAN_MOUNT:
    test_a_full_disk_takes_nothing_and_stops_neither_reads_nor_control = (
        full_disk_takes_nothing_and_stops_neither_reads_nor_control
    )


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own in memory."""
    folder.mkdir()
    options = f"size={DISK_BYTES},mode=1777"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def running_demo(disk: Path, folder: Path) -> Iterator[Demo]:
    """`kwartier serve-demo`, whose data folder is on the disk."""
    words = ["serve-demo", "--json", "--port", "0", "--folder", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", "kwartier", *words],
        env=environment(folder, TMPDIR=str(disk)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        told = second_document(process)
        with httpx.Client(base_url=told["url"], timeout=30, verify=CERTIFICATES) as http:
            login = (told["client_id"], told["client_secret"])
            kind = {"grant_type": "client_credentials"}
            token = http.post("/v1/identity/client-login", data=kind, auth=login).json()["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            with listening(told["mqtt"]) as heard:
                yield Demo(disk, http, heard, count())
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def second_document(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """How to reach the service, which stands behind the plan."""
    assert process.stdout is not None
    text, documents = "", 0
    for line in process.stdout:
        text += line
        if line == "}\n":
            documents += 1
            if documents == 2:
                found: dict[str, Any] = json.loads(text)
                return found
            text = ""
    raise AssertionError("it ended before it served")


@contextmanager
def listening(device: dict[str, str]) -> Iterator[Counter[str]]:
    """How many messages the site has heard, by purpose."""
    heard: Counter[str] = Counter()
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(device["username"], device["password"])
    client.on_message = lambda _, __, message: heard.update([message.topic.split("/")[3]])
    client.connect("127.0.0.1", int(device["url"].rsplit(":", 1)[1]))
    client.subscribe(f"kwartier/{device['username'].split('.')[0]}/{SITE_ID}/#", 1)
    client.loop_start()
    try:
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


def until(is_so: Callable[[], bool], patience_s: float) -> None:
    """Wait for something that nobody announces."""
    deadline_s = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline_s, f"not within {patience_s} s"
        time.sleep(0.2)
