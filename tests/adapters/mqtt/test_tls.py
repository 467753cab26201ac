"""mqtts:// to a Mosquitto with TLS: whose certificate is not proven is refused, and says what to do."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kwartier.adapters.mqtt.broker import mosquitto
from kwartier.adapters.mqtt.broker.configuration import Listener, configuration_text
from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.connection import Connection, Identity
from kwartier.adapters.mqtt.start_check import BrokerAway, BrokerSound, BrokerUnsafe, check_broker
from kwartier.adapters.mqtt.tls_files import TlsFiles
from kwartier.app.faults import UnusableSettings
from kwartier.app.mqtt import running_mqtt
from kwartier.app.settings import Settings
from tests.adapters.mqtt.broker_case import BrokerCase, running_broker
from tests.adapters.mqtt.certificates import make_certificates
from tests.adapters.mqtt.intake_case import intake_of, new_site
from tests.services.described import ports_in_memory

COUNT = 400  # several records of TLS at once, so that some wait decrypted where no poll sees them


@dataclass
class TlsCase:
    """A broker with a listener for everybody who trusts its authority, and one for clients with a certificate."""

    broker: BrokerCase
    folder: Path
    port: int
    mutual_port: int

    def address(self, ca_name: str = "ca", host: str = "localhost") -> BrokerAddress:
        """Where the service connects, trusting an authority."""
        tls = TlsFiles(self.folder / f"{ca_name}.pem")
        return replace(self.broker.address, host=host, port=self.port, has_tls=True, tls=tls)

    def mutual(self, client_name: str | None) -> BrokerAddress:
        """The same at the listener that asks who connects."""
        tls = TlsFiles(self.folder / "ca.pem")
        if client_name is not None:
            tls = TlsFiles(
                tls.ca_file, self.folder / f"{client_name}.pem", self.folder / f"{client_name}.key"
            )
        return replace(self.address(), port=self.mutual_port, tls=tls)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsCase]:
    """A broker with TLS that no test stops."""
    folder = tmp_path_factory.mktemp("tls")
    make_certificates(folder)
    with ExitStack() as stack:
        ports = [stack.enter_context(mosquitto.reserved("127.0.0.1")).port for _ in range(2)]
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        patched.setattr(mosquitto, "configuration_text", lambda one: with_tls(one, *ports))
        broker = stack.enter_context(running_broker(folder / "broker", pem_files(folder)))
        yield TlsCase(broker, folder, *ports)


def with_tls(plain: Listener, port: int, mutual_port: int) -> str:
    """Our configuration with two more listeners (mosquitto.conf(5), certificate based TLS)."""
    secured = "certfile broker.pem\nkeyfile broker.key\n"
    access = "allow_anonymous false\npassword_file passwords\nacl_file access\n"
    return (
        f"{configuration_text(plain)}listener {port} 127.0.0.1\n{access}{secured}"
        f"listener {mutual_port} 127.0.0.1\n{access}{secured}cafile ca.pem\nrequire_certificate true\n"
    )


def pem_files(folder: Path) -> dict[str, str]:
    """What the broker needs of the certificates."""
    return {name: (folder / name).read_text() for name in ("ca.pem", "broker.pem", "broker.key")}


def test_a_trusted_broker_is_sound_and_what_it_brings_is_taken_in(case: TlsCase) -> None:
    assert check_broker(case.address(), "probe") == BrokerSound()
    with new_site(case.broker, ports_in_memory()) as site:
        with intake_of(case.broker, site, address=case.address()):
            case.broker.wait_for_line(f"{site.place.partner_id}-measurements 1 ")
            for number in range(COUNT):
                site.send(number / 60)
            site.wait_acknowledged(COUNT)
        assert site.stored_count() == COUNT


@pytest.mark.parametrize(
    ("ca_name", "host", "words"),
    [
        ("other", "localhost", "certificate is not accepted: unable to get local issuer certificate"),
        ("ca", "127.0.0.1", "IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)
def test_a_broker_that_cannot_prove_who_it_is_is_refused(
    case: TlsCase, ca_name: str, host: str, words: str
) -> None:
    address = case.address(ca_name, host)
    outcome = check_broker(address, "probe")
    assert isinstance(outcome, BrokerUnsafe)
    assert words in outcome.reasons[0]
    # Nor does a connection that runs already let it in, should it change its certificate.
    connection = Connection(address, Identity("probe"))
    connection.step(0.1)
    assert not connection.is_connected
    assert words in (connection.refusal or "")
    connection.close()


def test_the_service_does_not_start_with_it_and_says_which_setting(case: TlsCase, tmp_path: Path) -> None:
    url = case.broker.url.replace("mqtt://", "mqtts://").rsplit("@")[0] + f"@localhost:{case.port}"
    told = {"data_dir": tmp_path, "mqtt_url": url}
    for ca_file, words in ((None, "the given CA file trusts"), (tmp_path / "no.pem", "no.pem: No such file")):
        settings = Settings.model_validate({**told, "mqtt_ca_file": ca_file})
        with pytest.raises(UnusableSettings, match=words), running_mqtt(settings, ports_in_memory()):
            pass


def test_a_broker_that_asks_for_a_certificate_gets_one(case: TlsCase) -> None:
    assert check_broker(case.mutual("device"), "probe") == BrokerSound()
    outcome = check_broker(case.mutual(None), "probe")
    assert isinstance(outcome, BrokerAway)
    assert outcome.reason.endswith("does it ask for a certificate of ours?")


@pytest.mark.parametrize(("certificate", "key"), [("ca.pem", "broker.key"), ("extensions", None)])
def test_a_file_without_what_it_should_hold_is_named(
    case: TlsCase, certificate: str, key: str | None
) -> None:
    files = TlsFiles(None, case.folder / certificate, case.folder / key if key else None)
    with pytest.raises(OSError, match=f"{certificate}.*no key that fits"):
        files.context()


def test_without_a_file_the_systems_authorities_are_trusted_and_names_are_checked() -> None:
    context = TlsFiles().context()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
