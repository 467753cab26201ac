"""The file of a backup: a zip with one member of JSON lines per table, and a manifest with their checksums.

The same file is read into SQLite and into PostgreSQL, so it also carries a deployment from one to the other. A row is a
JSON list in the order of the manifest's columns.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import JSON, Column, Date, LargeBinary
from sqlalchemy.types import TypeEngine

from kwartier.adapters.sql.tables.metadata import Moment
from kwartier.adapters.sql.unusable_backup import UnusableBackup
from kwartier.units.instant import Instant, format_instant, parse_instant
from kwartier.units.wire import WireModel

FORMAT_NUMBER = 1
MANIFEST = "manifest.json"
# So much is read at a time; larger pieces gain nothing.
PIECE_BYTES = 2**20

Kind = Literal["plain", "moment", "date", "json", "bytes"]


class ColumnEntry(WireModel):
    """A column, and how its values are written.

    "moment" as RFC 3339, "date" as YYYY-MM-DD, "bytes" as base64, the others as JSON has them.
    """

    name: str
    kind: Kind


class TableEntry(WireModel):
    """A table as it was: its columns in order, how many rows follow, and the SHA-256 of its member in hexadecimal."""

    name: str
    columns: list[ColumnEntry]
    row_count: int
    sha256: str


class Manifest(WireModel):
    """What the file holds: the schema's version, and the tables in an order in which their keys can be checked."""

    format_number: int
    kwartier_version: str
    schema_version: str
    made_at: Instant
    tables: list[TableEntry]


def column_entry(column: Column[Any]) -> ColumnEntry:
    """How a column of a table is written."""
    return ColumnEntry(name=column.name, kind=_kind(column.type))


def _kind(column_type: TypeEngine[Any]) -> Kind:
    if isinstance(column_type, Moment):
        return "moment"
    kinds: dict[type[TypeEngine[Any]], Kind] = {Date: "date", JSON: "json", LargeBinary: "bytes"}
    return next((kind for known, kind in kinds.items() if isinstance(column_type, known)), "plain")


def type_of(kind: Kind) -> TypeEngine[Any] | None:
    """The column type with which values of this kind are stored again; None leaves it to the value."""
    types: dict[Kind, TypeEngine[Any]] = {
        "moment": Moment(),
        "date": Date(),
        "json": JSON(),
        "bytes": LargeBinary(),
    }
    return types.get(kind)


def written(kind: Kind, value: Any) -> Any:
    """A stored value as JSON has it."""
    if value is None:
        return None
    match kind:
        case "moment":
            return format_instant(value)
        case "date":
            return value.isoformat()
        case "bytes":
            return base64.b64encode(value).decode()
        case "plain" | "json":
            return value


def read_back(kind: Kind, value: Any) -> Any:
    """What `written` was given."""
    if value is None:
        return None
    match kind:
        case "moment":
            return parse_instant(value)
        case "date":
            return date.fromisoformat(value)
        case "bytes":
            return base64.b64decode(value)
        case "plain" | "json":
            return value


class BackupWriter:
    """Writes a backup, table by table; `finish` makes it one."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._tables: list[TableEntry] = []

    def add_table(self, name: str, columns: list[ColumnEntry], rows: Iterable[Iterable[Any]]) -> None:
        """Write the rows of a table."""
        kinds = [column.kind for column in columns]
        checksum, row_count = hashlib.sha256(), 0
        with self._archive.open(_member(name), "w", force_zip64=True) as member:
            for row in rows:
                values = [written(kind, value) for kind, value in zip(kinds, row, strict=True)]
                line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                checksum.update(line)
                member.write(line)
                row_count += 1
        self._tables.append(
            TableEntry(name=name, columns=columns, row_count=row_count, sha256=checksum.hexdigest())
        )

    def finish(self, *, kwartier_version: str, schema_version: str, made_at: datetime) -> Manifest:
        """Write the manifest; without it, a file is no backup."""
        manifest = Manifest(
            format_number=FORMAT_NUMBER,
            kwartier_version=kwartier_version,
            schema_version=schema_version,
            made_at=made_at,
            tables=self._tables,
        )
        self._archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        return manifest


class BackupReader:
    """Reads a backup that is whole."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        try:
            self.manifest = Manifest.model_validate_json(archive.read(MANIFEST))
        except (KeyError, ValidationError, zipfile.BadZipFile):
            raise UnusableBackup(
                f"{path}: no manifest that can be read; name a file of kwartier backup"
            ) from None
        if self.manifest.format_number != FORMAT_NUMBER:
            raise UnusableBackup(
                f"{path}: format {self.manifest.format_number}, this version reads {FORMAT_NUMBER}; "
                "use a newer kwartier"
            )
        for table in self.manifest.tables:
            if self._checksum(table) != table.sha256:
                raise UnusableBackup(f"{path}: the rows of {table.name} are damaged; use another backup")

    def rows(self, table: TableEntry) -> Iterator[dict[str, Any]]:
        """The rows of a table by column name, as they were stored."""
        with self._archive.open(_member(table.name)) as member:
            for line in member:
                pairs = zip(table.columns, json.loads(line), strict=True)
                yield {column.name: read_back(column.kind, value) for column, value in pairs}

    def _checksum(self, table: TableEntry) -> str | None:
        checksum = hashlib.sha256()
        try:
            with self._archive.open(_member(table.name)) as member:
                while piece := member.read(PIECE_BYTES):
                    checksum.update(piece)
        except (KeyError, zipfile.BadZipFile):
            return None
        return checksum.hexdigest()


def _member(table_name: str) -> str:
    return f"{table_name}.jsonl"
