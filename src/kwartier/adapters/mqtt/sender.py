"""Sends what waits in the outbox: each message when its moment comes, until the broker has it, and never too late."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event, Thread

import structlog
from paho.mqtt.reasoncodes import ReasonCode

from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.broker_queue import BrokerQueue
from kwartier.adapters.mqtt.connection import Connection, Identity, Will
from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.mqtt.topics import Place, setpoint_topic, status_topic
from kwartier.service.faults import ServiceFault
from kwartier.service.outgoing_message import MessageSubject, OutgoingMessage
from kwartier.service.ports import Ports
from kwartier.service.site_event import SiteEvent
from kwartier.units.instant import format_instant

log = structlog.get_logger("kwartier.mqtt")

WAIT_S = 0.5
RETRY_S = 1.0
# A message whose time is up before the broker could hand it on is not sent.
SHORTEST = timedelta(seconds=1)

SiteKey = tuple[str, str]


@dataclass(frozen=True)
class SenderOptions:
    """Under which client id it connects, and how often it looks for what other processes posted."""

    client_id: str
    version: str
    sweep_s: float


class Sender:
    """One thread with one connection; plans made in this process are sent at once, others with the next sweep."""

    def __init__(
        self, address: BrokerAddress, options: SenderOptions, *, ports: Ports, figures: MqttFigures
    ) -> None:
        self._options, self._ports, self._figures = options, ports, figures
        self._queue = BrokerQueue(figures)
        self._asked: SimpleQueue[SiteKey] = SimpleQueue()
        self._waiting: dict[SiteKey, list[OutgoingMessage]] = {}
        self._on_its_way: dict[int, OutgoingMessage] = {}
        self._settled: list[OutgoingMessage] = []
        self._handed_over: SimpleQueue[Sequence[OutgoingMessage]] = SimpleQueue()
        self._unkept: dict[tuple[str, MessageSubject], OutgoingMessage] = {}
        self._next_sweep_s, self._retry_s = 0.0, 0.0
        self._stop = Event()
        identity = Identity(
            f"{options.client_id}-out",
            self._queue.filters,
            Will(status_topic(options.client_id), _json({"status": "offline"})),
        )
        self._connection = Connection(
            address, identity, on_connected=self._connected, on_acknowledged=self._acknowledged
        )
        self._end_listening = ports.channel.listen(self._heard)
        self._thread = Thread(target=self._run, name="mqtt-out", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; what is not sent stays in the outbox."""
        self._end_listening()
        self._stop.set()
        self._connection.wake()
        if self._thread.is_alive():
            self._thread.join()
        self._connection.close()

    def look(self, site: SiteKey) -> None:
        """Send what was just posted for a site; safe to call from any thread."""
        self._asked.put(site)
        self._connection.wake()

    def send(self, messages: Sequence[OutgoingMessage]) -> None:
        """Send what no outbox keeps, until the broker has it or its time is up; safe to call from any thread."""
        self._handed_over.put(messages)
        self._connection.wake()

    def _heard(self, event: SiteEvent) -> None:
        if event.kind == "plan_made":
            self.look((event.partner_id, event.site_id))

    def _run(self) -> None:
        while not self._stop.is_set():
            self._connection.step(self._wait_s())
            for message in self._connection.take():
                self._queue.heard(message)
                self._connection.acknowledge([message], self._connection.generation_number)
            self._figures.connected.labels("out").set(self._connection.is_connected)
            if self._connection.is_connected:
                if time.monotonic() >= self._retry_s:
                    self._guarded(self._settle)
                    self._guarded(self._load)
                self._take_over()
                self._send_due()
        if self._connection.is_connected:
            self._say("offline")

    def _guarded(self, work: Callable[[], None]) -> None:
        """Where the store fails all is read again after a while, and what is known already goes out meanwhile."""
        try:
            work()
        except ServiceFault as fault:
            log.warning("outbox put off", reason=str(fault))
            self._next_sweep_s = self._retry_s = time.monotonic() + RETRY_S

    def _connected(self) -> None:
        """A new connection knows nothing of what was on its way: all of it is read again."""
        self._on_its_way.clear()
        self._waiting.clear()
        self._next_sweep_s = 0.0
        self._handed_over.put(list(self._unkept.values()))
        self._say("online")

    def _say(self, status: str) -> None:
        said = {"status": status, "version": self._options.version, "since": format_instant(self._now())}
        self._connection.publish(status_topic(self._options.client_id), _json(said), is_retained=True)

    def _acknowledged(self, message_id: int, code: ReasonCode) -> None:
        message = self._on_its_way.pop(message_id, None)
        if message is None:
            return
        self._forget_unkept(message)
        if code.is_failure:
            self._figures.not_sent.labels("refused").inc()
            log.error("the broker refuses a message", reason=str(code), kind=message.subject.kind)
            return
        self._figures.sent.inc()
        self._settled.append(message)

    def _settle(self) -> None:
        by_partner: dict[str, list[OutgoingMessage]] = {}
        for message in self._settled:
            by_partner.setdefault(message.partner_id, []).append(message)
        for partner_id, messages in by_partner.items():
            self._ports.outbox.settle(partner_id, messages)
        self._settled.clear()

    def _load(self) -> None:
        keys = set(self._asked_sites())
        if time.monotonic() >= self._next_sweep_s:
            self._next_sweep_s = time.monotonic() + self._options.sweep_s
            keys |= {
                (partner.partner_id, site_id)
                for partner in self._ports.partners.list_all()
                for site_id in self._ports.outbox.list_sites(partner.partner_id)
            }
        done = {*self._on_its_way.values(), *self._settled}
        for key in keys:
            kept = [one for one in self._ports.outbox.list_waiting(*key) if not self._is_overtaken(one)]
            unkept = [one for one in self._unkept.values() if _site_of(one) == key]
            self._waiting[key] = [message for message in (*kept, *unkept) if message not in done]

    def _take_over(self) -> None:
        """What no outbox keeps waits here, and what it takes the place of does not any more."""
        while True:
            try:
                messages = self._handed_over.get_nowait()
            except Empty:
                return
            for message in messages:
                self._unkept[message.partner_id, message.subject] = message
                waiting = self._waiting.setdefault(_site_of(message), [])
                self._settled += [one for one in waiting if self._is_overtaken(one)]
                rest = [one for one in waiting if one != message and not self._is_overtaken(one)]
                waiting[:] = [*rest, message]

    def _is_overtaken(self, message: OutgoingMessage) -> bool:
        newer = self._unkept.get((message.partner_id, message.subject))
        return newer is not None and newer.posted_at > message.posted_at and newer.overtakes(message)

    def _forget_unkept(self, message: OutgoingMessage) -> None:
        if self._unkept.get((message.partner_id, message.subject)) == message:
            del self._unkept[message.partner_id, message.subject]

    def _asked_sites(self) -> Iterator[SiteKey]:
        while True:
            try:
                yield self._asked.get_nowait()
            except Empty:
                return

    def _send_due(self) -> None:
        now = self._now()
        for key, waiting in list(self._waiting.items()):
            later = [message for message in waiting if message.send_at > now]
            for message in waiting:
                if message.send_at <= now:
                    self._send(message, now)
            if later:
                self._waiting[key] = later
            else:
                del self._waiting[key]

    def _send(self, message: OutgoingMessage, now: datetime) -> None:
        rest = message.not_after - now
        if rest < SHORTEST:
            self._figures.not_sent.labels("expired").inc()
            self._forget_unkept(message)
            self._settled.append(message)
            return
        info = self._connection.publish(
            _topic(message), message.payload, is_retained=True, expiry_s=int(rest.total_seconds())
        )
        self._on_its_way[info.mid] = message

    def _wait_s(self) -> float:
        """Until the next message is due, and not longer than a moment."""
        if self._settled and time.monotonic() >= self._retry_s:
            return 0.0
        now = self._now()
        moments = [message.send_at for waiting in self._waiting.values() for message in waiting]
        return min([WAIT_S, *(max(0.0, (moment - now).total_seconds()) for moment in moments)])

    def _now(self) -> datetime:
        return self._ports.clock.now()


def _site_of(message: OutgoingMessage) -> SiteKey:
    return message.partner_id, message.subject.site_id


def _topic(message: OutgoingMessage) -> str:
    partner_id, subject = message.partner_id, message.subject
    if subject.kind == "setpoint":
        return setpoint_topic(partner_id, subject.site_id, subject.asset_id)
    return Place(partner_id, subject.site_id).topic("plan")


def _json(document: dict[str, str]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
