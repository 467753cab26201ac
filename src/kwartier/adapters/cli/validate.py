"""`kwartier validate`: everything that is wrong with a site document, all at once."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import ExitCode
from kwartier.adapters.cli.json_files import name_of, read_value
from kwartier.adapters.cli.tables import counted, finding_list, more_than_shown
from kwartier.adapters.cli.tariffs import SheetFolders, tariff_sheets
from kwartier.adapters.cli.terminal import note, show, show_json, show_line, visible

if TYPE_CHECKING:
    from kwartier.site.finding import Finding

EXAMPLE = """\b
Example:
  kwartier validate site.json
  kwartier validate site.json --json | jq '.findings[].path'

\b
Exit code: 0 without errors (warnings are fine), 1 with errors,
2 where there is no such file or it is not JSON."""


def validate(
    site: Annotated[
        Path,
        typer.Argument(readable=False, metavar="SITE.json", help="The site document; - is standard input."),
    ],
    day: Annotated[
        datetime | None,
        typer.Option(
            "--day", formats=["%Y-%m-%d"], help="The day whose tariff amounts must be known; absent: today."
        ),
    ] = None,
    sheets: SheetFolders = None,
    as_json: Annotated[bool, typer.Option("--json", help='Print {"findings": [...]}.')] = False,
) -> None:
    """Say everything that is wrong with a site document, with its place and the next step.

    A warning says where no grid tariff is known for the site's connection, and which board its devices could overload
    when none of them can be reached.
    """
    from kwartier.control.fail_safe import fail_safe_findings
    from kwartier.site.parse import read_site
    from kwartier.tariffs.sheets import amounts_finding

    value = read_value(site)
    understood, findings = read_site(value)
    if understood is not None:
        asked = (day or datetime.now().astimezone()).date()
        unknown = amounts_finding(understood, asked, tariff_sheets(sheets))
        findings += [unknown] if unknown is not None else []
        if not error_count(findings):
            findings += fail_safe_findings(understood)
    report_findings(site, findings, as_json=as_json)
    if isinstance(value, dict) and "site" in value and "site_id" not in value:
        note(f"{name_of(site)} looks like a plan request: kwartier plan judges it, with the site inside")
    if error_count(findings):
        raise typer.Exit(ExitCode.FINDINGS)


def error_count(findings: "Sequence[Finding]") -> int:
    """How many of the findings are errors."""
    return sum(finding.severity == "ERROR" for finding in findings)


def report_findings(source: Path, findings: "Sequence[Finding]", *, as_json: bool) -> None:
    """Print findings to standard output: as a list to read, or as `{"findings": [...]}`."""
    if as_json:
        show_json({"findings": [finding.to_json() for finding in findings]})
        return
    wrong = error_count(findings)
    counts = f"{counted(wrong, 'error')}, {counted(len(findings) - wrong, 'warning')}"
    show_line(f"{visible(name_of(source))}: {counts}")
    if findings:
        show("", finding_list(findings))
    if more := more_than_shown(len(findings)):
        note(more)
