"""Read a backup into an empty database, of either kind and whatever version made it."""

import zipfile
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from sqlalchemy import TableClause, column, insert, select, table

from kwartier.adapters.sql import schema
from kwartier.adapters.sql.backup import CHUNK_ROWS
from kwartier.adapters.sql.backup_file import BackupReader, Manifest, TableEntry, type_of
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.partners import partners
from kwartier.adapters.sql.unusable_backup import UnusableBackup


def restore_backup(database: Database, path: Path) -> Manifest:
    """Fill an empty database from a backup, and bring it to the newest schema; all rows or none.

    Raises UnusableBackup for a file that is damaged or too new, and for a database that holds partners; OSError where
    the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            reader = BackupReader(archive, path)
            _make_schema(database, reader.manifest, path)
            _fill(database, reader)
    except zipfile.BadZipFile:
        raise UnusableBackup(f"{path}: no backup; name a file of kwartier backup") from None
    schema.upgrade(database)
    return reader.manifest


def _make_schema(database: Database, manifest: Manifest, path: Path) -> None:
    """The schema that the backup was made with, in a database that has none or holds nothing."""
    if not schema.is_known(manifest.schema_version):
        raise UnusableBackup(
            f"{path}: made by kwartier {manifest.kwartier_version}, which is newer; restore it with that version"
        )
    if schema.current_version(database) is not None:
        with database.operating() as connection:
            if connection.execute(select(partners).limit(1)).first() is not None:
                raise UnusableBackup(
                    "the database holds partners already; restore into an empty one (KWARTIER_DATABASE_URL, "
                    "or KWARTIER_DATA_DIR)"
                )
        schema.downgrade(database, "base")
    schema.upgrade(database, manifest.schema_version)


def _fill(database: Database, reader: BackupReader) -> None:
    with database.across_partners(is_read_only=False) as connection:
        for entry in reader.manifest.tables:
            statement = insert(_table(entry))
            for partner_id, own in groupby(reader.rows(entry), key=itemgetter("partner_id")):
                database.visit(connection, partner_id, is_read_only=False)
                while chunk := list(islice(own, CHUNK_ROWS)):
                    connection.execute(statement, chunk)


def _table(entry: TableEntry) -> TableClause:
    """The table as it was when the backup was made, which need not be what it is now."""
    return table(entry.name, *(column(one.name, type_of(one.kind)) for one in entry.columns))
