"""A simulated site at a broker: it publishes what its meters say, hears setpoints and obeys them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from paho.mqtt.reasoncodes import ReasonCode

from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.connection import RECEIVE_MAXIMUM, Connection, Identity
from kwartier.adapters.mqtt.no_broker import NoBroker
from kwartier.adapters.mqtt.payloads import BadMessage, read_payload
from kwartier.adapters.mqtt.topics import Place
from kwartier.control.setpoint import Setpoint
from kwartier.simulation.simulated_site import SimulatedSite, SiteState
from kwartier.simulation.site_step import SiteStep, site_step

log = structlog.get_logger("kwartier.mqtt")

WAIT_S = 0.2
# So long it tries to connect before it says that it cannot, and waits for what it sent at the end.
PATIENCE_S = 15.0
# Setpoints that the broker keeps come at once after the connection; it listens so long before it lives on.
LISTEN_S = 0.5


@dataclass(frozen=True)
class PassingTime:
    """The simulated time: from `start` on so many times as fast as the real one until it has caught up with that."""

    start: datetime
    begun: datetime
    speed_factor: float

    def at(self, real: datetime) -> datetime:
        """The simulated moment; never later than the real one, since no service takes readings of the future."""
        return min(real, self.start + (real - self.begun) * self.speed_factor)


@dataclass(frozen=True)
class SiteAtBroker:
    """Where a simulated site publishes, and how often each of its meters says something, in simulated time."""

    address: BrokerAddress
    place: Place
    interval: timedelta


class SiteClient:
    """One thread with one connection. `told` has the last setpoint that each device heard, by device.

    While there is no connection the site goes on, and its readings come when there is one; those on their way when it
    breaks are lost, for it keeps none.
    """

    def __init__(
        self,
        where: SiteAtBroker,
        site: SimulatedSite,
        state: SiteState,
        *,
        now: Callable[[], datetime],
        on_step: Callable[[SiteStep], None] = lambda _: None,
    ) -> None:
        self._where, self._site, self._state = where, site, state
        self._now, self._on_step = now, on_step
        self.told: dict[str, Setpoint] = {}
        self._on_their_way: set[int] = set()
        self._is_refused = False
        place = where.place
        filters = (place.topic("setpoints").replace("{asset_id}", "+"), place.topic("errors"))
        self._connection = Connection(
            where.address,
            # Two of one name would throw each other out; and nobody comes back to a name that nobody else knows.
            Identity(f"simulator-{uuid4().hex}", filters, session_expiry_s=0),
            on_connected=self._on_their_way.clear,
            on_acknowledged=self._acknowledged,
        )

    def run(self, is_over: Callable[[], bool], *, step_count: int | None = None) -> None:
        """Live until `is_over`, asked often, or for so many readings of each meter.

        Raises NoBroker where it cannot connect at all.
        """
        try:
            self._connect(is_over)
            done = 0
            while not is_over() and (step_count is None or done < step_count):
                rest_s = (self._state.at + self._where.interval - self._now()).total_seconds()
                self._hear(min(WAIT_S, max(0.0, rest_s)) if self._can_send else WAIT_S)
                if rest_s <= 0 and self._can_send:
                    self._live_on()
                    done += 1
            self._wait_for_broker()
        finally:
            self._connection.close()

    @property
    def _can_send(self) -> bool:
        """Not without a connection, and no more than the broker keeps up with."""
        return self._connection.is_connected and len(self._on_their_way) < RECEIVE_MAXIMUM

    def _connect(self, is_over: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not self._connection.is_connected and not is_over():
            self._connection.step(WAIT_S)
            if time.monotonic() > deadline_s:
                raise NoBroker(
                    f"{self._where.address.shown}: {self._connection.refusal or 'no answer'}; "
                    "see that the broker runs, and that user and password are those of kwartier mqtt create"
                )
        listened_s = time.monotonic() + LISTEN_S
        while time.monotonic() < listened_s and not is_over():
            self._hear(WAIT_S)

    def _hear(self, wait_s: float) -> None:
        self._connection.step(wait_s)
        arrived = self._connection.take()
        for message in arrived:
            if message.topic == self._where.place.topic("errors"):
                log.warning("the service refuses a message", said=message.payload.decode(errors="replace"))
            elif message.payload:  # the broker's word that a setpoint is gone has none
                self._be_told(message.payload)
        self._connection.acknowledge(arrived, self._connection.generation_number)

    def _be_told(self, payload: bytes) -> None:
        setpoint = read_payload(Setpoint, payload)
        if isinstance(setpoint, BadMessage):
            log.warning("a setpoint that cannot be read", code=setpoint.code, details=setpoint.details)
        else:
            self.told[setpoint.asset_id] = setpoint

    def _live_on(self) -> None:
        step = site_step(self._site, self._state, self._state.at + self._where.interval, self.told)
        self._state = step.state
        for transaction in step.transactions:
            self._publish("transactions", transaction.model_dump_json(exclude_none=True))
        for measurement in step.measurements:
            self._publish("measurements", measurement.model_dump_json(exclude_none=True))
        self._on_step(step)

    def _publish(self, purpose: str, text: str) -> None:
        info = self._connection.publish(self._where.place.topic(purpose), text.encode())
        self._on_their_way.add(info.mid)

    def _acknowledged(self, message_id: int, code: ReasonCode) -> None:
        self._on_their_way.discard(message_id)
        if code.is_failure and not self._is_refused:
            self._is_refused = True  # it says so of every message; once is enough
            log.warning("the broker refuses messages: is the user one of this site?", reason=str(code))

    def _wait_for_broker(self) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while self._on_their_way and self._connection.is_connected and time.monotonic() < deadline_s:
            self._hear(WAIT_S)
