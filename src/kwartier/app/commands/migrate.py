"""`kwartier migrate`: the database's schema."""

from contextlib import closing
from typing import Annotated

import typer

from kwartier.adapters.cli.terminal import show_json, show_line

EXAMPLE = """\b
Example:
  kwartier migrate
  kwartier migrate --json"""


def migrate(
    as_json: Annotated[bool, typer.Option("--json", help='Print {"from", "to"}.')] = False,
) -> None:
    """Bring the database to the schema of this version; `kwartier serve` does so by itself.

    All of it or nothing: a migration that is interrupted leaves the database as it was.
    """
    from kwartier.adapters.sql import schema
    from kwartier.app.settings import load_settings
    from kwartier.app.wiring import open_database

    with closing(open_database(load_settings())) as database:
        before = schema.current_version(database)
        schema.upgrade(database)
    after = schema.newest_version()
    if as_json:
        show_json({"from": before, "to": after})
    elif before == after:
        show_line(f"The schema is {after}, the newest one.")
    else:
        show_line(f"The schema went from {before or 'nothing'} to {after}.")
