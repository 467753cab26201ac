import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from kwartier.adapters.outbound.bounded_get import Answer, NoAnswer, TooLarge, bounded_get

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on a free port of this machine that treats one connection as told; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):  # a client that gives up closes first
                connection.recv(65_536)
                behave(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/price"
        thread.join()


def drip(connection: socket.socket) -> None:
    """A byte every 20 ms, for longer than anybody waits."""
    connection.sendall(HEAD)
    for _ in range(200):
        connection.sendall(b" ")
        time.sleep(0.02)


def say_nothing(connection: socket.socket) -> None:
    connection.recv(1)


def test_a_whole_answer_comes_with_its_status() -> None:
    with server(lambda connection: connection.sendall(HEAD + b"12.5")) as address:
        assert bounded_get(address, {"bzn": "BE"}) == Answer(200, b"12.5")


@pytest.mark.parametrize("behave", [drip, say_nothing])
def test_a_slow_answer_is_given_up_at_the_deadline_even_where_bytes_keep_coming(
    behave: Callable[[socket.socket], None],
) -> None:
    with server(behave) as address:
        started_s = time.monotonic()
        assert bounded_get(address, {}, deadline_s=0.3) == NoAnswer("no whole answer within 0.3 s")
        assert time.monotonic() - started_s < 2.0  # of the 4 s that the drip takes


def test_a_large_answer_is_given_up_at_the_limit() -> None:
    with server(lambda connection: connection.sendall(HEAD + b"x" * 10_000_000)) as address:
        assert bounded_get(address, {}, limit_bytes=1000) == TooLarge(1000)


def test_a_compressed_answer_is_not_unpacked() -> None:
    packed = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + b"\x1f\x8b"
    with server(lambda connection: connection.sendall(packed)) as address:
        assert bounded_get(address, {}) == NoAnswer("it compresses its answer, unasked")


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/secret\r\nContent-Length: 0\r\n\r\n"
    with server(lambda connection: connection.sendall(moved)) as address:
        assert bounded_get(address, {}) == Answer(302, b"")


def test_a_closed_door_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert bounded_get(f"http://127.0.0.1:{port}/", {}) == NoAnswer("ConnectError")


@pytest.mark.parametrize(
    "address", ["file:" + "//127.0.0.1/etc/hostname", "ftp://127.0.0.1/x", "not an address"]
)
def test_only_the_webs_own_addresses_are_asked(address: str) -> None:
    assert bounded_get(address, {}) == NoAnswer("UnsupportedProtocol")
