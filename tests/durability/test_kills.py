"""kill -9 of a real server while clients send: what was acknowledged is stored, once (reliability.md, R01).

It does not try a power cut: what the process handed to the kernel survives here in any case.
"""

import os
import random
import time
from collections.abc import Iterator
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

# Each round is a start of the service, which is what takes the time.
IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
ROUNDS = {"sqlite": 200, "postgresql": 200} if IS_NIGHTLY else {"sqlite": 10, "postgresql": 3}
READY_S = 5.0
CRASHING = Path(__file__).with_name("crashing_service.py")


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


def processor_s(service: RunningService) -> float:
    """The processor time that a server has used: how long its start takes where nothing else runs."""
    fields = Path(f"/proc/{service.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_what_was_acknowledged_survives_every_kill_once(kept_url: str, tmp_path: Path) -> None:
    senders, partner_id = new_senders(kept_url)
    dice, starts_s = random.Random(1), []
    rounds = ROUNDS[kept_url.partition(":")[0].partition("+")[0]]
    for number in range(rounds):
        with running_service(tmp_path, KWARTIER_DATABASE_URL=kept_url) as service:
            starts_s.append(processor_s(service))
            if number == 0:
                senders.make_site(service)

            def kill(has_begun: Event, service: RunningService = service) -> None:
                assert has_begun.wait(20)
                time.sleep(dice.uniform(0.0, 0.4))
                service.process.kill()

            senders.send_until_killed(service, kill)
    stored = stored_readings(kept_url, partner_id)
    missing = [one for one in senders.acknowledged if stored.get((one.asset_id, one.second)) != one.energy_wh]
    assert missing == []
    assert len(senders.acknowledged) >= rounds
    # What was on its way may be stored or not; nothing else is there.
    known = {(one.asset_id, one.second) for one in senders.sent}
    assert stored.keys() - known == set()
    assert is_whole(kept_url)
    assert max(starts_s) <= READY_S


@pytest.mark.parametrize("name", get_args(CrashPoint))
def test_death_at_each_named_moment_loses_nothing_that_was_acknowledged(
    name: CrashPoint, tmp_path: Path
) -> None:
    url = database_file(tmp_path)
    senders, partner_id = new_senders(url)
    passes = 3
    with running_service(
        tmp_path, program=(str(CRASHING), name, str(passes)), KWARTIER_DATABASE_URL=url
    ) as service:
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
