"""Groups of measurements into SQLite: one connection, few statements (ingest.md, section 3).

The driver lets go of the interpreter's lock for each step of a statement, and while the event loop is busy it takes
milliseconds to get it back. So rows are inserted many at a time, and all sites are looked up with one answer.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.measurement_statements import (
    KEY_COLUMNS,
    ROW_COLUMNS,
    by_request,
    columns_of,
    stored_row,
)
from kwartier.service.faults import StoreUnavailable
from kwartier.service.measurement_merge import merge
from kwartier.service.measurement_row import MeasurementRow, RowKey, RowOutcome, StoredRow
from kwartier.service.ports.crash_points import CrashPoints

_COLUMNS = ", ".join(ROW_COLUMNS)
_MARKS = ", ".join("?" for _ in ROW_COLUMNS)
_IS_KEY = " AND ".join(f"{column} = ?" for column in KEY_COLUMNS)

# Assets send in turns, so each row goes to another page than the one before: the last pages of 2,000 assets (4 KiB
# each) stay in memory. SQLite's own 2 MB would read them from the file system again and again.
CACHE_KIB = 8_000
# Rows of one statement: each number has a text of its own, which the driver keeps compiled.
INSERT_COUNTS = (256, 32, 4, 1)

REPLACE = f"INSERT OR REPLACE INTO measurements ({_COLUMNS}) VALUES ({_MARKS})"
LOG = f"INSERT INTO measurement_corrections ({_COLUMNS}, replaced_us) VALUES ({_MARKS}, ?)"
SELECT = f"SELECT {_COLUMNS} FROM measurements WHERE {_IS_KEY}"
KNOWN_SITE = "SELECT 1 FROM sites WHERE partner_id = ? AND site_id = ? AND deleted_at IS NULL"
# CROSS JOIN: for each site that is asked for look into the table, and not the other way round.
KNOWN_SITES_COUNT = """
SELECT count(*) FROM (VALUES {}) AS asked
CROSS JOIN sites ON partner_id = asked.column1 AND site_id = asked.column2 WHERE deleted_at IS NULL
"""


class SqliteMeasurementGroup:
    """Implements `kwartier.adapters.sql.group_commit.GroupStore`."""

    def __init__(self, database: Database, crash_points: CrashPoints) -> None:
        self._database, self._crash_points = database, crash_points
        self._pooled = database.engine.raw_connection()
        self._pooled.cursor().execute(f"PRAGMA cache_size = -{CACHE_KIB}")

    def commit(self, requests: Sequence[Sequence[MeasurementRow]]) -> list[list[RowOutcome]]:
        """Store the rows of all requests in one transaction."""
        rows = [row for request in requests for row in request]
        with self._database.faults(), self._transaction() as connection:
            outcomes = _insert_all(connection, rows) or _merge_all(connection, rows)
            self._crash_points("group_written")
        self._crash_points("group_committed")
        return by_request(requests, outcomes)

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._pooled.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise StoreUnavailable("the connection to the database is closed")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _insert_all(connection: sqlite3.Connection, rows: list[MeasurementRow]) -> list[RowOutcome] | None:
    """Insert rows that are all new, which is nearly always so; None, and nothing done, where they are not."""
    if not _are_known(connection, {row[:2] for row in rows}):
        return None
    if _inserted_count(connection, rows) == len(rows):
        return ["stored"] * len(rows)
    # A savepoint would copy each page before it is changed, for all the groups that need none.
    connection.execute("ROLLBACK")
    connection.execute("BEGIN IMMEDIATE")
    return None


def _inserted_count(connection: sqlite3.Connection, rows: list[MeasurementRow]) -> int:
    count, first = 0, 0
    for size in INSERT_COUNTS:
        while len(rows) - first >= size:
            values = list(chain.from_iterable(rows[first : first + size]))
            count += connection.execute(_insert(size), values).rowcount
            first += size
    return count


@cache
def _insert(row_count: int) -> str:
    """OR IGNORE, and not ON CONFLICT DO NOTHING: that would copy each page before it is changed, in case of a fault."""
    marks = f"({_MARKS[:-1]}0)"
    return f"INSERT OR IGNORE INTO measurements ({_COLUMNS}) VALUES {', '.join([marks] * row_count)}"


def _are_known(connection: sqlite3.Connection, sites: Collection[tuple[str, str]]) -> bool:
    statement = KNOWN_SITES_COUNT.format(", ".join(["(?, ?)"] * len(sites)))
    (count,) = connection.execute(statement, list(chain.from_iterable(sites))).fetchone()
    return bool(count == len(sites))


def _merge_all(connection: sqlite3.Connection, rows: list[MeasurementRow]) -> list[RowOutcome]:
    sites = {site for site in {row[:2] for row in rows} if connection.execute(KNOWN_SITE, site).fetchone()}
    known: dict[RowKey, StoredRow] = {}
    for key in {row.key for row in rows}:
        found = connection.execute(SELECT, key).fetchone()
        if found is not None:
            known[key] = stored_row(found)
    merged = merge(rows, known, sites)
    connection.executemany(REPLACE, map(columns_of, [*merged.new, *merged.changed]))
    connection.executemany(
        LOG, [(*columns_of(stored), replaced_us) for stored, replaced_us in merged.earlier]
    )
    return merged.outcomes
