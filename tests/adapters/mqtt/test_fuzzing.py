"""Whatever comes over the network is stored or refused, and nothing falls over (reliability.md, R38)."""

import json
import os
import random
import socket
import time
from contextlib import closing, suppress
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwartier.adapters.http.measurements.example import EXAMPLE_MEASUREMENT
from kwartier.adapters.http.transactions.example import EXAMPLE_MESSAGE
from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.connection import Arrived, Connection, Identity
from kwartier.adapters.mqtt.keepers import Keeper, MeasurementKeeper, TransactionKeeper
from kwartier.adapters.mqtt.replies import Refused, replies
from kwartier.adapters.mqtt.topics import Place, place_of
from kwartier.service.ports import Ports
from tests.adapters.highs.planner_case import withheld_s
from tests.adapters.mqtt.intake_case import make_site
from tests.services.described import ports_in_memory

PLACE = Place("partner", "brussels-hub")
RECORDED = {"measurements": EXAMPLE_MEASUREMENT, "transactions": EXAMPLE_MESSAGE}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def payloads(draw: st.DrawFn, purpose: str) -> bytes:
    """Recorded messages with a few fields or bytes changed, and plain noise."""
    document = dict(RECORDED[purpose])
    for name in draw(st.lists(st.sampled_from(sorted(document)), max_size=2)):
        document[name] = draw(json_values)
    payload = bytearray(json.dumps(document).encode())
    for place in draw(st.lists(st.integers(0, len(payload) - 1), max_size=3)):
        payload[place] = draw(st.integers(0, 255))
    return draw(
        st.sampled_from([bytes(payload), bytes(payload[: len(payload) // 2])]) | st.binary(max_size=50)
    )


@pytest.fixture(scope="module")
def ports() -> Ports:
    ports = ports_in_memory()
    make_site(ports, PLACE)
    return ports


def is_settled(keeper: Keeper, topic: str, payload: bytes, ports: Ports) -> bool:
    begun_s = time.monotonic()
    (settled,) = keeper.keep([Arrived(topic, payload, 1, wants_acknowledgement=True)])
    for reply in replies([settled], ports.clock.now()):
        json.loads(reply.payload)
    # Of a topic that is none of ours there is nobody to tell.
    assert isinstance(settled, Refused) or place_of(topic) == settled.place
    return time.monotonic() - begun_s < 1.0


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_payload_is_stored_or_refused(ports: Ports, data: st.DataObject) -> None:
    keepers: list[Keeper] = [MeasurementKeeper(ports), TransactionKeeper(ports)]
    keeper = data.draw(st.sampled_from(keepers))
    payload = data.draw(payloads(keeper.purpose))
    assert is_settled(keeper, PLACE.topic(keeper.purpose), payload, ports)


@given(topic=st.text(max_size=60), payload=st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_topic_is_refused_or_known(ports: Ports, topic: str, payload: bytes) -> None:
    assert is_settled(MeasurementKeeper(ports), topic, payload, ports)


# MQTT 5, sections 3.2 and 3.3: the broker's welcome, and a message of QoS 1 with a topic and a payload.
WELCOME = bytes.fromhex("20 03 00 00 00")
MESSAGE = bytes.fromhex("32 18 00 0c") + b"kwartier/a/b" + bytes.fromhex("00 01 00") + b"payload"


FRAMES_COUNT = 20_000 if os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly" else 150


def mutated(dice: random.Random) -> bytes:
    """The recorded frames, with a few bytes changed, left out, or put in."""
    frames = bytearray(WELCOME + MESSAGE * 3)
    for _ in range(dice.randint(0, 6)):
        place = dice.randrange(len(frames))
        match dice.randrange(3):
            case 0:
                frames[place] = dice.randrange(256)
            case 1:
                del frames[place]
            case _:
                frames.insert(place, dice.randrange(256))
    return bytes(frames)


def test_any_frames_of_a_broker_leave_a_connection_that_works() -> None:
    dice, arrived = random.Random(1), []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        connection = Connection(BrokerAddress("127.0.0.1", server.getsockname()[1]), Identity("fuzzed"))
        for number in range(FRAMES_COUNT):
            answers = WELCOME + MESSAGE if number == FRAMES_COUNT - 1 else mutated(dice)
            speaker = Thread(target=speak, args=(server, answers))
            speaker.start()
            begun_s = time.monotonic() - withheld_s()
            connection._next_try_s = 0.0  # without the pause between two attempts
            while speaker.is_alive():
                connection.step(0.005)
            for _ in range(3):
                connection.step(0.0)
            assert time.monotonic() - withheld_s() - begun_s < 1.0
            arrived = connection.take()
            speaker.join()
        assert [(one.topic, one.payload) for one in arrived] == [("kwartier/a/b", b"payload")]
        connection.close()


def speak(server: socket.socket, answers: bytes) -> None:
    """A broker that says its part and hangs up; the other side may do so first."""
    client, _ = server.accept()
    with client, suppress(OSError):
        client.recv(1024)
        client.sendall(answers)
        client.shutdown(socket.SHUT_WR)
        client.settimeout(0.2)
        while client.recv(1024):
            pass
