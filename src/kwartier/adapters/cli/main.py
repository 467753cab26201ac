"""The command `kwartier`: its commands, `--version`, and the last resort for a fault of kwartier itself."""

import os
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kwartier.adapters.cli import bill, calibrate, check, demo, plan, schema, simulate, tariffs, validate
from kwartier.adapters.cli.faults import FAULTS, ExitCode
from kwartier.adapters.cli.terminal import error, show_line, writable


class FaultGroup(TyperGroup):
    """The commands, with every fault of the table turned into its message and its exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except tuple(FAULTS) as fault:
            error(str(fault))
            raise typer.Exit(FAULTS[type(fault)]) from None


app = typer.Typer(
    name="kwartier",
    cls=FaultGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: the same on a terminal, in a pipe and on a screen reader
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Example:
  kwartier demo
  kwartier plan request.json -o plan.json --plot plan.html""",
)
app.command(epilog=validate.EXAMPLE, short_help="Say everything that is wrong with a site.")(
    validate.validate
)
app.command(epilog=plan.EXAMPLE, short_help="Plan a site per quarter-hour.")(plan.plan)
app.command(epilog=check.EXAMPLE, short_help="Check a plan against its request.")(check.check)
app.command(epilog=bill.EXAMPLE, short_help="Bill a month or a year, to the cent.")(bill.bill)
app.command(epilog=simulate.EXAMPLE, short_help="Say what a site would have cost under each policy.")(
    simulate.simulate
)
app.command(epilog=calibrate.EXAMPLE, short_help="Suggest efficiencies, least currents, forecast bias.")(
    calibrate.calibrate
)
app.command(epilog=schema.EXAMPLE, short_help="Print the JSON Schema of a document.")(schema.schema)
app.command(epilog=demo.EXAMPLE, short_help="Plan the demo site, and see what that saves.")(demo.demo)

app.add_typer(tariffs.app, name="tariffs", short_help="Say which grid tariffs are known, and add your own.")


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        try:
            show_line(f"kwartier {version('kwartier')}")
        except PackageNotFoundError:
            show_line("kwartier, not installed: its version is in pyproject.toml")
        raise typer.Exit


@app.callback()
def kwartier(
    is_version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Plan charging poles, batteries and solar panels of a site per quarter-hour, and check such plans."""


def main() -> None:
    """Run the command line; ends the process with one of the exit codes of `ExitCode`."""
    for stream in (sys.stdout, sys.stderr):
        writable(stream)
    try:
        app(prog_name="kwartier")
    except Exception as fault:  # noqa: BLE001 - whatever is left is not the user's mistake, and must say so
        _report_own_fault(fault)
        raise SystemExit(ExitCode.OWN_FAULT) from None


def _report_own_fault(fault: Exception) -> None:
    place = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}, line {place.lineno}"  # noqa: PTH119 - a name, not a path
    what = f"{type(fault).__name__} in {where}: {fault}"
    error(f"a mistake in kwartier, not in your files: {what}. Please report it, with the files")
    if os.environ.get("KWARTIER_TRACEBACK"):
        traceback.print_exception(fault)
    else:
        error("KWARTIER_TRACEBACK=1 in the environment shows where it happened")
