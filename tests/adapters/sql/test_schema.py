"""The migrations make the schema that the tables say, go back, and leave nothing half done."""

from collections.abc import Iterator

import pytest
from alembic import op
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from kwartier.adapters.sql import schema
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables import metadata


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


def test_an_interrupted_migration_leaves_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    create_table, made = op.create_table, []

    def fail_at_the_third(name: str, *parts: object) -> None:
        made.append(name)
        if len(made) == 3:
            op.execute("this is no SQL")
        create_table(name, *parts)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(op, "create_table", fail_at_the_third)
    with pytest.raises(DBAPIError):
        schema.upgrade(empty)
    assert len(made) == 3
    assert tables_of(empty) == set()
    assert schema.current_version(empty) is None


def test_every_table_has_its_partner_first_in_its_key() -> None:
    first_columns = {name: next(iter(table.primary_key)).name for name, table in metadata.tables.items()}
    assert first_columns == dict.fromkeys(metadata.tables, "partner_id")
