"""A worker process as its parent sees it: started, asked, killed, reaped. Whatever it does, nothing here hangs."""

import math
import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from kwartier.adapters.highs.deadline import Deadline
from kwartier.adapters.highs.frames import Frame, FrameReader, GarbledFrame, Kind
from kwartier.adapters.highs.outcome import Died, Garbage, Stage, TimedOut, died

# -P: a file in the current folder is never taken for a library; faulthandler: a crash says where on standard error.
WORKER_COMMAND = (sys.executable, "-P", "-X", "faulthandler", "-m", "kwartier.adapters.highs.worker")

# A worker gets no setting of the service, and with it no secret: only what Python and its libraries need to start.
_PASSED_ON = {"PATH", "HOME", "LANG", "TZDIR", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV"}
_PASSED_ON_PREFIXES = ("LC_", "PYTHON")
# The planner uses one thread; a numerical library would reserve memory for one per core.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_READ_BYTES = 2**20
# Between the end of a process's output and its end it unloads its libraries; one that hangs then goes on without it.
_GRACE_S = 0.5


class WorkerProcess:
    """A running worker. One thread at a time asks it; killing is safe from any thread.

    The thread that builds it must live on: on Linux a child that dies with its parent dies with the parent's thread.
    """

    def __init__(self, command: Sequence[str], memory_bytes: int) -> None:
        """Start the process; raises OSError where that is refused."""
        self._process = subprocess.Popen(  # noqa: S603 - the command is the application's own
            [*command, str(memory_bytes), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=_environment(),
            start_new_session=True,  # Ctrl-C in a terminal is for the parent
        )
        assert self._process.stdin is not None  # noqa: S101  # both are pipes, see above
        assert self._process.stdout is not None  # noqa: S101
        self._requests, self._answers = self._process.stdin, self._process.stdout
        for pipe in (self._requests, self._answers):
            os.set_blocking(pipe.fileno(), False)
        self._reader = FrameReader()
        self._frames: deque[Frame] = deque()
        self._is_ready = False
        self._has_ended_output = False

    @property
    def process_number(self) -> int:
        """The number that the operating system gave it."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def has_started(self) -> bool:
        """Whether it can plan at once; never waits. Only for a worker that nobody is asking."""
        if not self._is_ready:
            poller = select.poll()
            poller.register(self._answers, select.POLLIN)
            if poller.poll(0):
                self._read()
            with suppress(GarbledFrame):  # who asks it next meets the same bytes, and says so
                self._parse()
        return self._is_ready

    def ask(self, request: Frame, deadline: Deadline) -> Frame | TimedOut | Died | Garbage:
        """The frame that the worker answers with, or what came instead; without an answer the worker is of no use."""
        unsent = memoryview(request.pack())
        try:
            while not deadline.has_passed:
                unsent = self._exchange(unsent, deadline.next_wait_s())
                if (answer := self._answer_to(request)) is not None:
                    return answer if not unsent else Garbage("it came before the request was read")
                if self._has_ended_output:
                    return self._ended(deadline)
        except GarbledFrame as garbled:
            return Garbage(str(garbled))
        return TimedOut(deadline.duration_s, Stage.PLAN if self._is_ready else Stage.START)

    def _exchange(self, unsent: memoryview, wait_s: float) -> memoryview:
        """Wait until a pipe can be used, then write and read what it takes and gives; what is left to write."""
        poller = select.poll()
        poller.register(self._answers, select.POLLIN)
        if unsent:
            poller.register(self._requests, select.POLLOUT)
        events = poller.poll(math.ceil(wait_s * 1000.0))
        for descriptor, _ in events:
            if descriptor == self._answers.fileno():
                self._read()
            else:
                unsent = self._write(unsent)
        return unsent

    def _write(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._requests.fileno(), unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:  # it reads no more: how it ended, the other pipe says
            return unsent[:0]

    def _read(self) -> None:
        try:
            data = os.read(self._answers.fileno(), _READ_BYTES)
        except BlockingIOError:
            return
        self._reader.feed(data)
        self._has_ended_output = not data

    def _parse(self) -> None:
        """Make frames of what was read, and notice the one that says the worker has started; raises GarbledFrame."""
        while (frame := self._reader.next_frame()) is not None:
            if frame == Frame(Kind.READY, 0) and not self._is_ready:
                self._is_ready = True
            else:
                self._frames.append(frame)

    def _answer_to(self, request: Frame) -> Frame | None:
        """The answer, or None while it is not there; raises GarbledFrame."""
        self._parse()
        if not self._frames:
            return None
        frame = self._frames.popleft()
        if frame.kind not in (Kind.PLAN, Kind.FINDINGS):
            raise GarbledFrame(f"it says {frame.kind.name} where an answer belongs")
        if frame.request_number != request.request_number:
            raise GarbledFrame("it answers another request")
        return frame

    def _ended(self, deadline: Deadline) -> Died | Garbage:
        """How the process ended, some grace given, for which the deadline is not passed."""
        grace_end_s = monotonic() + _GRACE_S
        while not deadline.has_passed and (grace_s := grace_end_s - monotonic()) > 0.0:
            with suppress(subprocess.TimeoutExpired):
                return died(self._process.wait(min(grace_s, deadline.next_wait_s())))
        return Garbage("it closed its output and went on")

    def kill(self) -> None:
        """End the process, whatever it is doing; returns at once."""
        self._process.kill()

    def release(self, timeout_s: float) -> bool:
        """Close the pipes and reap the killed process; whether it has gone within the time."""
        self._requests.close()
        self._answers.close()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True


def _environment() -> dict[str, str]:
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES)
    }
    return passed_on | _ONE_THREAD
