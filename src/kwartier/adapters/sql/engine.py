"""How each of the two databases is opened."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

# The service answers within 2 s when its database is gone (reliability.md, R10).
PATIENCE_S = 2
# As many connections as the service has threads (adapters/http/api.py), and one for the writer of measurements, so
# that none waits for another one.
POOL_SIZE = 21
SQLITE_PATIENCE_S = 5.0
SQLITE_ARGUMENTS: dict[str, Any] = {"timeout": SQLITE_PATIENCE_S, "check_same_thread": False}
# A write-ahead log of 16 MB before it is copied back; measured for ingest (ingest.md, section 3).
WAL_AUTOCHECKPOINT_PAGES = 4000

BEGIN_OPTION = "kwartier_sqlite_begin"


def open_engine(url: str) -> Engine:
    """The engine of a database by its URL, `sqlite:///FILE` or `postgresql://…`; nothing is connected yet."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed)
        case "postgresql":
            return _open_postgresql(parsed)
        case other:
            raise ValueError(f"the database URL starts with {other}; it must start with sqlite or postgresql")


def _open_postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=PATIENCE_S,
        pool_use_lifo=True,
        pool_pre_ping=True,  # a connection that died while it lay in the pool is replaced, not handed out
        connect_args={"connect_timeout": PATIENCE_S, "application_name": "kwartier"},
    )


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=PATIENCE_S,
        pool_use_lifo=True,  # each connection that is used keeps 2 MB of pages; so those that are not needed rest
        connect_args=SQLITE_ARGUMENTS,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what was committed survives a power cut (sqlite.org/pragma.html#pragma_synchronous)
        "foreign_keys=ON",
        f"wal_autocheckpoint={WAL_AUTOCHECKPOINT_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the one right to write at once, instead of failing halfway when somebody else has it.
    mode = connection.get_execution_options().get(BEGIN_OPTION, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
