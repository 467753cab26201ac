"""`kwartier config show`: every setting, its value, and where it comes from."""

import os
from typing import Annotated

import typer

from kwartier.adapters.cli.terminal import note, show_json, show_line, visible

EXAMPLE = """\b
Example:
  kwartier config show
  kwartier config show --json | jq '.settings[] | select(.origin != "default")'"""

config = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at the settings.")


@config.callback()
def _config() -> None:
    """Look at the settings of the service."""


@config.command(epilog=EXAMPLE)
def show(
    as_json: Annotated[
        bool, typer.Option("--json", help='Print {"settings": [...], "unknown": [...]}.')
    ] = False,
) -> None:
    """Print every setting with its value and its origin; secrets are masked."""
    from kwartier.app.settings import load_settings, shown, unknown_variables

    settings, unknown = shown(load_settings()), unknown_variables(os.environ)
    if as_json:
        show_json({"settings": settings, "unknown": unknown})
        return
    for setting in settings:
        value = "(none)" if setting["value"] is None else visible(str(setting["value"]))
        show_line(f"{setting['name']}={value}")
        show_line(f"    from {visible(setting['origin'])}. {setting['description']}")
    for name in unknown:
        note(f"{visible(name)} is set, and there is no such setting; correct its name or remove it")
