"""What the broker says about itself: how much it keeps, and how much it threw away."""

import structlog

from kwartier.adapters.mqtt.broker.configuration import MOST_QUEUED_COUNT
from kwartier.adapters.mqtt.connection import Arrived
from kwartier.adapters.mqtt.figures import MqttFigures

log = structlog.get_logger("kwartier.mqtt")

# Mosquitto's own topics (mosquitto(8), broker status); other brokers have none of these and say nothing.
QUEUED_TOPIC = "$SYS/broker/store/messages/count"
DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped"


class BrokerQueue:
    """Turns the broker's own figures into ours; says once when half of the queue is full, and at each loss."""

    filters = (QUEUED_TOPIC, DROPPED_TOPIC)

    def __init__(self, figures: MqttFigures, alarm_count: int = MOST_QUEUED_COUNT // 2) -> None:
        self._figures, self._alarm_count = figures, alarm_count
        self._is_alarmed, self._dropped_count = False, 0

    def heard(self, message: Arrived) -> None:
        """Take a message of the broker about itself."""
        if not message.payload.isdigit():
            return
        count = int(message.payload)
        if message.topic == QUEUED_TOPIC:
            self._figures.broker_queued.set(count)
            is_high = count >= self._alarm_count
            if is_high and not self._is_alarmed:
                log.error("the broker's queue is half full; is the service too slow?", queued_count=count)
            self._is_alarmed = is_high
        elif message.topic == DROPPED_TOPIC:
            self._figures.broker_dropped.set(count)
            if count > self._dropped_count:
                log.error("the broker threw messages away", dropped_count=count - self._dropped_count)
            self._dropped_count = count
