"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it and a free port, gone afterwards.

The server of the system is never touched. `script/bootstrap --dev` installs the programs where they are missing.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
SUPERUSER = "tests"
READY_S = 60.0  # a machine may be busy with other tests
# Tests need no row to survive a power cut. Tests of durability start their own.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def programs() -> Path:
    """The folder of initdb and postgres: that of the newest version of Debian's package, else where PATH finds them."""
    versions = sorted(DEBIAN_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise RuntimeError(
            "PostgreSQL is not installed; script/bootstrap --dev installs it, or says what to install"
        )
    return Path(found).parent


@contextmanager
def running_server(settings: Sequence[str] = FAST) -> Iterator[str]:
    """A fresh server with these settings; the URL of its database `postgres` for a superuser."""
    folder = Path(tempfile.mkdtemp(prefix="kwartier-postgres-"))
    try:
        _own_by_user(folder)
        _run("initdb", "--pgdata", f"{folder}/data", "--username", SUPERUSER, "--auth", "trust", "--no-sync",
             "--encoding", "UTF8", "--locale", "C.UTF-8")  # fmt: skip
        port = _free_port()
        settings = [
            *settings,
            f"port={port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
        ]
        server = _start(folder, settings)
        try:
            url = f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{port}/postgres"
            _wait_until_ready(server, url, folder)
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server_url: str, name: str, *, owner: str | None = None) -> Iterator[str]:
    """An empty database; the URL for its owner, a role without special rights unless it is the superuser."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}" + (f" OWNER {owner}" if owner else "")))
    url = engine.url.set(database=name, username=owner or SUPERUSER)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; as root, which it refuses to run as, under the package's own user."""
    user = _user()
    result = subprocess.run(
        [str(programs() / program), *arguments],
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else (),
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
    if result.returncode != 0:
        raise RuntimeError(f"{program} failed with {result.returncode}: {result.stderr}")


def _start(folder: Path, settings: list[str]) -> "subprocess.Popen[bytes]":
    """The server as a child that the kernel stops when this process dies, however it does (prctl(2))."""
    user = _user()
    as_user = (
        [] if user is None else [f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
    )
    options = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                "setpriv",
                *as_user,
                "--pdeathsig=QUIT",
                str(programs() / "postgres"),
                "-D",
                f"{folder}/data",
                *options,
            ],
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _wait_until_ready(server: "subprocess.Popen[bytes]", url: str, folder: Path) -> None:
    engine = create_engine(url)
    deadline_s = time.monotonic() + READY_S
    while server.poll() is None and time.monotonic() < deadline_s:
        try:
            engine.connect().close()
        except OperationalError:
            time.sleep(0.05)
        else:
            engine.dispose()
            return
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _own_by_user(folder: Path) -> None:
    user = _user()
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
