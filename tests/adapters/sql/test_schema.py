"""The migrations make the schema that the tables say, go back, and leave nothing half done."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Double,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    cast,
    event,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.sql.dml import Insert

from kwartier.adapters.sql import schema
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables import metadata
from kwartier.adapters.sql.tables.metadata import Moment

IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
STRIDE_COUNT = 1 if IS_NIGHTLY else 17
# A million (reliability.md, R55: at a release) need a machine that does nothing else for the 5 s.
ROWS_COUNT = int(os.environ.get("KWARTIER_MIGRATION_ROWS", "200000" if IS_NIGHTLY else "1000"))
# The tables that grow without end, and the part of their key that tells one row from the next.
NUMBERED_BY = {"measurements": "measured_us", "plans": "plan_id"}
EXAMPLE_BY_TYPE: dict[type, Any] = {
    Moment: datetime(2026, 3, 2, 7, 0, 0, 123_456, tzinfo=UTC),
    Date: date(2026, 3, 2),
    String: "a text",
    JSON: {"a": [1, "é"]},
    LargeBinary: b"\x00\xff",
    Boolean: True,
    Integer: 7,
    BigInteger: 2**40,
    Double: 0.1 + 0.2,
    Float: 0.1 + 0.2,
}


class Interrupted(Exception):
    """What a test throws into a migration."""


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    opened = Database(empty_database_url)
    yield opened
    opened.close()


def tables_of(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_the_migrated_schema_is_that_of_the_tables(database: Database) -> None:
    assert schema.differences(database) == []
    assert tables_of(database) == set(metadata.tables)
    assert schema.current_version(database) == schema.newest_version()


def test_a_schema_that_lacks_a_column_is_seen(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sites DROP COLUMN deleted_at"))
    assert schema.differences(empty) != []


def test_every_step_goes_forward_and_back(empty: Database) -> None:
    assert schema.current_version(empty) is None
    schema.upgrade(empty)
    schema.downgrade(empty, "base")
    assert tables_of(empty) == set()
    schema.upgrade(empty)
    assert schema.differences(empty) == []


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    schema.upgrade(database)
    assert schema.current_version(database) == schema.newest_version()


def test_an_upgrade_interrupted_at_any_statement_leaves_the_version_before(empty: Database) -> None:
    # reliability.md, R55. At each statement of each step; script/test takes every seventh.
    number = 0
    for step in steps():
        before = tables_of(empty)
        while interrupted(empty, step, number):
            assert (schema.current_version(empty), tables_of(empty)) == (previous(step), before)
            number += STRIDE_COUNT
        number %= STRIDE_COUNT
        assert schema.current_version(empty) == step
    assert schema.differences(empty) == []


def interrupted(database: Database, step: str, number: int) -> bool:
    """Upgrade to a step with a failure at its statement of this number; False where it has fewer, and is done."""
    seen = count()

    def fail(*_: object) -> None:
        if next(seen) == number:
            raise Interrupted

    event.listen(database.engine, "before_cursor_execute", fail)
    try:
        schema.upgrade(database, step)
    except Interrupted:
        return True
    finally:
        event.remove(database.engine, "before_cursor_execute", fail)
    return False


def steps() -> list[str]:
    """Every released version of the schema, the first one first."""
    return [f"{number:04}" for number in range(1, int(schema.newest_version()) + 1)]


def previous(step: str) -> str | None:
    """The version before a step; None before the first."""
    return f"{int(step) - 1:04}" if int(step) > 1 else None


def test_what_was_stored_at_each_version_is_there_at_the_newest_and_no_step_takes_long(
    empty: Database, record_property: Callable[[str, object], None]
) -> None:
    # reliability.md, R55: a row in each table from the version on that made it, through all that come after, and many
    # where many are; a step holds its locks for as long as it takes.
    kept: dict[str, dict[str, Any]] = {}
    durations_s = []
    for step in steps():
        begun_s = time.monotonic()
        schema.upgrade(empty, step)
        durations_s.append(time.monotonic() - begun_s)
        tables = reflected(empty)
        with empty.writing("alpha") as connection:
            for table in tables.sorted_tables:
                if table.name not in kept and table.name in metadata.tables:
                    kept[table.name] = filled_row(table, metadata.tables[table.name])
                    connection.execute(insert(table).values(kept[table.name]))
                    if table.name in NUMBERED_BY:
                        connection.execute(many_like(table, kept[table.name]))
    assert kept.keys() == metadata.tables.keys()
    with empty.reading("alpha") as connection:
        for name, row in kept.items():
            table = metadata.tables[name]
            key = [column == row[column.name] for column in table.primary_key]
            (found,) = connection.execute(select(table).where(*key)).mappings()
            assert {column: found[column] for column in row} == row
            count = connection.scalar(select(func.count()).select_from(table))
            assert count == (ROWS_COUNT + 1 if name in NUMBERED_BY else 1)
    assert max(durations_s) <= schema.LOCK_TIMEOUT_S
    record_property("rows through every step of the schema", ROWS_COUNT * len(NUMBERED_BY))
    record_property(
        f"longest step of the schema on {empty.engine.dialect.name}, ms", round(1000 * max(durations_s))
    )


def many_like(table: Table, row: dict[str, Any]) -> Insert:
    """Rows like this one, each with a number in the last part of its key."""
    first = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.number + 1).where(first.c.number < ROWS_COUNT))
    numbered = NUMBERED_BY[table.name]
    values: dict[str, ColumnElement[Any]] = {
        name: literal(value, table.c[name].type) for name, value in row.items()
    }
    values[numbered] = cast(numbers.c.number, table.c[numbered].type)
    return insert(table).from_select(list(values), select(*values.values()).select_from(numbers))


def reflected(database: Database) -> MetaData:
    """The tables as the database has them now."""
    found = MetaData()
    found.reflect(database.engine)
    return found


def filled_row(table: Table, newest: Table) -> dict[str, Any]:
    """A row with something in every column that the version has, as the newest version understands it."""
    row: dict[str, Any] = {}
    for column in table.columns:
        known = newest.c[column.name]
        column.type = known.type  # SQLite tells of moments and JSON no more than that they are texts
        row[column.name] = "alpha" if column.name == "partner_id" else EXAMPLE_BY_TYPE[type(known.type)]
    return row


def test_every_table_has_its_partner_first_in_its_key() -> None:
    first_columns = {name: next(iter(table.primary_key)).name for name, table in metadata.tables.items()}
    assert first_columns == dict.fromkeys(metadata.tables, "partner_id")
