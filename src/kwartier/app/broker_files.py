"""The broker's password and access files, and where they lie."""

import hmac
from pathlib import Path

from kwartier.adapters.mqtt.broker.access import access_files
from kwartier.adapters.mqtt.broker.folder import make_folder, write_files
from kwartier.adapters.mqtt.broker_address import BrokerAddress, broker_address
from kwartier.adapters.mqtt.tls_files import TlsFiles
from kwartier.app.faults import UnusableSettings
from kwartier.app.secret_key import secret_key
from kwartier.app.settings import Settings
from kwartier.service.list_broker_credentials import list_broker_credentials
from kwartier.service.ports import Ports

SERVICE_USERNAME = "kwartier"


def broker_folder(settings: Settings) -> Path:
    """The folder of the embedded broker."""
    return settings.data_dir / "mqtt"


def own_login(settings: Settings) -> tuple[str, str]:
    """With what the service logs in: the user of KWARTIER_MQTT_URL, else one whose password follows from its key."""
    if settings.has_own_broker:
        key = secret_key(settings).encode()
        return SERVICE_USERNAME, hmac.digest(key, b"kwartier's own login at the broker", "sha256").hex()
    address = outside_broker(settings)
    if address.username is None or address.password is None:
        raise UnusableSettings("KWARTIER_MQTT_URL: it names no user and password for the service")
    return address.username, address.password


def outside_broker(settings: Settings) -> BrokerAddress:
    """The broker that KWARTIER_MQTT_URL names."""
    assert settings.mqtt_url is not None  # noqa: S101  # asked for only where there is one
    tls = TlsFiles(settings.mqtt_ca_file, settings.mqtt_certificate_file, settings.mqtt_key_file)
    return broker_address(settings.mqtt_url.get_secret_value(), tls)


def write_broker_files(settings: Settings, ports: Ports, folder: Path) -> bool:
    """Write both files as the credentials are now; whether anything changed."""
    credentials = list_broker_credentials(partners=ports.partners, credentials=ports.broker_credentials)
    make_folder(folder)
    return write_files(folder, access_files(*own_login(settings), credentials))
