"""kill -9 of a real service that takes in over MQTT: what was not acknowledged comes again, and is stored once."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import get_args

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
from tests.durability.stored import SITE, Reading, is_whole, stored_readings
from tests.services.nursery import Child, start
from tests.services.running_service import database_file, environment, running_service

READINGS = [Reading("pole_0", second) for second in range(1_740_000_000, 1_740_000_020)]


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
        for number, name in enumerate(get_args(CrashPoint)):
            with dying_service(tmp_path, name, settings) as process:
                if number == 0:
                    broker.wait_for_line(f"{place.partner_id}-measurements 1 ")
                    for reading in READINGS:
                        device.send(place.topic("measurements"), row_of(reading))
                assert process.wait(40) == -9
            assert device.heard == []
        with running_service(tmp_path, crash=None, is_new_program=False, begins=None, **settings):
            until(lambda: len(acknowledged(device, place)) == len(READINGS))
    # Members of a group that are away keep their share, so none may be left behind for the next test.
    for purpose in ("measurements", "transactions"):
        forget_session(broker, f"{place.partner_id}-{purpose}")
    # A reading that is there twice, or was written over, fails in here.
    stored = stored_readings(url, place.partner_id)
    assert stored == {(one.asset_id, one.second): one.energy_wh for one in READINGS}
    assert is_whole(url)


@contextmanager
def dying_service(folder: Path, name: CrashPoint, settings: dict[str, str]) -> Iterator[Child]:
    """A service that dies at a named moment, which may come before it answers anybody."""
    surroundings = environment(folder, KWARTIER_HTTP_PORT="0", **settings)
    process = start(folder, surroundings, folder / "dying.log", (name, 0))
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
