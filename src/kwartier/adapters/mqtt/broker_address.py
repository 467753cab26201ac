"""Where a broker is, and with what a client logs in there."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from kwartier.adapters.mqtt.tls_files import TlsFiles

PORT_BY_SCHEME = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True)
class BrokerAddress:
    """A broker's address; with `has_tls` its certificate is checked, as `tls` says."""

    host: str
    port: int
    has_tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: TlsFiles = field(default_factory=TlsFiles)

    @property
    def shown(self) -> str:
        """The address without a secret."""
        return f"{'mqtts' if self.has_tls else 'mqtt'}://{self.host}:{self.port}"


def broker_address(url: str, tls: TlsFiles | None = None) -> BrokerAddress:
    """The address that a URL such as mqtts://user:password@broker.example:8883 names.

    Raises ValueError with what is wrong, never with the URL in it.

    >>> broker_address("mqtt://anna:s%40fe@broker.example").port
    1883
    """
    parts = urlsplit(url)
    if parts.scheme not in PORT_BY_SCHEME or not parts.hostname:
        raise ValueError(
            "it must be mqtt://HOST or mqtts://HOST, with USER:PASSWORD@ before and :PORT behind"
        )
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("it ends with the port: no path, ? or # behind it; write those in a password as %23")
    return BrokerAddress(
        host=parts.hostname,
        port=parts.port or PORT_BY_SCHEME[parts.scheme],
        has_tls=parts.scheme == "mqtts",
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls or TlsFiles(),
    )
