"""kill -9 of a real service that takes in over MQTT: what was not acknowledged comes again, and is stored once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kwartier.adapters.mqtt.topics import Place
from kwartier.adapters.sql import schema
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.partner_store import SqlPartnerStore
from kwartier.adapters.sql.site_store import SqlSiteStore
from kwartier.service.partner import Partner
from kwartier.service.ports.crash_points import CrashPoint
from kwartier.testing.contracts.examples import MONDAY, a_draft
from tests.adapters.mqtt.broker_case import BrokerCase, Device, forget_session, until
from tests.durability.senders import row_of
from tests.durability.stored import SITE, Reading, database_file, is_whole, stored_readings
from tests.services.running_service import environment, running_service

CRASHING = Path(__file__).parents[2] / "durability" / "crashing_service.py"
IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
READINGS = [Reading("pole_0", second) for second in range(1_740_000_000, 1_740_000_020)]


# Each is a start of the service, which is what takes the time; before and after the commit is what matters.
NAMES: tuple[CrashPoint, ...] = ("group_written", "group_committed")
if IS_NIGHTLY:
    NAMES = ("request_read", "rows_accepted", "group_written", "group_committed", "answer_ready")


def test_deaths_between_receipt_and_acknowledgement_lose_and_double_nothing(
    broker: BrokerCase, tmp_path: Path
) -> None:
    url, place = database_file(tmp_path), Place(broker.new_partner(), SITE)
    make_site(url, place)
    settings = {
        "KWARTIER_DATABASE_URL": url,
        "KWARTIER_MQTT_URL": broker.url,
        "KWARTIER_MQTT_CLIENT_ID": place.partner_id,
    }
    with Device(broker, f"{place.partner_id}.all") as device:
        device.subscribe(place.topic("acknowledgements"))
        for number, name in enumerate(NAMES):
            with dying_service(tmp_path, name, settings) as process:
                if number == 0:
                    broker.wait_for_line(f"{place.partner_id}-measurements 1 ")
                    for reading in READINGS:
                        device.send(place.topic("measurements"), row_of(reading))
                assert process.wait(40) == -9
            assert device.heard == []
        with running_service(tmp_path, **settings):
            until(lambda: len(acknowledged(device, place)) == len(READINGS))
    # Members of a group that are away keep their share, so none may be left behind for the next test.
    for purpose in ("measurements", "transactions"):
        forget_session(broker, f"{place.partner_id}-{purpose}")
    # A reading that is there twice, or was written over, fails in here.
    stored = stored_readings(url, place.partner_id)
    assert stored == {(one.asset_id, one.second): one.energy_wh for one in READINGS}
    assert is_whole(url)


@contextmanager
def dying_service(
    folder: Path, name: CrashPoint, settings: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A service that dies at a named moment, which may come before it answers anybody."""
    program = [sys.executable, str(CRASHING), name, "0"]
    env = environment(folder, KWARTIER_HTTP_PORT="0", **settings)
    with (folder / "dying.log").open("ab") as log:
        process = subprocess.Popen(program, cwd=folder, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def acknowledged(device: Device, place: Place) -> set[str]:
    """The moments of the readings that the device has been told are stored."""
    documents = device.documents(place.topic("acknowledgements"))
    return {key["timestamp"] for document in documents for key in document["measurements"]}


def make_site(url: str, place: Place) -> None:
    """A partner with a site, in a database where no service runs yet."""
    with closing(Database(url)) as database:
        schema.upgrade(database)
        partner = Partner(place.partner_id, place.partner_id, MONDAY)
        SqlPartnerStore(database).add(partner)
        SqlSiteStore(database).create(a_draft(partner, place.site_id))
