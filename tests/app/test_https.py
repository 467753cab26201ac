"""`kwartier serve` over HTTPS, from TLS 1.2 on (reliability.md, R47)."""

import ssl
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from kwartier.app.faults import UnusableSettings
from kwartier.app.https import https_context
from kwartier.app.settings import Settings
from tests.adapters.mqtt.certificates import make_certificates
from tests.services.running_service import running_service


def trusting(folder: Path, version: ssl.TLSVersion) -> ssl.SSLContext:
    """A client that trusts the test's authority, and speaks this version and no other."""
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.set_ciphers("ALL:@SECLEVEL=0")  # by itself no OpenSSL of today offers the old ones
    context.minimum_version = context.maximum_version = version
    return context


def of_broker(folder: Path) -> Settings:
    """The settings of a service that has the test's certificate, which names localhost."""
    make_certificates(folder)
    return Settings(
        data_dir=folder, http_certificate_file=folder / "broker.pem", http_key_file=folder / "broker.key"
    )


def agreed(server: ssl.SSLContext, client: ssl.SSLContext) -> str | None:
    """The version that two sides agree on, without a network."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    calling = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    called = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (calling, called) * 3:
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return calling.version()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")  # it is what is to be refused
def test_tls_1_2_and_1_3_are_spoken_and_nothing_older(tmp_path: Path) -> None:
    server = https_context(of_broker(tmp_path))
    assert server is not None
    server.set_ciphers("ALL:@SECLEVEL=0")  # nothing but the version keeps the old ones out
    for version, word in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        assert agreed(server, trusting(tmp_path, version)) == word
    old = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
    for version in old:
        with pytest.raises(ssl.SSLError, match="UNSUPPORTED_PROTOCOL"):
            agreed(server, trusting(tmp_path, version))
    server.minimum_version = ssl.TLSVersion.TLSv1
    assert [agreed(server, trusting(tmp_path, version)) for version in old] == ["TLSv1", "TLSv1.1"]


def test_the_service_is_served_over_https_alone(tmp_path: Path) -> None:
    files = of_broker(tmp_path)
    with running_service(
        tmp_path,
        KWARTIER_HTTP_CERTIFICATE_FILE=str(files.http_certificate_file),
        KWARTIER_HTTP_KEY_FILE=str(files.http_key_file),
    ) as server:
        with httpx.Client(
            base_url=f"https://localhost:{server.port}", verify=trusting(tmp_path, ssl.TLSVersion.TLSv1_3)
        ) as http:
            assert http.get("/healthz").status_code == 200
            assert http.get("/dashboard/", follow_redirects=True).status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"http://localhost:{server.port}/healthz")


def test_files_that_cannot_be_used_are_named_before_anything_is_done(tmp_path: Path) -> None:
    make_certificates(tmp_path)
    (tmp_path / "empty.pem").touch()
    broker, other = tmp_path / "broker.pem", tmp_path / "other.key"
    for certificate, key, words in (
        (tmp_path / "gone.pem", None, "gone.pem: No such file"),
        (tmp_path / "empty.pem", None, "no certificate"),
        (broker, other, "other.key: no certificate, or no key without a password that fits"),
        (broker, None, "broker.pem: no certificate, or no key"),
        (None, other, "set KWARTIER_HTTP_CERTIFICATE_FILE too"),
    ):
        settings = Settings(data_dir=tmp_path, http_certificate_file=certificate, http_key_file=key)
        with pytest.raises(UnusableSettings, match=words):
            https_context(settings)


def test_without_a_certificate_it_is_http(tmp_path: Path) -> None:
    assert https_context(Settings(data_dir=tmp_path)) is None
