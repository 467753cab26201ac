"""Frames: requests and answers between a planner and its worker, over pipes, as plain bytes.

A frame is its kind (1 byte), the number of the request it belongs to (8 bytes), the length of its payload (4 bytes,
both numbers big-endian), and the payload. Payloads are JSON in UTF-8, never objects that reading could bring to life.
"""

import struct
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

_HEADER = struct.Struct("!cQI")

# A plan of 500 poles over 288 steps is about 20 MB of JSON; more than this is a length that was made up.
LIMIT_BYTES = 64 * 2**20


class Kind(Enum):
    """What a frame carries. READY: a worker has loaded the solver, no payload, request number 0."""

    READY = b"R"
    REQUEST = b"Q"
    PLAN = b"P"
    FINDINGS = b"F"


class GarbledFrame(ValueError):
    """The bytes are no frame; the message says why."""


@dataclass(frozen=True)
class Frame:
    """One message, whole."""

    kind: Kind
    request_number: int
    payload: bytes = b""

    def pack(self) -> bytes:
        """The frame as it travels."""
        return _HEADER.pack(self.kind.value, self.request_number, len(self.payload)) + self.payload


class FrameReader:
    """Puts frames together from pieces of any size.

    >>> reader = FrameReader()
    >>> reader.feed(Frame(Kind.PLAN, 7, b"{}").pack())
    >>> reader.next_frame()
    Frame(kind=<Kind.PLAN: b'P'>, request_number=7, payload=b'{}')
    >>> reader.next_frame() is None
    True
    """

    def __init__(self) -> None:
        self._unread = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in what was read from the pipe."""
        self._unread += data

    def next_frame(self) -> Frame | None:
        """The next whole frame, or None while it is not there; raises GarbledFrame."""
        if len(self._unread) < _HEADER.size:
            return None
        kind, request_number, length = _parse_header(bytes(self._unread[: _HEADER.size]))
        end = _HEADER.size + length
        if len(self._unread) < end:
            return None
        payload = bytes(self._unread[_HEADER.size : end])
        del self._unread[:end]
        return Frame(kind, request_number, payload)


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame of a blocking stream, or None where the stream ends; raises GarbledFrame."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    kind, request_number, length = _parse_header(header)
    payload = stream.read(length)
    return Frame(kind, request_number, payload) if len(payload) == length else None


def _parse_header(header: bytes) -> tuple[Kind, int, int]:
    mark, request_number, length = _HEADER.unpack(header)
    try:
        kind = Kind(mark)
    except ValueError:
        raise GarbledFrame(f"no frame starts with {mark!r}") from None
    if length > LIMIT_BYTES:
        raise GarbledFrame(f"a frame of {length:,} bytes, and at most {LIMIT_BYTES:,} are read")
    return kind, request_number, length
