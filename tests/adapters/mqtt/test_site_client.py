"""A simulated site at a real broker: what it publishes is what the service reads, and it does as it is told."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.no_broker import NoBroker
from kwartier.adapters.mqtt.payloads import BadMessage, read_payload
from kwartier.adapters.mqtt.site_client import PassingTime, SiteAtBroker, SiteClient
from kwartier.adapters.mqtt.topics import Place, setpoint_topic
from kwartier.simulation.car import Car
from kwartier.simulation.simulated_site import SimulatedSite, first_state
from kwartier.simulation.site_step import SiteStep
from kwartier.site.document import SiteConfiguration
from kwartier.site.measurement import Measurement
from tests.adapters.mqtt.broker_case import PASSWORD, BrokerCase, Device

BEGIN = datetime(2026, 3, 2, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CONFIGURATION = SiteConfiguration.model_validate(
    {
        "device_list": [
            {
                "name": "pole",
                "collector": "main",
                "line_current": 32,
                "pin_to_phase_mapping": {"pin_list": ["pin1"], "phase_list": ["L1"]},
            }
        ],
        "collector_list": [{"name": "main", "line_current": 63, "phase_voltage": 230}],
    }
)


def site_with_a_car() -> SimulatedSite:
    car = Car("t1", "pole", BEGIN, BEGIN + timedelta(hours=2), 20_000.0, 7_360.0, 1)
    return SimulatedSite(CONFIGURATION, ZoneInfo("Europe/Brussels"), lambda _: [car])


def test_a_simulated_site_obeys_the_setpoint_that_the_broker_keeps_and_falls_back_after_it(
    broker: BrokerCase,
) -> None:
    partner = broker.new_partner()
    place = Place(partner, "hall")
    told = {
        "assetId": "pole",
        "planId": None,
        "validFrom": BEGIN.isoformat(),
        "validUntil": (BEGIN + 2 * MINUTE).isoformat(),
        "maxCurrent": 10.0,
        "fallbackCurrent": 6.0,
        "rung": "optimal",
        "reason": "told",
    }
    address = BrokerAddress("127.0.0.1", broker.address.port, username=f"{partner}.all", password=PASSWORD)
    site = site_with_a_car()
    steps: list[SiteStep] = []
    client = SiteClient(
        SiteAtBroker(address, place, MINUTE),
        site,
        first_state(site, BEGIN),
        now=lambda: BEGIN + timedelta(hours=1),
        on_step=steps.append,
    )
    heard: dict[tuple[str, datetime], float] = {}
    with Device(broker, "kwartier") as service:
        service.subscribe(place.topic("measurements"))
        service.subscribe(place.topic("transactions"))
        service.send(
            setpoint_topic(partner, "hall", "pole"), json.dumps(told).encode(), is_retained=True
        ).wait_for_publish(10)
        client.run(lambda: False, step_count=3)
        service.wait(lambda: len(service.heard) == 3 * 2 + 1)
        for message in service.heard:
            if message.topic == place.topic("measurements"):
                read = read_payload(Measurement, bytes(message.payload))
                assert not isinstance(read, BadMessage)
                heard[read.asset_id, read.timestamp] = read.power_value
        started = service.next(place.topic("transactions"))
    # Two minutes at 10 A of 230 V, then 6 A; the board measures what its only pole takes.
    expected_w = [2_300.0, 2_300.0, 1_380.0]
    for name in ("pole", "main"):
        assert [heard[name, BEGIN + count * MINUTE] for count in (1, 2, 3)] == pytest.approx(expected_w)
    assert (started["transactionState"], started["transactionId"]) == ("Started", "t1")
    assert len(steps) == 3


def test_a_wrong_password_is_said(broker: BrokerCase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kwartier.adapters.mqtt.site_client.PATIENCE_S", 0.5)
    address = BrokerAddress("127.0.0.1", broker.address.port, username="kwartier", password=PASSWORD[1:])
    site = site_with_a_car()
    client = SiteClient(
        SiteAtBroker(address, Place("alpha", "hall"), MINUTE),
        site,
        first_state(site, BEGIN),
        now=lambda: BEGIN,
    )
    with pytest.raises(NoBroker, match="user and password"):
        client.run(lambda: False)


def test_a_user_of_another_partner_is_told_that_the_broker_refuses(broker: BrokerCase) -> None:
    username = f"{broker.new_partner()}.all"
    address = BrokerAddress("127.0.0.1", broker.address.port, username=username, password=PASSWORD)
    site = site_with_a_car()
    where = SiteAtBroker(address, Place(broker.new_partner(), "hall"), MINUTE)
    client = SiteClient(where, site, first_state(site, BEGIN), now=lambda: BEGIN + MINUTE)
    with capture_logs() as lines:
        client.run(lambda: False, step_count=1)
    refused = [one["reason"] for one in lines if "refuses messages" in one["event"]]
    assert refused == ["Not authorized"]


def test_the_past_goes_by_fast_and_never_passes_the_present() -> None:
    passing = PassingTime(BEGIN - timedelta(hours=1), BEGIN, 60.0)
    assert passing.at(BEGIN + 30 * timedelta(seconds=1)) == BEGIN - timedelta(minutes=30)
    later = BEGIN + timedelta(hours=2)
    assert passing.at(later) == later
