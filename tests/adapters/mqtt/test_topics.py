"""How long a topic may be (reliability.md, R39): taken at the limit and refused one beyond, whoever makes it."""

import json

import pytest

from kwartier.adapters.http.measurements.example import EXAMPLE_MEASUREMENT
from kwartier.adapters.http.transactions.example import EXAMPLE_MESSAGE
from kwartier.adapters.mqtt.connection import Arrived
from kwartier.adapters.mqtt.keepers import Keeper, MeasurementKeeper, TransactionKeeper
from kwartier.adapters.mqtt.replies import Refused, Settled, Stored
from kwartier.adapters.mqtt.topics import LONGEST_INCOMING_LENGTH, Place, setpoint_topic
from kwartier.site.parse import read_site
from kwartier.units.text import NAME_LENGTH
from tests.adapters.mqtt.broker_case import SERVICE, BrokerCase, Device
from tests.adapters.mqtt.intake_case import make_site
from tests.services.described import ports_in_memory
from tests.services.site_data import example_site

LONGEST = Place("p" * 64, "s" * 64)


@pytest.mark.parametrize(
    ("kind", "example"), [(MeasurementKeeper, EXAMPLE_MEASUREMENT), (TransactionKeeper, EXAMPLE_MESSAGE)]
)
def test_a_message_on_a_topic_of_the_limit_is_stored_and_on_a_longer_one_refused(
    kind: type[MeasurementKeeper | TransactionKeeper], example: dict[str, object]
) -> None:
    ports = ports_in_memory()
    make_site(ports, LONGEST)
    keeper = kind(ports)
    topic = LONGEST.topic(keeper.purpose)
    assert len(topic) == LONGEST_INCOMING_LENGTH
    assert isinstance(kept(keeper, topic, example), Stored)
    refused = kept(keeper, topic.replace("/s", "/ss"), example)
    assert isinstance(refused, Refused)
    assert (refused.place, refused.reason.code) == (None, "topic_too_long")


def kept(keeper: Keeper, topic: str, example: dict[str, object]) -> Settled:
    """What becomes of a message on a topic."""
    told = {name: value for name, value in example.items() if name != "siteId"}
    (settled,) = keeper.keep([Arrived(topic, json.dumps(told).encode(), 1, wants_acknowledgement=True)])
    return settled


@pytest.mark.parametrize("place", ["device_list", "collector_list"])
def test_no_document_names_an_asset_that_makes_a_longer_topic(place: str) -> None:
    document = example_site()
    (first, *_) = document["configurations"]["site_configuration"][place]
    first["name"] = "😀" * NAME_LENGTH
    assert [one.rule for one in read_site(document)[1] if one.path.endswith(".name")] == []
    first["name"] += "a"
    assert [one.rule for one in read_site(document)[1] if one.path.endswith("[0].name")] == ["shape.length"]


@pytest.mark.parametrize(
    "name", ["😀" * NAME_LENGTH, "%" * NAME_LENGTH, "a\x01\x7f\x9f b", "\ufdd0\ufffe\U0001ffff"]
)
def test_a_broker_takes_the_topic_of_any_name(broker: BrokerCase, name: str) -> None:
    # MQTT 5, section 1.5.4: a topic has at most 65,535 bytes; control and non-characters make a broker hang up.
    topic = setpoint_topic(broker.new_partner(), "hall", name)
    with Device(broker, SERVICE) as service, Device(broker, topic.split("/")[1] + ".all") as device:
        device.subscribe(topic)
        service.send(topic, {"is": "told"})
        assert device.next(topic) == {"is": "told"}


def test_the_longest_topic_is_far_from_the_longest_of_mqtt() -> None:
    longest = setpoint_topic(LONGEST.partner_id, LONGEST.site_id, "\U0010ffff" * NAME_LENGTH)
    assert len(longest.encode()) <= 65_535
