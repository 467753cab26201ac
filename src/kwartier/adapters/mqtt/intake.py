"""Takes in what comes over one kind of topic: read a batch, store it, tell the sites, and only then the broker."""

import time
from collections.abc import Sequence
from threading import Event, Thread

import structlog

from kwartier.adapters.mqtt.connection import Arrived, Connection
from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.mqtt.keepers import Keeper
from kwartier.adapters.mqtt.payloads import BadMessage
from kwartier.adapters.mqtt.replies import Refused, Settled, replies
from kwartier.adapters.mqtt.topics import place_of
from kwartier.service.faults import ServiceFault
from kwartier.service.ports import Clock, CrashPoints

log = structlog.get_logger("kwartier.mqtt")

WAIT_S = 0.5
# A store that took nothing is asked again after so long.
RETRY_S = 0.5
OWN_FAULT = BadMessage("own_fault")


class Intake:
    """One thread with one session at the broker.

    The broker sends at most `RECEIVE_MAXIMUM` messages that are not acknowledged, and the network is not read beyond
    that: where the store is slower than the sites, the broker keeps what waits.
    """

    def __init__(
        self,
        connection: Connection,
        keeper: Keeper,
        *,
        clock: Clock,
        crash_points: CrashPoints,
        figures: MqttFigures,
    ) -> None:
        self._connection, self._keeper, self._clock = connection, keeper, clock
        self._crash_points, self._figures = crash_points, figures
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"mqtt-{keeper.purpose}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the batch at hand; the session stays at the broker."""
        self._stop.set()
        self._connection.wake()
        if self._thread.is_alive():
            self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._connection.step(WAIT_S)
            messages = self._connection.take()
            if messages:
                self._handle(messages)

    def _handle(self, messages: Sequence[Arrived]) -> None:
        purpose, generation = self._keeper.purpose, self._connection.generation_number
        self._figures.received.labels(purpose).inc(len(messages))
        self._figures.waiting.labels(purpose).set(len(messages))
        begun_s = time.monotonic()
        settled = self._until_settled(messages, generation)
        if settled is None:
            return
        for reply in replies(settled, self._clock.now()):
            self._connection.publish(reply.topic, reply.payload, is_repeated=reply.is_repeated)
        self._crash_points("answer_ready")
        # Behind the replies on the same connection: who heard nothing of an error gets its message back.
        self._connection.acknowledge(messages, generation)
        self._connection.flush()
        self._figures.batch_durations.labels(purpose).observe(time.monotonic() - begun_s)
        self._figures.waiting.labels(purpose).set(0)
        self._count(settled)

    def _until_settled(self, messages: Sequence[Arrived], generation: int) -> list[Settled] | None:
        """What became of the messages, however long the store is away; None where the broker sends them again."""
        while not self._stop.is_set():
            try:
                return self._settled(messages)
            except ServiceFault as fault:
                self._figures.put_off.labels(self._keeper.purpose).inc()
                log.warning("messages put off", topic=self._keeper.purpose, reason=str(fault))
            self._keep_alive(RETRY_S)
            if self._connection.generation_number != generation:
                return None
        return None

    def _settled(self, messages: Sequence[Arrived]) -> list[Settled]:
        try:
            return self._keeper.keep(messages)
        except ServiceFault:
            raise
        except Exception:  # one message's mistake of ours must not keep out the others'
            if len(messages) > 1:
                return [settled for message in messages for settled in self._settled([message])]
            log.exception("own fault", topic=self._keeper.purpose)
            place = place_of(messages[0].topic)
            return [Refused(place, self._keeper.purpose, messages[0].payload, OWN_FAULT)]

    def _keep_alive(self, wait_s: float) -> None:
        """Answer the broker meanwhile; what it still sends is bounded, and stays for the next batch."""
        until_s = time.monotonic() + wait_s
        while (rest_s := until_s - time.monotonic()) > 0 and not self._stop.is_set():
            self._connection.step(rest_s)
            time.sleep(min(rest_s, 0.05))

    def _count(self, settled: Sequence[Settled]) -> None:
        for one in settled:
            outcome = one.reason.code if isinstance(one, Refused) else one.key["status"]
            self._figures.settled.labels(self._keeper.purpose, outcome).inc()
