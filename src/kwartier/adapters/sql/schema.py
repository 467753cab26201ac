"""Which schema a database has, and how it gets to another one. One step or none: each run is one transaction."""

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.engine import BEGIN_OPTION
from kwartier.adapters.sql.newer_schema import NewerSchema
from kwartier.adapters.sql.tables import metadata

# Two services that start at once take turns; any number will do that nothing else in the database uses.
ADVISORY_LOCK_NUMBER = 5_205_173
# A running service must not wait long for a migration's locks (reliability.md, R55: at most 5 s).
LOCK_TIMEOUT_S = 5


def newest_version() -> str:
    """The version of the schema that this program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("the package holds no migrations")
    return head


def is_known(version: str) -> bool:
    """Whether this program has the steps to and from a version."""
    return version in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def current_version(database: Database) -> str | None:
    """The version of the schema that a database has; None for an empty one."""
    with database.faults(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def refuse_newer(version: str | None) -> None:
    """Raise NewerSchema for the version of a database that a newer program has brought there."""
    if version is not None and not is_known(version):
        raise NewerSchema(
            f"the database has schema {version}, and this program knows none beyond {newest_version()}: a newer "
            "kwartier has worked with it; install that one again, or restore a backup of before"
        )


def upgrade(database: Database, version: str = "head") -> None:
    """Bring a database to a version, the newest one by default; all of it or nothing.

    Raises NewerSchema where the database has a version that this program does not know.
    """
    _run(database, lambda config: command.upgrade(config, version))


def downgrade(database: Database, version: str) -> None:
    """Take a database back to a version, "base" for none; what only newer versions can hold is lost."""
    _run(database, lambda config: command.downgrade(config, version))


def differences(database: Database) -> list[object]:
    """What a database's tables and the tables in `adapters/sql/tables` differ in; empty when all is well."""
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _run(database: Database, run: Callable[[Config], None]) -> None:
    with database.faults(), database.engine.connect() as connection:
        connection.execution_options(**{BEGIN_OPTION: "IMMEDIATE"})
        with connection.begin():
            _take_turns(connection)
            refuse_newer(MigrationContext.configure(connection).get_current_revision())
            config = _config()
            config.attributes["connection"] = connection
            run(config)


def _take_turns(connection: Connection) -> None:
    """Wait for another migration to end; SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK_NUMBER})"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'"))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "kwartier.adapters.sql:migrations")
    config.set_main_option("path_separator", "os")
    return config
