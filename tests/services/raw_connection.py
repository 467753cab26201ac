"""Bytes to a running service, and its answer as bytes: for requests that no client would send."""

import socket
from dataclasses import dataclass

from tests.services.running_service import RunningService


@dataclass(frozen=True)
class Answer:
    """An answer, cut at the end of its head."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status; 0 where there is none."""
        words = self.head.split(b" ", 2)
        return int(words[1]) if len(words) == 3 else 0


def raw(server: RunningService, data: bytes, *, wait_s: float = 20.0) -> bytes:
    """What comes back for these bytes until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait_s) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def raw_answer(server: RunningService, data: bytes) -> Answer:
    """The same, in two parts."""
    head, _, body = raw(server, data).partition(b"\r\n\r\n")
    return Answer(head, body)
