"""`kwartier backup` and `kwartier restore`."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import UnwritableFile
from kwartier.adapters.cli.terminal import progress, show_json, show_line, visible

if TYPE_CHECKING:
    from kwartier.adapters.sql.backup_file import Manifest

EXAMPLE = """\b
Example:
  kwartier backup kwartier-2026-03-02.zip
  KWARTIER_DATA_DIR=/srv/new kwartier restore kwartier-2026-03-02.zip"""

AsJson = Annotated[bool, typer.Option("--json", help='Print {"file", "schema_version", "made_at", "rows"}.')]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; replaced if it is there.")],
    as_json: AsJson = False,
) -> None:
    """Write everything that the database holds into one file, while the service runs.

    The file holds one moment's state, with checksums, readable by its owner only. It goes into SQLite and PostgreSQL
    alike. The key that signs tokens is not in it: after a restore elsewhere, clients log in again.
    """
    from kwartier.adapters.sql.backup import write_backup
    from kwartier.adapters.system.system_clock import SystemClock
    from kwartier.app.settings import load_settings
    from kwartier.app.wiring import open_database

    database = open_database(load_settings())
    try:
        with progress("Writing the backup"):
            manifest = write_backup(
                database, file, kwartier_version=version("kwartier"), at=SystemClock().now()
            )
    except OSError as error:
        raise UnwritableFile(f"{visible(str(file))}: {error.strerror}; name another file") from None
    finally:
        database.close()
    _show(file, manifest, "Wrote", as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that kwartier backup wrote.")],
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from a backup, and bring it to the newest schema.

    All of it or nothing. A database that holds partners is left alone.
    """
    from kwartier.adapters.cli.faults import UnreadableFile
    from kwartier.adapters.sql.restore import restore_backup
    from kwartier.app.settings import load_settings
    from kwartier.app.wiring import open_database

    database = open_database(load_settings())
    try:
        with progress("Reading the backup"):
            manifest = restore_backup(database, file)
    except OSError as error:
        raise UnreadableFile(
            f"{visible(str(file))}: {error.strerror}; name a file of kwartier backup"
        ) from None
    finally:
        database.close()
    _show(file, manifest, "Restored", as_json=as_json)


def _show(file: Path, manifest: "Manifest", what: str, *, as_json: bool) -> None:
    rows = {table.name: table.row_count for table in manifest.tables}
    if as_json:
        facts = {"file": str(file), "schema_version": manifest.schema_version}
        show_json({**facts, "made_at": manifest.made_at.isoformat(), "rows": rows})
    else:
        show_line(f"{what} {sum(rows.values()):,} rows of {len(rows)} tables: {visible(str(file))}")
