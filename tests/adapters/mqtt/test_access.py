"""A partner's device sends and hears what belongs to its own sites, and nothing else (reliability.md, R46)."""

import pytest
from paho.mqtt.enums import MQTTProtocolVersion
from structlog.testing import capture_logs

from kwartier.adapters.mqtt.broker.access import access_files
from kwartier.adapters.mqtt.broker.folder import write_files
from kwartier.adapters.mqtt.broker.log_lines import BrokerLog
from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.mqtt.topics import Place
from tests.adapters.mqtt.broker_case import PASSWORD, SERVICE, BrokerCase, Device, credential, until

V5 = MQTTProtocolVersion.MQTTv5
# What the service publishes to see whether it can be heard by somebody else.
SECRETS = ("plan", "errors", "acknowledgements")


def test_a_device_hears_nothing_of_another_partner_whatever_it_subscribes_to(broker: BrokerCase) -> None:
    alpha, beta = broker.new_partner(), broker.new_partner()
    own, other = Place(alpha, "hall"), Place(beta, "hall")
    with Device(broker, f"{alpha}.all", protocol=V5) as spy, service(broker) as kwartier:
        for topic in SECRETS:
            kwartier.send(other.topic(topic), {"of": "beta"}, is_retained=True)
        filters = [
            "#",
            "+/+/+/+",
            "kwartier/#",
            f"kwartier/{beta}/#",
            f"kwartier/{beta}/hall/plan",
            f"$share/g/kwartier/{beta}/hall/plan",
            "$share/kwartier/kwartier/+/+/measurements",
            "$SYS/#",
        ]
        for one in filters:
            spy.subscribe(one)
        for topic in SECRETS:
            kwartier.send(other.topic(topic), {"of": "beta"})
        with Device(broker, f"{beta}.all") as victim:
            victim.send(other.topic("measurements"), {"of": "beta"}).wait_for_publish(5)
        # The last thing sent is its own: when that is here, the others would have been.
        kwartier.send(own.topic("plan"), {"of": "alpha"})
        spy.next(own.topic("plan"))
        # Whether the service is there is for every device to know, and retained by the broker that tests share.
        of_sites = {one.topic for one in spy.heard if not one.topic.startswith("kwartier/status/")}
        assert of_sites == {own.topic("plan")}


@pytest.mark.parametrize("topic", ["measurements", "transactions", "plan", "setpoints/pole_1", "errors"])
def test_a_device_sends_nothing_for_another_partner(broker: BrokerCase, topic: str) -> None:
    alpha, beta = broker.new_partner(), broker.new_partner()
    with service(broker) as kwartier, Device(broker, f"{alpha}.all", protocol=V5) as device:
        kwartier.subscribe(f"kwartier/{beta}/#")
        for _ in range(2):
            sent = device.send(f"kwartier/{beta}/hall/{topic}", {"of": "alpha"}, is_retained=True)
            device.wait(lambda sent=sent: sent.mid in device.codes)  # type: ignore[misc]
            assert device.codes[sent.mid].value == 0x87  # MQTT 5, table 3-4: not authorized
        kwartier.send(f"kwartier/{beta}/hall/plan", {"of": "the service"})
        kwartier.next(f"kwartier/{beta}/hall/plan")
        assert [one.topic for one in kwartier.heard] == [f"kwartier/{beta}/hall/plan"]
    # R46: refused, logged once, counted.
    denied = f"Denied PUBLISH from {device.name} "
    until(lambda: sum(denied in line for line in broker.lines) == 2)
    figures = MqttFigures()
    log = BrokerLog(figures)
    with capture_logs() as logged:
        for line in [line for line in broker.lines if denied in line]:
            log.heard(line)
    assert figures.registry.get_sample_value("kwartier_mqtt_broker_refusals_total", {"kind": "publish"}) == 2
    assert [(one["kind"], one["log_level"]) for one in logged] == [("publish", "warning")]


def test_what_packets_came_and_went_is_not_told(broker: BrokerCase) -> None:
    with Device(broker, f"{broker.new_partner()}.all") as device:
        device.subscribe("kwartier/status/+")
        broker.wait_for_line(f"{device.name} 1 kwartier/status/+")
    assert not [line for line in broker.lines if line.startswith(("Received", "Sending"))]


def test_a_device_may_not_pose_as_the_service(broker: BrokerCase) -> None:
    alpha = broker.new_partner()
    with Device(broker, f"{alpha}.all", protocol=V5) as device:
        for topic in ("plan", "setpoints/pole_1", "errors", "acknowledgements"):
            sent = device.send(f"kwartier/{alpha}/hall/{topic}", {})
            device.wait(lambda sent=sent: sent.mid in device.codes)  # type: ignore[misc]
            assert device.codes[sent.mid].value == 0x87


def test_a_device_of_one_site_speaks_for_that_site_only(broker: BrokerCase) -> None:
    alpha = broker.new_partner()
    with Device(broker, f"{alpha}.hall", protocol=V5) as device:
        codes = {}
        for site_id in ("hall", "yard"):
            sent = device.send(f"kwartier/{alpha}/{site_id}/measurements", {})
            device.wait(lambda sent=sent: sent.mid in device.codes)  # type: ignore[misc]
            codes[site_id] = device.codes[sent.mid].is_failure
        assert codes == {"hall": False, "yard": True}


def test_a_last_will_on_another_partners_topic_is_not_published(broker: BrokerCase) -> None:
    alpha, beta = broker.new_partner(), broker.new_partner()
    topic = f"kwartier/{beta}/hall/measurements"
    with service(broker) as kwartier:
        kwartier.subscribe(f"kwartier/{beta}/#")
        poser = Device(broker, f"{alpha}.all", will_topic=topic)
        poser.wait(lambda: poser.connect_code is not None)
        if poser.connect_code is not None and not poser.connect_code.is_failure:
            sock = poser.client.socket()
            assert sock is not None
            sock.close()  # as if the power went: now the broker would speak for it
        poser.client.loop_stop()
        kwartier.send(f"kwartier/{beta}/hall/plan", {})
        kwartier.next(f"kwartier/{beta}/hall/plan")
        assert [one.topic for one in kwartier.heard] == [f"kwartier/{beta}/hall/plan"]


@pytest.mark.parametrize("username", ["", "kwartier", "nobody", "partner00001"])
def test_without_the_right_password_nobody_gets_in(broker: BrokerCase, username: str) -> None:
    figures = MqttFigures()
    log = BrokerLog(figures)
    before = len(broker.lines)
    device = Device(broker, username, password=PASSWORD[::-1])
    device.wait(lambda: device.connect_code is not None)
    device.client.loop_stop()
    assert device.connect_code is not None
    assert device.connect_code.is_failure
    until(lambda: any("not authorised" in line for line in broker.lines[before:]))
    for line in broker.lines[before:]:
        log.heard(line)
    assert figures.registry.get_sample_value("kwartier_mqtt_broker_refusals_total", {"kind": "login"}) == 1


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("device1 1 kwartier/alpha/hall/errors", "debug"),
        ("Socket error on client device1, disconnecting.", "error"),
        ("Error: Unable to open pwfile.", "error"),
    ],
)
def test_the_topic_errors_in_the_brokers_log_is_no_error(line: str, level: str) -> None:
    with capture_logs() as lines:
        BrokerLog(MqttFigures()).heard(line)
    assert [one["log_level"] for one in lines] == [level]


def service(broker: BrokerCase) -> Device:
    """A client with the service's rights."""
    return Device(broker, "kwartier")


def test_who_is_revoked_is_cut_off_by_the_running_broker_and_does_not_come_back(
    own_broker: BrokerCase,
) -> None:
    # R47: effective within 60 s; the service looks at its files each second.
    alpha, beta = own_broker.new_partner(), own_broker.new_partner()
    with Device(own_broker, f"{alpha}.all") as revoked, Device(own_broker, f"{beta}.all") as other:
        assert revoked.connect_code is not None
        assert not revoked.connect_code.is_failure
        write_files(own_broker.folder, access_files(SERVICE, PASSWORD, [credential(beta)]))
        own_broker.mosquitto.reload()
        revoked.wait(lambda: revoked.connect_code is not None and revoked.connect_code.is_failure)
        topic = f"kwartier/{beta}/hall/plan"
        other.subscribe(topic)
        with Device(own_broker, SERVICE) as service:
            service.send(topic, {})
            assert other.next(topic) == {}
