"""Transactions: each belongs to one partner, reads or writes, and turns the database's failures into the service's."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kwartier.adapters.sql.engine import BEGIN_OPTION, open_engine
from kwartier.adapters.sql.row_security import ENTER
from kwartier.service.faults import StoreFull, StoreUnavailable

# PostgreSQL's manual, appendix A: disk_full.
_DISK_FULL_STATE = "53100"
# sqlite.org/rescode.html: what another process or the disk is to blame for; a mistake in a statement is none of these.
_SQLITE_FULL = "SQLITE_FULL"
_DISK_FAULTS = ("SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE")
_SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY")


class Database:
    """One database. All calls block: never on an event loop."""

    def __init__(self, url: str, *, on_disk_fault: Callable[[], object] = lambda: None) -> None:
        self._engine = open_engine(url)
        self._on_disk_fault = on_disk_fault

    @property
    def engine(self) -> Engine:
        """The engine itself, for migrations and for what is written in a database's own words."""
        return self._engine

    @property
    def is_postgresql(self) -> bool:
        """Whether it is PostgreSQL; else it is SQLite."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self, partner_id: str) -> Iterator[Connection]:
        """A transaction that sees one partner's rows and changes none."""
        with self._transaction(partner_id, is_read_only=True) as connection:
            yield connection

    @contextmanager
    def writing(self, partner_id: str) -> Iterator[Connection]:
        """A transaction that sees and changes one partner's rows; committed at the end of the block."""
        with self._transaction(partner_id, is_read_only=False) as connection:
            yield connection

    @contextmanager
    def operating(self) -> Iterator[Connection]:
        """A transaction over the list of partners and no other table, for the operator's commands and the scheduler."""
        with self._transaction("", is_read_only=False, is_operator=True) as connection:
            yield connection

    @contextmanager
    def across_partners(self, *, is_read_only: bool) -> Iterator[Connection]:
        """One transaction that goes from partner to partner with `visit`, and sees one moment's state; for backups."""
        with self.faults(), self._engine.connect() as connection:
            connection.execution_options(**{BEGIN_OPTION: "DEFERRED" if is_read_only else "IMMEDIATE"})
            if self.is_postgresql:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def visit(self, connection: Connection, partner_id: str, *, is_read_only: bool) -> None:
        """Go over to a partner in a transaction `across_partners`; without one, to the list of partners."""
        if self.is_postgresql:
            enter(connection, partner_id, is_read_only=is_read_only, is_operator=not partner_id)

    @contextmanager
    def _transaction(
        self, partner_id: str, *, is_read_only: bool, is_operator: bool = False
    ) -> Iterator[Connection]:
        if not (partner_id or is_operator):
            raise ValueError("a transaction needs the partner whose rows it touches")
        with self.faults(), self._engine.connect() as connection:
            connection.execution_options(**{BEGIN_OPTION: "DEFERRED" if is_read_only else "IMMEDIATE"})
            with connection.begin():
                if self.is_postgresql:
                    enter(connection, partner_id, is_read_only=is_read_only, is_operator=is_operator)
                yield connection

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Raise the service's faults for a database that is away, busy for too long, or full.

        Where the disk has not kept what was written, `on_disk_fault` is called first. What the system was told to
        flush and could not, it forgets; to flush again says that all is well and is a lie (reliability.md, R02). So the
        process must end, and the next one begins with what the disk holds. PostgreSQL's server sees to this itself.
        """
        try:
            yield
        except PoolTimeout as error:
            raise StoreUnavailable("all connections to the database are in use") from error
        except (DBAPIError, sqlite3.Error) as error:
            name = _sqlite_name(error)
            if name is not None and name.startswith(_DISK_FAULTS):
                self._on_disk_fault()
                raise StoreUnavailable("the disk did not keep what was written") from error
            if _is_full(error):
                raise StoreFull("the database has no space left") from error
            if _is_away(error):
                raise StoreUnavailable("the database does not answer") from error
            raise

    def is_reachable(self) -> bool:
        """Whether the database answers now."""
        try:
            with self.faults(), self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except StoreUnavailable:
            return False
        return True

    def close(self) -> None:
        """Close every connection that nobody uses."""
        self._engine.dispose()


def enter(connection: Connection, partner_id: str, *, is_read_only: bool, is_operator: bool = False) -> None:
    """Bind the rest of a PostgreSQL transaction to a partner; a transaction may change over to the next one so."""
    words = {False: "off", True: "on"}
    connection.execute(
        ENTER,
        {
            "partner_id": partner_id,
            "is_operator": words[is_operator],
            "is_read_only": words[is_read_only],
        },
    )


def _sqlite_name(error: DBAPIError | sqlite3.Error) -> str | None:
    """SQLite's name for what happened; None where the error is none of SQLite's."""
    return getattr(_driver_error(error), "sqlite_errorname", None)


def _driver_error(error: DBAPIError | sqlite3.Error) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _is_full(error: DBAPIError | sqlite3.Error) -> bool:
    state = getattr(_driver_error(error), "sqlstate", None)
    return _sqlite_name(error) == _SQLITE_FULL or state == _DISK_FULL_STATE


def _is_away(error: DBAPIError | sqlite3.Error) -> bool:
    name = _sqlite_name(error)
    if name is not None:
        return name.startswith(_SQLITE_AWAY)
    if isinstance(error, sqlite3.Error):
        return False
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
