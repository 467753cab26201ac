"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it and a free port, gone afterwards.

The server of the system is never touched. `script/bootstrap --dev` installs the programs where they are missing.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
SUPERUSER = "tests"
# What tests may do without: they need no row to survive a power cut. Tests of durability start their own.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def programs() -> Path:
    """The folder of initdb and pg_ctl: that of the newest version of Debian's package, else where PATH finds them."""
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
        options = " ".join(f"-c {setting}" for setting in settings)
        _run("pg_ctl", "start", "--wait", "--silent", "--pgdata", f"{folder}/data", "--log", f"{folder}/log",
             "--options", options)  # fmt: skip
        try:
            yield f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "stop", "--mode", "immediate", "--silent", "--pgdata", f"{folder}/data")
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
        # A server that inherited a pipe would keep it open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        text=True,
        check=False,
        timeout=120,
    )
    if result.returncode != 0:
        raise RuntimeError(f"{program} failed with {result.returncode}: {result.stderr or 'see the log'}")


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
