"""What the broker says of its own queue becomes figures, and an alarm once half of it is full (reliability.md, R09)."""

import pytest
from structlog.testing import capture_logs

from kwartier.adapters.mqtt.broker.configuration import MOST_QUEUED_COUNT
from kwartier.adapters.mqtt.broker_queue import DROPPED_TOPIC, QUEUED_TOPIC, BrokerQueue
from kwartier.adapters.mqtt.connection import Arrived
from kwartier.adapters.mqtt.figures import MqttFigures

HALF_COUNT = MOST_QUEUED_COUNT // 2


def heard(queue: BrokerQueue, topic: str, count: int) -> list[str]:
    """What is logged as an error when the broker says a number."""
    with capture_logs() as lines:
        queue.heard(Arrived(topic, str(count).encode(), 1, wants_acknowledgement=False))
    return [line["event"] for line in lines if line["log_level"] == "error"]


def test_there_is_one_alarm_for_each_time_that_the_queue_becomes_half_full() -> None:
    figures = MqttFigures()
    queue = BrokerQueue(figures)
    counts = (HALF_COUNT - 1, HALF_COUNT, HALF_COUNT + 1, 0, HALF_COUNT)
    assert [len(heard(queue, QUEUED_TOPIC, count)) for count in counts] == [0, 1, 0, 0, 1]
    assert figures.registry.get_sample_value("kwartier_mqtt_broker_queued") == HALF_COUNT


def test_each_loss_is_an_alarm() -> None:
    figures = MqttFigures()
    queue = BrokerQueue(figures)
    assert [len(heard(queue, DROPPED_TOPIC, count)) for count in (0, 3, 3, 4)] == [0, 1, 0, 1]
    assert figures.registry.get_sample_value("kwartier_mqtt_broker_dropped") == 4.0


@pytest.mark.parametrize("payload", [b"", b"-1", b"many", b"\xff"])
def test_what_is_no_number_is_passed_over(payload: bytes) -> None:
    figures = MqttFigures()
    BrokerQueue(figures).heard(Arrived(QUEUED_TOPIC, payload, 1, wants_acknowledgement=False))
    assert figures.registry.get_sample_value("kwartier_mqtt_broker_queued") == 0.0
