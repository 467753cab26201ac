"""Starts MQTT with the service, and stops it: a broker where none is named, what comes in, and what goes out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from threading import Event, Thread

import structlog

from kwartier.adapters.mqtt.broker.configuration import ACCESS_FILE, PASSWORD_FILE, Listener
from kwartier.adapters.mqtt.broker.log_lines import BrokerLog
from kwartier.adapters.mqtt.broker.mosquitto import BrokerUnavailable, Mosquitto
from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.connection import Connection, Identity
from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.mqtt.intake import Intake
from kwartier.adapters.mqtt.keepers import MeasurementKeeper, TransactionKeeper
from kwartier.adapters.mqtt.sender import Sender, SenderOptions
from kwartier.adapters.mqtt.start_check import BrokerAway, BrokerUnsafe, check_broker
from kwartier.adapters.mqtt.tls_files import UnusableTlsFile
from kwartier.adapters.mqtt.topics import incoming_filter
from kwartier.app.broker_files import broker_folder, outside_broker, own_login, write_broker_files
from kwartier.app.faults import UnusableSettings
from kwartier.app.settings import Settings
from kwartier.service.faults import ServiceFault
from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.ports import CrashPoints, Ports, no_crash

log = structlog.get_logger("kwartier.app")

# What other processes post is found so soon: at once matters only where plans are made elsewhere.
SWEEP_S, SWEEP_FOR_WORKERS_S = 10.0, 0.5
# A command that changes a credential writes the files itself; other machines' changes are read so often (R47: 60 s).
LOOK_S, READ_CREDENTIALS_S = 1.0, 30.0
# All instances of a service share the load of one group.
GROUP = "kwartier"


@dataclass(frozen=True)
class RunningMqtt:
    """What runs: the broker to connect to, None where there is no MQTT, the figures about it, and how to wake it."""

    address: BrokerAddress | None
    figures: MqttFigures
    look: Callable[[tuple[str, str]], None]
    """Has it send what was just posted for a site (partner and site id)."""
    send: Callable[[Sequence[OutgoingMessage]], None]
    """Has it send what could not be posted."""


@contextmanager
def running_mqtt(
    settings: Settings, ports: Ports, crash_points: CrashPoints = no_crash
) -> Iterator[RunningMqtt]:
    """MQTT as the settings want it. Where Mosquitto cannot be had it says so, and the service runs on REST.

    Raises UnusableSettings for a broker that forgets sessions or lets anybody in, unless the settings allow it.
    """
    figures = MqttFigures()
    with ExitStack() as stack:
        address: BrokerAddress | None = None
        sender: Sender | None = None
        if settings.has_own_broker:
            address = _own_broker(settings, ports, figures, stack)
        elif settings.mqtt_url is not None and not settings.is_mqtt_off:
            address = _checked(settings)
        if address is not None:
            sender = _start(settings, address, ports, crash_points, figures, stack)
        if sender is None:
            yield RunningMqtt(address, figures, lambda _: None, lambda _: None)
        else:
            yield RunningMqtt(address, figures, sender.look, sender.send)


def _own_broker(
    settings: Settings, ports: Ports, figures: MqttFigures, stack: ExitStack
) -> BrokerAddress | None:
    folder = broker_folder(settings)
    try:
        write_broker_files(settings, ports, folder)
        broker = Mosquitto(folder, Listener(settings.mqtt_host, settings.mqtt_port), BrokerLog(figures).heard)
        broker.start()
    except BrokerUnavailable as reason:
        log.warning("no MQTT: the service runs on REST only", reason=str(reason))
        return None
    stack.callback(broker.close)
    keeper = _AccessKeeper(settings, ports, broker)
    keeper.start()
    stack.callback(keeper.close)
    username, password = own_login(settings)
    log.info("broker", host=broker.listener.host, port=broker.listener.port)
    return BrokerAddress("127.0.0.1", broker.listener.port, username=username, password=password)


def _checked(settings: Settings) -> BrokerAddress:
    address = outside_broker(settings)
    try:
        address.tls.context()
    except UnusableTlsFile as error:
        raise UnusableSettings(
            f"{error}; name a readable PEM file with KWARTIER_MQTT_CA_FILE, …_CERTIFICATE_FILE, …_KEY_FILE"
        ) from None
    outcome = check_broker(address, settings.mqtt_client_id)
    if isinstance(outcome, BrokerAway):
        log.warning("the broker is away and was not checked", broker=address.shown, reason=outcome.reason)
    elif isinstance(outcome, BrokerUnsafe) and settings.mqtt_allow_unsafe_broker:
        log.warning("an unsafe broker, as the settings allow", reasons=outcome.reasons)
    elif isinstance(outcome, BrokerUnsafe):
        raise UnusableSettings(
            f"KWARTIER_MQTT_URL: {'; '.join(outcome.reasons)}; correct it, or set "
            "KWARTIER_MQTT_ALLOW_UNSAFE_BROKER=true to try things out"
        )
    return address


def _start(
    settings: Settings,
    address: BrokerAddress,
    ports: Ports,
    crash_points: CrashPoints,
    figures: MqttFigures,
    stack: ExitStack,
) -> Sender:
    client_id = settings.mqtt_client_id
    for keeper in (MeasurementKeeper(ports), TransactionKeeper(ports)):
        identity = Identity(f"{client_id}-{keeper.purpose}", (incoming_filter(keeper.purpose, group=GROUP),))
        intake = Intake(
            Connection(address, identity),
            keeper,
            clock=ports.clock,
            crash_points=crash_points,
            figures=figures,
        )
        intake.start()
        stack.callback(intake.close)
    sweep_s = SWEEP_S if settings.planning_cycle else SWEEP_FOR_WORKERS_S
    options = SenderOptions(client_id, version("kwartier"), sweep_s)
    sender = Sender(address, options, ports=ports, figures=figures)
    sender.start()
    stack.callback(sender.close)
    return sender


class _AccessKeeper:
    """Has the broker read its files when they change, whoever changes them."""

    def __init__(self, settings: Settings, ports: Ports, broker: Mosquitto) -> None:
        self._settings, self._ports, self._broker = settings, ports, broker
        self._folder = broker_folder(settings)
        self._stop = Event()
        self._seen = self._stamps()
        self._thread = Thread(target=self._run, name="broker-access", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        looks = 0
        while not self._stop.wait(LOOK_S):
            looks += 1
            if looks % (READ_CREDENTIALS_S // LOOK_S) == 0:
                try:
                    write_broker_files(self._settings, self._ports, self._folder)
                except ServiceFault as fault:
                    log.warning("credentials not read", reason=str(fault))
            stamps = self._stamps()
            if stamps != self._seen:
                self._seen = stamps
                self._broker.reload()

    def _stamps(self) -> list[int]:
        return [(self._folder / name).stat().st_mtime_ns for name in (PASSWORD_FILE, ACCESS_FILE)]
