"""A lasting connection to the broker, driven by one thread: its network is read only when that thread asks for it."""

import os
import select
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.tls_files import refusal_of

log = structlog.get_logger("kwartier.mqtt")

KEEPALIVE_S = 30
CONNECT_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
# ingest.md, section 6: the broker forgets the session of a client that stays away for longer.
SESSION_EXPIRY_S = 14 * 24 * 3600
# So many messages may be on their way to a client that it has not acknowledged; more waits at the broker.
RECEIVE_MAXIMUM = 1_000


@dataclass(frozen=True)
class Will:
    """What the broker says, retained, when the connection breaks."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Identity:
    """A client's name, what it listens to (QoS 1), its last will, and how long its session waits for it."""

    client_id: str
    filters: Sequence[str] = ()
    will: Will | None = None
    session_expiry_s: int = SESSION_EXPIRY_S


class Arrived(NamedTuple):
    """A message from the broker; by `message_number` it is acknowledged, where the sender wants that (QoS 1)."""

    topic: str
    payload: bytes
    message_number: int
    wants_acknowledgement: bool


class Connection:
    """One session at the broker. All methods but `wake` belong to one thread, `close` to whoever ended that.

    The session outlives connections: what arrives meanwhile waits at the broker, and what was not acknowledged comes
    again. It reconnects by itself, with pauses from 0.2 to 10 s.
    """

    def __init__(
        self,
        address: BrokerAddress,
        identity: Identity,
        *,
        on_connected: Callable[[], None] = lambda: None,
        on_acknowledged: Callable[[int, ReasonCode], None] = lambda _, __: None,
    ) -> None:
        self._address, self._identity = address, identity
        self._on_connected, self._on_acknowledged = on_connected, on_acknowledged
        self._arrived: list[Arrived] = []
        self.is_connected = False
        self.generation_number = 0
        self.refusal: str | None = None
        self._pause_s, self._next_try_s = FIRST_PAUSE_S, 0.0
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._client = self._new_client()

    def step(self, wait_s: float) -> None:
        """Wait until something can be done, but no longer; then read, write, keep alive, or connect again."""
        sock: Any = self._client.socket()
        if sock is None:
            self._connect_again(wait_s)
            return
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        is_full = len(self._arrived) >= RECEIVE_MAXIMUM
        wanted = (0 if is_full else select.POLLIN) | (select.POLLOUT if self._client.want_write() else 0)
        poll.register(sock, wanted)
        has_buffered = self._address.has_tls and sock.pending() > 0
        ready = dict(poll.poll(0 if has_buffered else wait_s * 1000))
        if self._wake_read in ready:
            os.read(self._wake_read, 4096)
        if not is_full and (has_buffered or ready.get(sock.fileno(), 0) & ~select.POLLOUT):
            self._read()
        if self._client.want_write():
            self._client.loop_write()
        self._client.loop_misc()

    def take(self) -> list[Arrived]:
        """What has arrived since the last call, at most `RECEIVE_MAXIMUM` messages."""
        taken, self._arrived = self._arrived, []
        return taken

    def acknowledge(self, messages: Sequence[Arrived], generation_number: int) -> None:
        """Tell the broker that these need not come again; nothing where they came over an earlier connection."""
        if generation_number != self.generation_number or not self.is_connected:
            return
        for message in messages:
            if message.wants_acknowledgement:
                self._client.ack(message.message_number, 1)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        is_repeated: bool = True,
        is_retained: bool = False,
        expiry_s: int | None = None,
    ) -> MQTTMessageInfo:
        """Send a message with the next `step`; it is lost with the connection."""
        properties = Properties(PacketTypes.PUBLISH)
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        return self._client.publish(
            topic, payload, qos=int(is_repeated), retain=is_retained, properties=properties
        )

    def wake(self) -> None:
        """Have the waiting `step` return; from any thread."""
        with suppress(BlockingIOError):  # then it has been woken often enough
            os.write(self._wake_write, b"\0")

    def close(self) -> None:
        """Say goodbye, so that no last will is sent; the session stays."""
        self.is_connected = False
        if self._client.socket() is not None:
            self.flush()
            self._client.disconnect()
            self.flush()
            self._client.loop_misc()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def flush(self, patience_s: float = 2.0) -> None:
        """Write what is to be written."""
        deadline_s = time.monotonic() + patience_s
        while self._client.want_write() and time.monotonic() < deadline_s:
            if self._client.loop_write() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return

    def _read(self) -> None:
        """Read all packets that are here, up to the first that is no message of ours."""
        while len(self._arrived) < RECEIVE_MAXIMUM and self._client.socket() is not None:
            count = len(self._arrived)
            try:
                self._client.loop_read()
            except Exception as error:  # noqa: BLE001 - the library's parser may trip over anything
                self._drop(f"unreadable packet: {type(error).__name__}")
                return
            if len(self._arrived) == count:
                return

    def _drop(self, reason: str) -> None:
        """Give a connection up on which nothing can be understood any more."""
        sock = self._client.socket()
        if sock is not None:
            sock.close()
        self._client = self._new_client()
        self.is_connected = False
        self._refused(reason)

    def _connect_again(self, wait_s: float) -> None:
        rest_s = self._next_try_s - time.monotonic()
        if rest_s > 0:
            time.sleep(min(rest_s, wait_s))
            return
        self._next_try_s = time.monotonic() + self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        # A new one each time: the old one would repeat what it sent before, with an expiry that no longer holds.
        self._client = self._new_client()
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = self._identity.session_expiry_s
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        try:
            if self._address.has_tls:
                self._client.tls_set_context(self._address.tls.context())
            self._client.connect(
                self._address.host,
                self._address.port,
                keepalive=KEEPALIVE_S,
                clean_start=False,
                properties=properties,
            )
        except OSError as error:
            self._refused(refusal_of(error))

    def _new_client(self) -> Client:
        client = _client(self._address, self._identity)
        client.on_message = lambda _, __, message: self._arrived.append(_arrived(message))
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_publish = lambda _, __, mid, code, ___: self._on_acknowledged(mid, code)
        # With this hook set the client leaves all writing to `step`, so that answers go out together.
        client.on_socket_register_write = lambda _, __, ___: None
        return client

    def _connected(
        self, _: Client, __: Any, flags: ConnectFlags, code: ReasonCode, ___: Properties | None
    ) -> None:
        if code.is_failure:
            self._refused(str(code))
            return
        self._arrived.clear()  # what an earlier connection brought comes again
        self.generation_number += 1
        self.is_connected, self.refusal, self._pause_s = True, None, FIRST_PAUSE_S
        log.info("connected", broker=self._address.shown, client=self._identity.client_id,
                 has_session=flags.session_present)  # fmt: skip
        if self._identity.filters:
            self._client.subscribe([(one, 1) for one in self._identity.filters])
        self._on_connected()

    def _disconnected(
        self, _: Client, __: Any, ___: DisconnectFlags, code: ReasonCode, ____: Properties | None
    ) -> None:
        if self.is_connected:
            self.is_connected = False
            self._refused(str(code))

    def _refused(self, reason: str) -> None:
        if self.refusal != reason:
            log.warning("no connection to the broker", broker=self._address.shown,
                        client=self._identity.client_id, reason=reason)  # fmt: skip
        self.refusal = reason


def _arrived(message: MQTTMessage) -> Arrived:
    try:
        topic = message.topic
    except UnicodeDecodeError:  # brokers refuse such a topic; none of ours is empty
        topic = ""
    return Arrived(topic, bytes(message.payload), message.mid, message.qos > 0)


def _client(address: BrokerAddress, identity: Identity) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=identity.client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
        manual_ack=True,
    )
    client.connect_timeout = CONNECT_S
    client.max_inflight_messages_set(RECEIVE_MAXIMUM)
    if address.username is not None:
        client.username_pw_set(address.username, address.password)
    if identity.will is not None:
        client.will_set(identity.will.topic, identity.will.payload, qos=1, retain=True)
    return client
