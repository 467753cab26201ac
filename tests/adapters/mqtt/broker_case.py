"""A real broker, and devices that talk to it."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Condition
from typing import Any, Self
from unittest.mock import patch

from paho.mqtt.client import Client, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kwartier.adapters.mqtt.broker.access import access_files, new_password_hash
from kwartier.adapters.mqtt.broker.configuration import Listener
from kwartier.adapters.mqtt.broker.folder import make_folder, write_files
from kwartier.adapters.mqtt.broker.mosquitto import Mosquitto
from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.service.broker_credential import BrokerCredential
from kwartier.testing.contracts.examples import MONDAY

SERVICE, PASSWORD = "kwartier", "a password for tests"
PARTNERS_COUNT = 80
PATIENCE_S = 20.0
_partner_numbers, _device_numbers = count(1), count(1)


def partner_number(number: int) -> str:
    """A partner's id; each test takes the next one."""
    return f"partner{number:05d}"


def credential(partner_id: str, site_id: str | None = None) -> BrokerCredential:
    """What a partner's device logs in with; its password is PASSWORD."""
    name = f"{partner_id}.{site_id or 'all'}"
    return BrokerCredential(partner_id, name, new_password_hash(PASSWORD), site_id, MONDAY)


def login_files() -> dict[str, str]:
    """The broker's files for the service and for as many partners as there are tests."""
    ids = [partner_number(number) for number in range(1, PARTNERS_COUNT)]
    return access_files(SERVICE, PASSWORD, [*map(credential, ids), *(credential(one, "hall") for one in ids)])


@dataclass
class BrokerCase:
    """A broker that runs, and the lines of its log."""

    mosquitto: Mosquitto
    folder: Path
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> BrokerAddress:
        """Where the service connects."""
        return BrokerAddress("127.0.0.1", self.mosquitto.listener.port, username=SERVICE, password=PASSWORD)

    @property
    def url(self) -> str:
        """The same as a setting."""
        return f"mqtt://{SERVICE}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.mosquitto.listener.port}"

    def new_partner(self) -> str:
        """The id of a partner that no other test has."""
        return partner_number(next(_partner_numbers))

    def kill(self) -> None:
        """End the broker without any warning; it is started again."""
        pid = self.mosquitto.process_number
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def take_away(self, seconds: float) -> None:
        """End the broker with time to save, and keep it from coming back for so long."""
        pid = self.mosquitto.process_number
        assert pid is not None
        with patch("kwartier.adapters.mqtt.broker.mosquitto.RESTART_S", seconds):
            os.kill(pid, signal.SIGTERM)
            until(lambda: self.mosquitto.process_number is None)
            time.sleep(0.3)  # by now it waits

    def wait_for_line(self, words: str) -> str:
        """Wait for a line of the broker's log: subscriptions stand in it as client, QoS and topic."""
        until(lambda: any(words in line for line in self.lines))
        return next(line for line in self.lines if words in line)


@contextmanager
def running_broker(folder: Path, more_files: Mapping[str, str] | None = None) -> Iterator[BrokerCase]:
    """A broker on a free port, with more files in its folder where wanted; stopped at the end."""
    lines: list[str] = []
    make_folder(folder)
    write_files(folder, {**login_files(), **(more_files or {})})
    mosquitto = Mosquitto(folder, Listener("127.0.0.1", 0), lines.append)
    mosquitto.start()
    case = BrokerCase(mosquitto, folder, lines)
    try:
        yield case
    finally:
        case.mosquitto.close()


def until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait for something that nobody announces."""
    deadline_s = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline_s, f"not within {patience_s} s"
        time.sleep(0.01)


class Device:
    """A client of a partner that remembers what it hears."""

    def __init__(
        self,
        case: BrokerCase,
        username: str,
        *,
        client_id: str | None = None,
        password: str = PASSWORD,
        protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv311,
        will_topic: str | None = None,
    ) -> None:
        self.heard: list[MQTTMessage] = []
        self.codes: dict[int, ReasonCode] = {}
        self.acknowledged_count = 0
        self.connect_code: ReasonCode | None = None
        self._news = Condition()
        self.name = client_id or f"device{next(_device_numbers)}"
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=self.name, protocol=protocol)
        self.client.username_pw_set(username, password)
        self.client.max_inflight_messages_set(1000)
        self.client.on_message = lambda _, __, message: self._note(lambda: self.heard.append(message))
        self.client.on_publish = lambda _, __, mid, code, ___: self._note(
            lambda: self._acknowledged(mid, code)
        )
        self.client.on_subscribe = lambda _, __, mid, codes, ___: self._note(
            lambda: self.codes.update({mid: codes[0]})
        )
        self.client.on_connect = lambda _, __, ___, code, ____: self._note(
            lambda: setattr(self, "connect_code", code)
        )
        if will_topic is not None:
            self.client.will_set(will_topic, b"gone", qos=1, retain=True)
        self.client.connect("127.0.0.1", case.mosquitto.listener.port, keepalive=60)
        self.client.loop_start()

    def __enter__(self) -> Self:
        self.wait(lambda: self.connect_code is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _note(self, change: Callable[[], object]) -> None:
        with self._news:
            change()
            self._news.notify_all()

    def _acknowledged(self, mid: int, code: ReasonCode) -> None:
        self.codes[mid] = code
        self.acknowledged_count += 1

    def wait(self, is_there: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait for what comes over the network."""
        with self._news:
            assert self._news.wait_for(is_there, patience_s), f"not within {patience_s} s"

    def subscribe(self, topic: str) -> ReasonCode:
        """Subscribe with QoS 1; what the broker says to it."""
        _, mid = self.client.subscribe(topic, 1)
        assert mid is not None
        self.wait(lambda: mid in self.codes)
        return self.codes[mid]

    def send(self, topic: str, document: Any, *, is_retained: bool = False) -> MQTTMessageInfo:
        """Publish a document, or bytes as they are, with QoS 1."""
        payload = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.client.publish(topic, payload, qos=1, retain=is_retained)

    def documents(self, topic: str) -> list[Any]:
        """What has been heard on a topic."""
        return [json.loads(one.payload) for one in self.heard if one.topic == topic]

    def next(self, topic: str, number: int = 1) -> Any:
        """The so manieth document on a topic."""
        self.wait(lambda: len(self.documents(topic)) >= number)
        return self.documents(topic)[number - 1]


def forget_session(case: BrokerCase, client_id: str) -> None:
    """End a session at the broker, so that nothing is kept for it any more."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(SERVICE, PASSWORD)
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 0
    client.connect("127.0.0.1", case.mosquitto.listener.port, clean_start=True, properties=properties)
    deadline_s = time.monotonic() + PATIENCE_S
    while not client.is_connected() and time.monotonic() < deadline_s:
        client.loop(0.1)
    client.disconnect()
