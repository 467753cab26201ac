"""The broker's log on its way to us: never in the broker's way, and cheap where it says much."""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO

# The most that a pipe of somebody who is not root may hold (pipe(7)).
PIPE_BYTES = 2**20
# At 5,000 messages a second the broker writes 25,000 lines: read one by one they would cost more than the messages.
PAUSE_S = 0.01
# Mosquitto says what it denied at the level at which it tells of every packet too; those are left out unread.
_TOLD = re.compile(rb"^(?!Received |Sending )[^\n]+", re.MULTILINE)


def log_pipe() -> tuple[FileIO, FileIO]:
    """The end to read and the end for the broker, which loses a line where the pipe is full instead of waiting."""
    reading, writing = os.pipe2(os.O_CLOEXEC)
    with suppress(OSError):  # then it holds less
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    os.set_blocking(writing, False)
    return FileIO(reading, "rb"), FileIO(writing, "wb")


def told_lines(pipe: FileIO) -> Iterator[str]:
    """Every line but those about packets that simply came and went, until the broker is gone; then it is closed."""
    rest = b""
    with pipe:
        while chunk := pipe.read(PIPE_BYTES):
            rest += chunk
            whole = rest.rfind(b"\n") + 1
            for line in _TOLD.findall(rest, 0, whole):
                yield line.decode("utf-8", errors="replace").rstrip()
            rest = rest[whole:]
            time.sleep(PAUSE_S)
