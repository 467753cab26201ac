"""kill -9 of a real server while clients send: what was acknowledged is stored, once (reliability.md, R01).

It does not try a power cut: what the process handed to the kernel survives here in any case.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import get_args

import httpx
import pytest

from kwartier.service.ports.crash_points import CrashPoint
from tests.durability.senders import Senders, row_of
from tests.durability.stored import Reading, is_whole, stored_readings
from tests.services.new_client import new_client
from tests.services.postgres import fresh_database, running_server
from tests.services.running_service import RunningService, database_file, running_service

IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
# On each database: ten by day in all.
ROUNDS_COUNT = int(os.environ.get("KWARTIER_KILL_ROUNDS", "200" if IS_NIGHTLY else "5"))
READY_S = 5.0
MOST_MIB = 150  # ingest.md, "Figures to hold": service memory


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that is as durable as a deployment's."""
    if request.param == "sqlite":
        yield database_file(tmp_path)
    else:
        with running_server(settings=()) as server, fresh_database(server, "kept") as url:
            yield url


def new_senders(url: str) -> tuple[Senders, str]:
    """Clients of a new partner, and its id."""
    client = new_client(url, "Alpha")
    return Senders(client), client.client_id.partition(".")[0]


def test_what_was_acknowledged_survives_every_kill_once(
    kept_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    senders, partner_id = new_senders(kept_url)
    dice = random.Random(1)
    for number in range(ROUNDS_COUNT):
        with running_service(tmp_path, KWARTIER_DATABASE_URL=kept_url) as service:
            if number == 0:
                senders.make_site(service)

            def kill(has_begun: Event, service: RunningService = service) -> None:
                assert has_begun.wait(20)
                time.sleep(dice.uniform(0.0, 0.4))
                service.process.kill()

            senders.send_until_killed(service, kill)
    ready_s = ready_after_s(kept_url, tmp_path)
    assert ready_s <= READY_S
    stored = stored_readings(kept_url, partner_id)
    missing = [one for one in senders.acknowledged if stored.get((one.asset_id, one.second)) != one.energy_wh]
    assert missing == []
    assert len(senders.acknowledged) >= ROUNDS_COUNT
    # What was on its way may be stored or not; nothing else is there.
    known = {(one.asset_id, one.second) for one in senders.sent}
    assert stored.keys() - known == set()
    assert is_whole(kept_url)
    record_property("kills of a service that takes measurements", ROUNDS_COUNT)
    record_property("acknowledged measurements of killed services", len(senders.acknowledged))
    record_property("seconds until a killed service is ready again", round(ready_s, 2))


def ready_after_s(url: str, folder: Path) -> float:
    """How long the program, started as an operator does after a kill, takes until it is ready, in little memory.

    The time that the kernel let it wait for a core while the machine was busy with other tests is not counted.
    """
    with running_service(folder, is_new_program=True, KWARTIER_DATABASE_URL=url) as service:
        start_s = time.monotonic()
        assert httpx.get(f"{service.url}/readyz", timeout=20).status_code == 200
        ready_s = service.started_after_s + time.monotonic() - start_s
        assert held_mib(service.process.pid) <= MOST_MIB
        return ready_s - waited_for_a_core_s(service.process.pid)


def held_mib(pid: int) -> float:
    """What a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def waited_for_a_core_s(pid: int) -> float:
    """How long a process's first thread could run and had no core (/proc/PID/schedstat, second figure, ns)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


@pytest.mark.parametrize("name", get_args(CrashPoint))
def test_death_at_each_named_moment_loses_nothing_that_was_acknowledged(
    name: CrashPoint, tmp_path: Path
) -> None:
    url = database_file(tmp_path)
    senders, partner_id = new_senders(url)
    passes = 3
    with running_service(tmp_path, crash=(name, passes), KWARTIER_DATABASE_URL=url) as service:
        senders.make_site(service)
        with senders.log_in(service) as http:
            answered = [
                answered_to(http, Reading("pole_0", second)) for second in range(1_740_000_000, 1_740_000_006)
            ]
        assert service.process.wait(20) == -9
    assert answered == [True] * passes + [False] * 3
    stored = sorted(second for _, second in stored_readings(url, partner_id))
    # The reading at whose request the server died is there from the moment of the commit on.
    is_committed = name in ("group_committed", "answer_ready")
    assert stored == list(range(1_740_000_000, 1_740_000_000 + passes + is_committed))
    assert is_whole(url)


def answered_to(http: httpx.Client, reading: Reading) -> bool:
    try:
        return http.post("/v1/measurements", json=row_of(reading)).status_code == 200
    except httpx.TransportError:
        return False
