"""What the monitoring reads about MQTT; nothing in it names a partner."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Seconds; the bars from publishing to the commit are 0.05 and 0.2 s (ingest.md), beyond 10 s something is away.
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 10.0)


class MqttFigures:
    """Counters and gauges, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        self.received = counter("kwartier_mqtt_received_total", "Messages from sites.", ("topic",))
        self.settled = counter(
            "kwartier_mqtt_settled_total",
            "Messages by what became of them.",
            ("topic", "outcome"),
        )
        self.put_off = counter(
            "kwartier_mqtt_put_off_total",
            "Times that the store took nothing.",
            ("topic",),
        )
        self.batch_durations = Histogram(
            "kwartier_mqtt_batch_duration_seconds",
            "From the last message of a batch to its acknowledgement.",
            ("topic",),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.waiting = gauge(
            "kwartier_mqtt_waiting",
            "Messages that are here and not settled.",
            ("topic",),
        )
        self.connected = gauge("kwartier_mqtt_connected", "1 while a client is connected.", ("client",))
        self.sent = counter("kwartier_mqtt_sent_total", "Messages to sites that the broker has.")
        self.not_sent = counter(
            "kwartier_mqtt_not_sent_total",
            "Messages to sites that did not go out.",
            ("reason",),
        )
        self.broker_queued = gauge("kwartier_mqtt_broker_queued", "Messages that the broker keeps.")
        self.broker_dropped = gauge(
            "kwartier_mqtt_broker_dropped",
            "Messages that the broker threw away since its start.",
        )
        self.broker_refusals = counter(
            "kwartier_mqtt_broker_refusals_total",
            "What the broker refused, by kind.",
            ("kind",),
        )
