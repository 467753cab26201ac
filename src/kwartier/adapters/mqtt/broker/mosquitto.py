"""Mosquitto as a child of this process: started, watched, started again when it dies, and stopped with time to save."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO

import structlog

from kwartier.adapters.mqtt.broker.configuration import CONFIGURATION_FILE, Listener, configuration_text
from kwartier.adapters.mqtt.broker.folder import make_folder, write_files
from kwartier.adapters.mqtt.broker.log_pipe import log_pipe, told_lines
from kwartier.adapters.mqtt.broker.program import broker_program, broker_user

log = structlog.get_logger("kwartier.mqtt.broker")

LOCK_FILE = "lock"
# The broker before this one still writes its state when a service is killed and comes back at once.
PREDECESSOR_S = 20.0
READY_S = 15.0
SAVE_S = 30.0
RESTART_S = 1.0


class BrokerUnavailable(Exception):
    """The broker cannot be had; the message says why, and what to do."""


class Mosquitto:
    """One broker in its folder. `on_line` hears every line of its log, in a thread of its own."""

    def __init__(self, folder: Path, listener: Listener, on_line: Callable[[str], None]) -> None:
        program = broker_program()
        if program is None:
            raise BrokerUnavailable(
                "Mosquitto is not installed: apt-get install mosquitto, or name a broker with KWARTIER_MQTT_URL"
            )
        self._program, self._folder, self._on_line = program, folder, on_line
        self._held = ExitStack()
        self.listener = listener if listener.port else self._held.enter_context(reserved(listener.host))
        self._process: subprocess.Popen[bytes] | None = None
        self._has_started, self._stop = Event(), Event()
        self._thread = Thread(target=self._run, name="broker", daemon=True)

    def start(self) -> None:
        """Start it, and return when it listens; its password and access files are there already.

        Raises BrokerUnavailable.
        """
        try:
            self._start()
        except BrokerUnavailable:
            self.close()
            raise

    def _start(self) -> None:
        make_folder(self._folder)
        write_files(self._folder, {CONFIGURATION_FILE: configuration_text(self.listener)})
        self._lock = self._held.enter_context(_locked(self._folder / LOCK_FILE))
        if _is_listening(self.listener):
            raise BrokerUnavailable(
                f"something else listens at {self.listener.host}:{self.listener.port}; set KWARTIER_MQTT_PORT"
            )
        self._thread.start()
        deadline_s = time.monotonic() + READY_S
        while not (self._has_started.is_set() and _is_listening(self.listener)):
            if time.monotonic() > deadline_s or not self._thread.is_alive():
                raise BrokerUnavailable(f"Mosquitto does not start; its configuration is in {self._folder}")
            time.sleep(0.02)

    def reload(self) -> None:
        """Have it read its password and access files anew; who may no longer connect is cut off."""
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGHUP)

    @property
    def process_number(self) -> int | None:
        """The id of the process that runs now; None between two."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def close(self) -> None:
        """Stop it; it writes its state first. Its folder and its port are free again."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._held.close()

    def _run(self) -> None:
        """The life of the child. The kernel stops it when this thread ends, however that comes (prctl(2))."""
        while not self._stop.is_set():
            reading, writing = log_pipe()
            with writing:
                process = self._process = self._spawned(writing)
            reader = Thread(target=self._read, args=(reading,), name="broker-log", daemon=True)
            reader.start()
            self._has_started.set()
            while process.poll() is None and not self._stop.wait(0.1):
                pass
            if process.poll() is None:
                _stop(process)
            else:
                log.error("the broker died; it is started again", exit_code=process.returncode)
                self._stop.wait(RESTART_S)
            reader.join()

    def _spawned(self, log_file: FileIO) -> "subprocess.Popen[bytes]":
        user = broker_user()
        identity = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []
        setpriv = shutil.which("setpriv")
        wrapper = [setpriv, "--pdeathsig=TERM", *identity] if setpriv else []
        if user is not None and setpriv is None:
            raise BrokerUnavailable(
                "setpriv (util-linux) is missing, so the broker cannot leave root's rights"
            )
        return subprocess.Popen(  # noqa: S603  # the programs are those of the system, the arguments ours
            [*wrapper, str(self._program), "-c", CONFIGURATION_FILE],
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", "/usr/bin")},
            pass_fds=(self._lock.fileno(),),
            start_new_session=True,  # Ctrl-C is for us alone: the broker stops after those who talk to it
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log_file,
        )

    def _read(self, pipe: FileIO) -> None:
        for line in told_lines(pipe):
            self._on_line(line)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(SAVE_S)
    except subprocess.TimeoutExpired:
        log.warning("the broker did not stop in time and is killed", waited_s=SAVE_S)
        process.kill()
        process.wait()


def _locked(path: Path) -> BinaryIO:
    """The open lock file, which the child inherits: it is free again when the last broker of this folder is gone."""
    file = path.open("wb")
    deadline_s = time.monotonic() + PREDECESSOR_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline_s:
                file.close()
                raise BrokerUnavailable(
                    f"another broker runs in {path.parent}; give this service another KWARTIER_DATA_DIR"
                ) from None
            time.sleep(0.05)
        else:
            return file


def _is_listening(listener: Listener) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((_reachable(listener.host), listener.port)) == 0


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104  # it is compared, nothing is bound


@contextmanager
def reserved(host: str) -> Iterator[Listener]:
    """A free port, which nobody else who asks for a free one is given meanwhile.

    The broker can listen at it all the same: both sockets have SO_REUSEADDR, and ours does not listen (socket(7)).
    """
    with socket.socket() as keeping:
        keeping.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeping.bind((host, 0))
        yield Listener(host, keeping.getsockname()[1])
