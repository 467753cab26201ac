"""What is posted goes to public addresses only, within ten seconds, and follows nobody elsewhere (R49)."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from kwartier.adapters.outbound.webhook_poster import BoundedPoster

HEADERS = {"Content-Type": "application/json", "Kwartier-Signature": "t=1,v1=ab"}


@contextmanager
def receiver(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A receiver on this machine that gives one answer; its address, and what it got."""
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    text = b""
                    while not text.endswith(b"}"):
                        text += connection.recv(65_536)
                    got.append(text)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://localhost:{listener.getsockname()[1]}/hook", got
        thread.join()


def test_a_body_is_posted_as_it_is_under_the_name_that_was_asked_for() -> None:
    with receiver(b"HTTP/1.1 204 No Content\r\n\r\n") as (url, got):
        assert BoundedPoster(allows_private=True).post(url, HEADERS, b'{"a":1}') is None
    text = got[0].decode()
    assert text.startswith("POST /hook HTTP/1.1\r\n")
    assert f"host: {url.split('/')[2]}".lower() in text.lower()
    assert text.endswith('\r\n\r\n{"a":1}')


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n",
        b"no HTTP at all\r\n\r\n",
    ],
)
def test_whatever_is_no_success_is_a_failure(answer: bytes) -> None:
    with receiver(answer) as (url, _):
        assert BoundedPoster(allows_private=True).post(url, HEADERS, b"{}") is not None


def test_a_receiver_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        poster = BoundedPoster(allows_private=True, deadline_s=0.2)
        assert poster.post(url, HEADERS, b"{}") == "no whole answer within 0.2 s"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - nobody listens there
        "100.64.0.1",
        "224.0.0.1",
    ],
)
def test_no_request_leaves_for_a_private_network(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *place: connected.append(place))
    assert BoundedPoster().post(f"https://{host}/", HEADERS, b"{}") == "its name leads into a private network"
    assert connected == []


@pytest.mark.parametrize(
    "addresses", [["::1"], ["fe80::1%eth0"], ["::ffff:10.0.0.1"], ["93.184.215.14", "10.0.0.1"]]
)
def test_a_name_with_one_private_address_among_others_is_refused(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443, 0, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert (
        BoundedPoster().post("https://a.example.com/", HEADERS, b"{}")
        == "its name leads into a private network"
    )


def test_what_is_not_encrypted_does_not_leave() -> None:
    assert BoundedPoster().post("http://93.184.215.14/", HEADERS, b"{}") == "its address is not https"
