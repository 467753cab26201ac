"""Groups of measurements into PostgreSQL: arrays in binary form, one statement per partner (ingest.md, section 4)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import psycopg
from sqlalchemy import PoolProxiedConnection

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.measurement_statements import (
    ROW_COLUMNS,
    by_request,
    columns_of,
    stored_row,
)
from kwartier.adapters.sql.postgresql_faults import postgresql_faults
from kwartier.adapters.sql.row_security import ROLE
from kwartier.service.faults import StoreUnavailable
from kwartier.service.measurement_merge import merge
from kwartier.service.measurement_row import MeasurementRow, RowOutcome, StoredRow
from kwartier.service.ports.crash_points import CrashPoints

Connection = psycopg.Connection[Any]
Rows = Sequence[MeasurementRow]

# Another instance may write the same keys at the same time; then the group is judged anew.
MOST_ATTEMPTS = 5

ENTER = """
SELECT set_config('role', %s, true), set_config('kwartier.partner_id', %s, true)
"""
_ARRAYS = (
    "%b::text[], %b::text[], %b::int8[], %b::int8[], "
    "%b::float8[], %b::float8[], %s::float8[], %s::text[], %b::int4[]"
)
_NAMES = ", ".join(ROW_COLUMNS[1:])
_NEW = f"unnest({_ARRAYS}) AS new ({_NAMES})"
# Sorted by key: near rows come together, and two writers lock in the same order.
INSERT = f"""
INSERT INTO measurements
SELECT %s, new.* FROM {_NEW}
WHERE EXISTS (SELECT FROM sites WHERE sites.partner_id = %s AND sites.site_id = new.site_id AND deleted_at IS NULL)
ORDER BY new.site_id, new.asset_id, new.measured_us
ON CONFLICT DO NOTHING
"""
UPDATE = f"""
UPDATE measurements AS old
SET received_us = new.received_us, energy_total_wh = new.energy_total_wh, power_w = new.power_w,
    charge_percent = new.charge_percent, pins = new.pins, revision_number = new.revision_number
FROM {_NEW}
WHERE old.partner_id = %s AND old.site_id = new.site_id AND old.asset_id = new.asset_id
  AND old.measured_us = new.measured_us AND old.revision_number < new.revision_number
"""
LOG = f"""
INSERT INTO measurement_corrections
SELECT %s, new.* FROM unnest({_ARRAYS}, %b::int8[]) AS new ({_NAMES}, replaced_us)
"""
SELECT = """
SELECT old.* FROM unnest(%b::text[], %b::text[], %b::int8[]) AS new (site_id, asset_id, measured_us)
JOIN measurements AS old ON old.partner_id = %s AND old.site_id = new.site_id AND old.asset_id = new.asset_id
  AND old.measured_us = new.measured_us
"""
KNOWN_SITES = """
SELECT site_id FROM sites WHERE partner_id = %s AND site_id = ANY(%b::text[]) AND deleted_at IS NULL
"""


class _WrittenMeanwhile(Exception):
    """Another instance stored one of the keys since they were looked up."""


class PostgresqlMeasurementGroup:
    """Implements `kwartier.adapters.sql.group_commit.GroupStore`."""

    def __init__(self, database: Database, crash_points: CrashPoints) -> None:
        self._database, self._crash_points = database, crash_points
        self._pooled: PoolProxiedConnection | None = None

    def commit(self, requests: Sequence[Rows]) -> list[list[RowOutcome]]:
        """Store the rows of all requests in one transaction; where some are not new, look at each."""
        rows = [row for request in requests for row in request]
        for attempt in range(MOST_ATTEMPTS):
            try:
                outcomes = self._commit(rows, is_all_new=attempt == 0)
            except _WrittenMeanwhile:
                continue
            self._crash_points("group_committed")
            return by_request(requests, outcomes)
        raise StoreUnavailable("other instances write the same measurements all the time")

    def close(self) -> None:
        """Close the connection."""
        if self._pooled is not None:
            self._pooled.invalidate()
            self._pooled.close()
            self._pooled = None

    def _commit(self, rows: Rows, *, is_all_new: bool) -> list[RowOutcome]:
        outcomes: dict[int, RowOutcome] = {}
        order = sorted(range(len(rows)), key=lambda position: rows[position].partner_id)
        with self._transaction() as connection:
            for partner_id, group in groupby(order, key=lambda position: rows[position].partner_id):
                positions = list(group)
                own = [rows[position] for position in positions]
                connection.execute(ENTER, (ROLE, partner_id))
                found = _insert_all(connection, own) if is_all_new else _merge_all(connection, own)
                outcomes |= dict(zip(positions, found, strict=True))
            self._crash_points("group_written")
        return [outcomes[position] for position in range(len(rows))]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._database.faults(), postgresql_faults():
            connection = self._connection()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._leave(connection)
                raise

    def _connection(self) -> Connection:
        """The writer's own connection, opened where there is none: autocommit, so that BEGIN is ours."""
        if self._pooled is None:
            self._pooled = self._database.engine.raw_connection()
        connection = self._pooled.driver_connection
        if not isinstance(connection, psycopg.Connection):
            raise StoreUnavailable("the connection to the database is closed")
        connection.autocommit = True
        return connection

    def _leave(self, connection: Connection) -> None:
        """Undo; where that fails the connection is dead and the next group opens another one."""
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            self.close()


def _insert_all(connection: Connection, rows: Rows) -> list[RowOutcome]:
    """Insert rows that are all new, which is nearly always so; raises _WrittenMeanwhile where they are not."""
    partner_id = rows[0].partner_id
    columns = _transposed([columns_of(StoredRow(row, 0))[1:] for row in rows], len(ROW_COLUMNS) - 1)
    if connection.execute(INSERT, (partner_id, *columns, partner_id)).rowcount != len(rows):
        raise _WrittenMeanwhile
    return ["stored"] * len(rows)


def _merge_all(connection: Connection, rows: Rows) -> list[RowOutcome]:
    partner_id = rows[0].partner_id
    keys = _transposed([key[1:] for key in sorted({row.key for row in rows})], 3)
    known = {row.row.key: row for row in map(stored_row, connection.execute(SELECT, (*keys, partner_id)))}
    sites = connection.execute(KNOWN_SITES, (partner_id, sorted({row.site_id for row in rows})))
    merged = merge(rows, known, {(partner_id, site_id) for (site_id,) in sites})
    _write(connection, INSERT, partner_id, merged.new, (partner_id,))
    _write(connection, UPDATE, None, merged.changed, (partner_id,))
    if merged.earlier:
        log = [(*columns_of(stored)[1:], replaced_us) for stored, replaced_us in merged.earlier]
        connection.execute(LOG, (partner_id, *_transposed(log, len(ROW_COLUMNS))))
    return merged.outcomes


def _write(
    connection: Connection, statement: str, first: str | None, rows: Sequence[StoredRow], last: tuple[str]
) -> None:
    """Write rows that must all be writable; raises _WrittenMeanwhile where another instance was quicker."""
    if not rows:
        return
    columns = _transposed([columns_of(row)[1:] for row in rows], len(ROW_COLUMNS) - 1)
    parameters = (*(() if first is None else (first,)), *columns, *last)
    if connection.execute(statement, parameters).rowcount != len(rows):
        raise _WrittenMeanwhile


def _transposed(rows: Sequence[Sequence[Any]], width_count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width_count)]
