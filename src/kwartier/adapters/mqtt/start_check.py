"""Whether a broker may be trusted with measurements: it knows who is there, and remembers them."""

import ssl
import time
from dataclasses import dataclass, replace

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.connection import SESSION_EXPIRY_S
from kwartier.adapters.mqtt.tls_files import refusal_of

ANSWER_S = 5.0
# Sessions that end sooner are lost in an outage that is worth surviving (reliability.md, R08 and R09: 10 min).
SHORTEST_SESSION_S = 3600


@dataclass(frozen=True)
class BrokerSound:
    """Nothing speaks against the broker, as far as a client can see: not whether it survives its own restart."""


@dataclass(frozen=True)
class BrokerUnsafe:
    """Every reason not to work with it."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class BrokerAway:
    """It gave no answer, so nothing is known."""

    reason: str


@dataclass(frozen=True)
class _Welcome:
    """What the broker said to a client that connected."""

    is_refused: bool
    has_session: bool
    session_expiry_s: int


def check_broker(address: BrokerAddress, client_id: str) -> BrokerSound | BrokerUnsafe | BrokerAway:
    """Connect without a password, which must fail, and twice with one, which must find the first session again."""
    probe_id = f"{client_id}-check"
    try:
        anonymous = _welcome(replace(address, username=None, password=None), f"{probe_id}-anonymous", 0)
        first = _welcome(address, probe_id, SESSION_EXPIRY_S)
        again = _welcome(address, probe_id, SESSION_EXPIRY_S)
        _welcome(address, probe_id, 0)
    except ssl.SSLCertVerificationError as error:
        return BrokerUnsafe((refusal_of(error),))
    except OSError as error:
        return BrokerAway(refusal_of(error))
    if first.is_refused:
        return BrokerUnsafe(("it refuses the user or the password of KWARTIER_MQTT_URL",))
    reasons = []
    if not anonymous.is_refused:
        reasons.append("it lets clients in without a password (in Mosquitto: allow_anonymous false)")
    if not again.has_session or again.session_expiry_s < SHORTEST_SESSION_S:
        reasons.append(
            f"it forgets sessions, after {again.session_expiry_s} s where it says so; an hour is the least, "
            "14 days are asked for (in Mosquitto: persistent_client_expiration 14d)"
        )
    return BrokerUnsafe(tuple(reasons)) if reasons else BrokerSound()


def _welcome(address: BrokerAddress, client_id: str, session_expiry_s: int) -> _Welcome:
    """Connect, hear the answer, and leave. Raises OSError where there is none."""
    found: list[_Welcome] = []
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
    if address.username is not None:
        client.username_pw_set(address.username, address.password)
    if address.has_tls:
        client.tls_set_context(address.tls.context())

    def connected(_: object, __: object, flags: object, code: object, properties: object) -> None:
        expiry_s = getattr(properties, "SessionExpiryInterval", session_expiry_s)
        found.append(
            _Welcome(getattr(code, "is_failure"), getattr(flags, "session_present"), expiry_s)  # noqa: B009
        )

    client.on_connect = connected
    wanted = Properties(PacketTypes.CONNECT)
    wanted.SessionExpiryInterval = session_expiry_s
    client.connect(address.host, address.port, clean_start=False, properties=wanted)
    deadline_s = time.monotonic() + ANSWER_S
    while not found and time.monotonic() < deadline_s:
        if client.loop(0.2) and not found:
            raise ConnectionError(f"the broker closed the connection without an answer{_guess(address)}")
    if not found:
        raise TimeoutError(f"the broker gave no answer within {ANSWER_S:g} s")
    client.disconnect()
    return found[0]


def _guess(address: BrokerAddress) -> str:
    """Since TLS 1.3 a broker that wants to know its clients says so only by hanging up (RFC 8446, section 4.4.2.4)."""
    if address.has_tls and address.tls.certificate_file is None:
        return "; does it ask for a certificate of ours?"
    return ""
