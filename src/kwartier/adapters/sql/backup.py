"""Write everything that a database holds into one file, while the service runs."""

import os
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from kwartier.adapters.sql import schema
from kwartier.adapters.sql.backup_file import BackupWriter, Manifest, column_entry
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables import metadata
from kwartier.adapters.sql.tables.partners import partners
from kwartier.adapters.sql.unusable_backup import UnusableBackup

# Rows that are held in memory at a time.
CHUNK_ROWS = 2_000


def write_backup(database: Database, path: Path, *, kwartier_version: str, at: datetime) -> Manifest:
    """Write a backup of one moment's state, for its owner's eyes only; what is at `path` is replaced once all is there.

    Raises UnusableBackup where the database has another schema than this version, OSError for the file.
    """
    version = schema.current_version(database)
    if version != schema.newest_version():
        raise UnusableBackup(f"the database has the schema {version}; run kwartier migrate first")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - the mode must be right from the first moment
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                writer = BackupWriter(archive)
                _write_tables(database, writer)
                manifest = writer.finish(
                    kwartier_version=kwartier_version, schema_version=version, made_at=at
                )
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def _write_tables(database: Database, writer: BackupWriter) -> None:
    with database.across_partners(is_read_only=True) as connection:
        database.visit(connection, "", is_read_only=True)
        ids = list(connection.scalars(select(partners.c.partner_id).order_by(partners.c.partner_id)))
        for table in metadata.sorted_tables:
            columns = [column_entry(column) for column in table.columns]
            writer.add_table(table.name, columns, _rows(database, connection, table, ids))


def _rows(database: Database, connection: Connection, table: Table, partner_ids: list[str]) -> Iterator[Any]:
    """All rows of a table, partner by partner, each in the order of its key."""
    for partner_id in partner_ids:
        database.visit(connection, partner_id, is_read_only=True)
        query = select(table).where(table.c.partner_id == partner_id).order_by(*table.primary_key)
        with connection.execute(query.execution_options(yield_per=CHUNK_ROWS)) as rows:
            yield from rows
