"""The broker as a child: durable, started again, and never in the way of another one (ingest.md, section 6)."""

import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kwartier.adapters.mqtt.broker.configuration import Listener
from kwartier.adapters.mqtt.broker.mosquitto import BrokerUnavailable, Mosquitto
from kwartier.service.outgoing_message import MessageSubject
from tests.adapters.mqtt.broker_case import BrokerCase, running_broker, until
from tests.adapters.mqtt.intake_case import intake_of, new_site
from tests.adapters.mqtt.test_sender import SenderCase, sending
from tests.services.described import ports_in_memory

OUT = {"client": "out"}


def test_what_the_broker_holds_survives_its_own_death_after_a_second(own_broker: BrokerCase) -> None:
    # ingest.md, section 6: it saves once a second, so what is older than that is on disk.
    with new_site(own_broker, ports_in_memory()) as case:
        with intake_of(own_broker, case):
            own_broker.wait_for_line(f"{case.place.partner_id}-measurements 1 ")
        for sent in [case.send(number / 60) for number in range(500)]:
            sent.wait_for_publish(5)
        saved_ns = time.time_ns() + 1_000_000_000
        state = own_broker.folder / "mosquitto.db"
        until(lambda: state.exists() and state.stat().st_mtime_ns >= saved_ns)
        own_broker.kill()
        with intake_of(own_broker, case):
            until(lambda: case.stored_count() == 500)


def test_a_stop_loses_nothing(tmp_path: Path) -> None:
    ports = ports_in_memory()
    with running_broker(tmp_path / "broker") as broker, new_site(broker, ports) as case:
        with intake_of(broker, case):
            broker.wait_for_line(f"{case.place.partner_id}-measurements 1 ")
        for sent in [case.send(number / 60) for number in range(500)]:
            sent.wait_for_publish(5)
        broker.mosquitto.close()
        broker.mosquitto = Mosquitto(broker.folder, broker.mosquitto.listener, broker.lines.append)
        broker.mosquitto.start()
        with intake_of(broker, case):
            until(lambda: case.stored_count() == 500)


def test_a_message_to_a_site_is_sent_again_after_the_broker_died(own_broker: BrokerCase) -> None:
    case = SenderCase.of_a_new_site(own_broker)
    unkept = replace(case.message("not even posted"), subject=MessageSubject("hall", "setpoint", "pole_2"))
    with sending(case) as sender:
        until(lambda: case.figures.registry.get_sample_value("kwartier_mqtt_connected", OUT) == 1)
        own_broker.kill()
        case.post(case.message("meanwhile"))
        sender.send([unkept])
        until(lambda: case.figures.registry.get_sample_value("kwartier_mqtt_sent_total") == 2)
        assert case.waiting() == []
        with case.device() as device:
            for topic, text in {case.topic: "meanwhile", case.topic[:-1] + "2": "not even posted"}.items():
                device.subscribe(topic)
                assert device.next(topic) == {"is": text}


def test_two_brokers_do_not_share_a_folder(broker: BrokerCase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kwartier.adapters.mqtt.broker.mosquitto.PREDECESSOR_S", 0.1)
    with pytest.raises(BrokerUnavailable, match="another broker runs in"):
        Mosquitto(broker.folder, Listener("127.0.0.1", 0), lambda _: None).start()


def test_a_port_that_is_taken_is_named_with_the_next_step(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BrokerUnavailable, match=f"{port}; set KWARTIER_MQTT_PORT"):
            Mosquitto(tmp_path / "broker", Listener("127.0.0.1", port), lambda _: None).start()


def test_a_free_port_is_nobody_elses_until_the_broker_is_closed(broker: BrokerCase, tmp_path: Path) -> None:
    # Two that start in the same second must not pick one port: it is taken from the moment it is chosen.
    other = Mosquitto(tmp_path, Listener("127.0.0.1", 0), lambda _: None)
    for port in (other.listener.port, broker.mosquitto.listener.port):
        with socket.socket() as third, pytest.raises(OSError, match="in use"):
            third.bind(("127.0.0.1", port))
    other.close()
    with socket.socket() as third:
        third.bind(("127.0.0.1", other.listener.port))


def test_without_mosquitto_the_reason_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kwartier.adapters.mqtt.broker.mosquitto.broker_program", lambda: None)
    with pytest.raises(BrokerUnavailable, match="apt-get install mosquitto"):
        Mosquitto(tmp_path, Listener("127.0.0.1", 0), lambda _: None)


def test_the_broker_leaves_the_rights_of_root(broker: BrokerCase) -> None:
    pid = broker.mosquitto.process_number
    assert pid is not None
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    user_id = int(next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1])
    assert user_id != 0
    assert broker.folder.stat().st_uid == user_id
