"""Fixtures: a database of each kind with the newest schema and nothing in it, for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from kwartier.adapters.sql import schema
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables import metadata
from tests.services.postgres import fresh_database, running_server

KINDS = ("sqlite", "postgresql")
# The user that a deployment would have: it owns its database and may make roles, and is no superuser.
OWNER = "owner"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of this test process's own PostgreSQL server, for its superuser."""
    with running_server() as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE ROLE {OWNER} LOGIN CREATEROLE"))
        engine.dispose()
        yield url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
    else:
        with fresh_database(request.getfixturevalue("postgres_server"), "empty", owner=OWNER) as url:
            yield url


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgresql_url(postgres_server: str) -> Iterator[str]:
    with fresh_database(postgres_server, "migrated", owner=OWNER) as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def _postgresql_tables(postgres_server: str, _postgresql_url: str) -> Iterator[Engine]:
    """The tables of the one database, for the superuser, who sees the rows of every partner."""
    engine = create_engine(create_engine(postgres_server).url.set(database="migrated"))
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_url(_postgresql_tables: Engine, _postgresql_url: str) -> str:
    """A PostgreSQL database with the newest schema and no rows; the URL is that of its owner."""
    # TRUNCATE makes new files for every table and index, which takes fifty times as long for a few rows.
    tables = [table.name for table in reversed(metadata.sorted_tables)]
    with _postgresql_tables.begin() as connection:
        connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in tables))
    return _postgresql_url


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database with the newest schema and no rows."""
    path = tmp_path / "kwartier.db"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind with the newest schema and no rows."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened."""
    opened = Database(database_url)
    yield opened
    opened.close()


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.close()
