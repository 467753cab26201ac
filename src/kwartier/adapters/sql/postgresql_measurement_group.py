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
    stored_row,
)
from kwartier.adapters.sql.postgresql_arrays import (
    BinaryArray,
    accept_arrays,
    optional_real_array,
    real_array,
    text_array,
    whole_array,
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
    "%b::float8[], %b::float8[], %b::float8[], %b::text[], %b::int8[]"
)
_NAMES = ", ".join(ROW_COLUMNS[1:])
_NEW = f"unnest({_ARRAYS}) AS new ({_NAMES})"
# All rows or none: one of an unknown site keeps out all, and one that is there already is an error. That is half the
# work of ON CONFLICT DO NOTHING with a look at each row's site: 12 µs a row of the server in place of 28.
# Sorted by key: near rows come together, and two writers lock in the same order. In "C" as the columns themselves are.
INSERT = f"""
INSERT INTO measurements
SELECT %s, new.* FROM {_NEW}
WHERE (SELECT count(*) FROM sites WHERE partner_id = %s AND site_id = ANY(%b::text[]) AND deleted_at IS NULL) = %s
ORDER BY new.site_id COLLATE "C", new.asset_id COLLATE "C", new.measured_us
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
    """Some of the rows are there already, or their site is not; or another instance was quicker."""


class PostgresqlMeasurementGroup:
    """Implements `kwartier.adapters.sql.group_commit.GroupStore`."""

    def __init__(self, database: Database, crash_points: CrashPoints) -> None:
        self._database, self._crash_points = database, crash_points
        self._pooled: PoolProxiedConnection | None = None
        self._expects_new = True

    def commit(self, requests: Sequence[Rows]) -> list[list[RowOutcome]]:
        """Store the rows of all requests in one transaction; where some are not new, look at each.

        Repeats come in streaks, when a client sends again what it has. So after one every group is looked at until one
        was all new: a row that is there makes PostgreSQL undo a group, and leaves a line in its log.
        """
        rows = [row for request in requests for row in request]
        for _ in range(MOST_ATTEMPTS):
            try:
                outcomes = self._commit(rows, is_all_new=self._expects_new)
            except _WrittenMeanwhile:
                self._expects_new = False
                continue
            self._expects_new = outcomes.count("stored") == len(outcomes)
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
        if not connection.autocommit:
            connection.autocommit = True
            accept_arrays(connection)
        return connection

    def _leave(self, connection: Connection) -> None:
        """Undo; where that fails the connection is dead and the next group opens another one."""
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            self.close()


def _insert_all(connection: Connection, rows: Rows) -> list[RowOutcome]:
    """Insert rows that are all new, which is nearly always so; raises _WrittenMeanwhile where they are not."""
    _insert(connection, rows[0].partner_id, [StoredRow(row, 0) for row in rows])
    return ["stored"] * len(rows)


def _merge_all(connection: Connection, rows: Rows) -> list[RowOutcome]:
    partner_id = rows[0].partner_id
    sites, assets, moments = zip(*sorted({row[1:4] for row in rows}), strict=True)
    keys = (text_array(sites), text_array(assets), whole_array(moments))
    known = {row.row.key: row for row in map(stored_row, connection.execute(SELECT, (*keys, partner_id)))}
    found = connection.execute(KNOWN_SITES, (partner_id, text_array(sorted(set(sites)))))
    merged = merge(rows, known, {(partner_id, site_id) for (site_id,) in found})
    if merged.new:
        _insert(connection, partner_id, merged.new)
    if merged.changed:
        _must_write(connection, UPDATE, (*_arrays(merged.changed), partner_id), len(merged.changed))
    if merged.earlier:
        replaced_us = whole_array([moment_us for _, moment_us in merged.earlier])
        arrays = _arrays([stored for stored, _ in merged.earlier])
        connection.execute(LOG, (partner_id, *arrays, replaced_us))
    return merged.outcomes


def _insert(connection: Connection, partner_id: str, rows: Sequence[StoredRow]) -> None:
    sites = {stored.row.site_id for stored in rows}
    parameters = (partner_id, *_arrays(rows), partner_id, text_array([*sites]), len(sites))
    _must_write(connection, INSERT, parameters, len(rows))


def _must_write(connection: Connection, statement: str, parameters: Sequence[object], count: int) -> None:
    """Write rows that must all be writable; raises _WrittenMeanwhile where another instance was quicker."""
    try:
        written_count = connection.execute(statement, parameters).rowcount
    except psycopg.errors.UniqueViolation:
        raise _WrittenMeanwhile from None
    if written_count != count:
        raise _WrittenMeanwhile


def _arrays(rows: Sequence[StoredRow]) -> tuple[BinaryArray, ...]:
    """The columns behind the partner's, in their order."""
    _, sites, assets, measured_us, received_us, totals, powers, charges, pins = zip(
        *(stored.row for stored in rows), strict=True
    )
    return (
        text_array(sites),
        text_array(assets),
        whole_array(measured_us),
        whole_array(received_us),
        real_array(totals),
        real_array(powers),
        optional_real_array(charges),
        text_array(pins),
        whole_array([stored.revision_number for stored in rows]),
    )
