"""What sites are told: at once, retained, until the broker has it, and never after its time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.mqtt.sender import Sender, SenderOptions
from kwartier.adapters.mqtt.topics import Place, setpoint_topic
from kwartier.adapters.system.system_clock import SystemClock
from kwartier.service.make_plan import CYCLE_OPTIONS
from kwartier.service.outgoing_message import MessageSubject, OutgoingMessage
from kwartier.service.partner import Partner
from kwartier.service.plan_site import SitePlanned, plan_site
from kwartier.service.ports import Ports
from kwartier.service.site_event import SiteEvent
from kwartier.testing.contracts.examples import MONDAY
from tests.adapters.mqtt.broker_case import BrokerCase, Device, until
from tests.adapters.mqtt.intake_case import make_site
from tests.services.described import ports_in_memory
from tests.services.ready_site import ready_site
from tests.services.site_data import SITE_ID

V5 = MQTTProtocolVersion.MQTTv5


@dataclass
class SenderCase:
    """A site whose messages are sent, and the outbox they wait in."""

    broker: BrokerCase
    ports: Ports
    place: Place
    figures: MqttFigures

    @classmethod
    def of_a_new_site(cls, broker: BrokerCase) -> Self:
        """A new partner's site."""
        ports = replace(ports_in_memory(), clock=SystemClock())
        place = Place(broker.new_partner(), "hall")
        make_site(ports, place)
        return cls(broker, ports, place, MqttFigures())

    @property
    def topic(self) -> str:
        """Where pole_1 hears its setpoints."""
        return setpoint_topic(self.place.partner_id, self.place.site_id, "pole_1")

    def message(self, text: str, *, send_in_s: float = 0, valid_s: float = 60) -> OutgoingMessage:
        """A setpoint of pole_1 from so many seconds from now on."""
        now = datetime.now(UTC)
        send_at = now + timedelta(seconds=send_in_s)
        return OutgoingMessage(
            partner_id=self.place.partner_id,
            subject=MessageSubject(self.place.site_id, "setpoint", "pole_1"),
            payload=json.dumps({"is": text}).encode(),
            posted_at=now,
            send_at=send_at,
            not_after=send_at + timedelta(seconds=valid_s),
        )

    def post(self, *messages: OutgoingMessage) -> None:
        """Post messages, and say so as a plan does."""
        self.ports.outbox.post(self.place.partner_id, messages)
        now = datetime.now(UTC)
        self.ports.channel.publish(
            SiteEvent(self.place.partner_id, self.place.site_id, 1, "plan_made", now, {})
        )

    def device(self) -> Device:
        """A device of this partner."""
        return Device(self.broker, f"{self.place.partner_id}.all", protocol=V5)

    def waiting(self) -> list[OutgoingMessage]:
        """What is not settled."""
        return list(self.ports.outbox.list_waiting(self.place.partner_id, self.place.site_id))


@pytest.fixture
def case(broker: BrokerCase) -> SenderCase:
    """A new partner's site."""
    return SenderCase.of_a_new_site(broker)


@contextmanager
def sending(case: SenderCase) -> Iterator[Sender]:
    """A sender at work."""
    options = SenderOptions(case.place.partner_id, "1.2", sweep_s=0.3)
    sender = Sender(case.broker.address, options, ports=case.ports, figures=case.figures)
    sender.start()
    try:
        yield sender
    finally:
        sender.close()


def test_a_setpoint_is_heard_at_once_and_by_who_comes_later(case: SenderCase) -> None:
    with sending(case), case.device() as device:
        device.subscribe(case.topic)
        case.post(case.message("first"))
        assert device.next(case.topic) == {"is": "first"}
        with case.device() as later:
            later.subscribe(case.topic)
            assert later.next(case.topic) == {"is": "first"}
            (heard,) = later.heard
            assert heard.retain
            # The broker tells how much of its life is left (MQTT 5, section 3.3.2.3.3).
            assert heard.properties is not None
            assert 50 <= heard.properties.json()["MessageExpiryInterval"] <= 60
        until(lambda: case.waiting() == [])


def test_a_setpoint_never_outlives_its_time_at_the_broker(case: SenderCase) -> None:
    with sending(case), case.device() as device:
        device.subscribe(case.topic)
        message = case.message("short", valid_s=2.5)
        case.post(message)
        device.next(case.topic)
        assert retained(case) == [case.topic]
        until(lambda: datetime.now(UTC) >= message.not_after)
        assert retained(case) == []


def retained(case: SenderCase) -> list[str]:
    """What the broker gives to a device that comes now."""
    with case.device() as device:
        device.subscribe(case.topic)
        device.send(f"kwartier/{case.place.partner_id}/hall/measurements", {}).wait_for_publish(5)
        return [str(one.topic) for one in device.heard]


def test_what_is_over_is_not_sent(case: SenderCase) -> None:
    case.post(case.message("over", send_in_s=-60, valid_s=30))
    with sending(case):
        until(lambda: case.waiting() == [])
        assert (
            case.figures.registry.get_sample_value("kwartier_mqtt_not_sent_total", {"reason": "expired"}) == 1
        )
        assert retained(case) == []


def test_what_holds_later_is_sent_later(case: SenderCase) -> None:
    with sending(case), case.device() as device:
        device.subscribe(case.topic)
        case.post(case.message("now"), case.message("then", send_in_s=1.0))
        assert device.next(case.topic) == {"is": "now"}
        assert len(device.heard) == 1
        assert device.next(case.topic, 2) == {"is": "then"}


def test_what_another_process_posted_is_found(case: SenderCase) -> None:
    with sending(case), case.device() as device:
        device.subscribe(case.topic)
        case.ports.outbox.post(case.place.partner_id, [case.message("from a worker")])
        assert device.next(case.topic) == {"is": "from a worker"}


def test_the_service_says_that_it_is_there_and_that_it_goes(case: SenderCase) -> None:
    topic = f"kwartier/status/{case.place.partner_id}"
    with case.device() as device:
        device.subscribe(topic)
        with sending(case):
            assert device.next(topic)["status"] == "online"
        assert device.next(topic, 2)["status"] == "offline"


def test_a_device_with_a_slash_in_its_name_has_a_topic_of_its_own() -> None:
    assert setpoint_topic("p", "hall", "a/b+#%") == "kwartier/p/hall/setpoints/a%2Fb%2B%23%25"


def test_a_plan_reaches_a_device_within_a_second_after_it_is_made(broker: BrokerCase) -> None:
    ports = replace(ports_in_memory(), clock=SystemClock())
    place = Place(broker.new_partner(), SITE_ID)
    ports.partners.add(Partner(place.partner_id, place.partner_id, MONDAY))
    caller = ready_site(ports, place.partner_id)
    case = SenderCase(broker, ports, place, MqttFigures())
    with sending(case), case.device() as device:
        device.subscribe(place.topic("plan"))
        device.subscribe(case.topic)
        outcome = plan_site(caller, SITE_ID, CYCLE_OPTIONS, ports=ports)
        assert isinstance(outcome, SitePlanned)
        setpoint = device.next(case.topic)
        plan = device.next(place.topic("plan"))
        heard_at = datetime.now(UTC)
    assert plan["plan_id"] == setpoint["planId"] == outcome.record.plan_id
    assert heard_at - outcome.record.stored_at <= timedelta(seconds=1)
