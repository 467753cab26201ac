"""`kwartier plan`: a plan request in; a plan out, as JSON, as a page, or as a summary to read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import ExitCode, WrongUsage
from kwartier.adapters.cli.json_files import STANDARD_INPUT, distinct, read_document, write_text
from kwartier.adapters.cli.terminal import note, progress, show_json_text
from kwartier.adapters.cli.validate import report_findings

if TYPE_CHECKING:
    from kwartier.planning.plan import Plan
    from kwartier.planning.request import PlanRequest
    from kwartier.site.finding import Finding

EXAMPLE = """\b
Example:
  kwartier plan request.json
  kwartier plan request.json -o plan.json --plot plan.html
  kwartier plan - --json < request.json | jq .money.total

\b
Exit code: 0 with a plan, also where it is short of energy or warns;
1 with findings about the request; 2 for a wrong file or option."""


def plan(
    request: Annotated[
        Path,
        typer.Argument(readable=False, metavar="REQUEST.json", help="The plan request; - is standard input."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", readable=False, metavar="PLAN.json", help="Write the plan to this file."
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot", readable=False, metavar="PLAN.html", help="Write the plan as a page for a browser."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Plan a site: what each pole and battery does per quarter-hour, and what that costs.

    Without -o and --json a summary is printed.
    """
    if STANDARD_INPUT in (output, plot):
        raise WrongUsage("- is no output file; --json prints the plan to standard output")
    distinct(request, output, plot)
    understood, made = _plan(request, as_json=as_json)
    if output is not None:
        write_text(output, made.model_dump_json() + "\n")
    if plot is not None:
        with progress("Drawing"):
            write_page(plot, understood, made)
    _report(understood, made, output, plot, as_json=as_json)


def _plan(source: Path, *, as_json: bool) -> "tuple[PlanRequest, Plan]":
    """The request and its plan; prints the findings and ends the command where the request has any."""
    with progress("Planning"):
        from kwartier.planning.planner import plan as plan_of
        from kwartier.planning.problem import InvalidRequest
        from kwartier.planning.request import PlanRequest

        request, findings = read_document(PlanRequest, source)
        if request is not None:
            try:
                return request, plan_of(request)
            except InvalidRequest as refused:
                findings = refused.findings
    raise _refused(source, findings, as_json=as_json)


def _refused(source: Path, findings: "list[Finding]", *, as_json: bool) -> typer.Exit:
    report_findings(source, findings, as_json=as_json)
    return typer.Exit(ExitCode.FINDINGS)


def write_page(path: Path, request: "PlanRequest", plan: "Plan") -> None:
    """Write a plan as an HTML page, in the site's local time; raises UnwritableFile."""
    from kwartier.adapters.plan_page import render_plan_page
    from kwartier.site.timezone import site_timezone

    zone = site_timezone(request.site, request.timezone)
    documents = request.model_dump(mode="json"), plan.model_dump(mode="json")
    write_text(path, render_plan_page(*documents, timezone=zone.key))


def _report(
    request: "PlanRequest", plan: "Plan", output: Path | None, plot: Path | None, *, as_json: bool
) -> None:
    """The plan as JSON, or its summary, or where it was written and with which result."""
    from kwartier.adapters.cli.plan_summary import one_line, show_plan

    if as_json:
        show_json_text(plan.model_dump_json())
    elif output is None:
        show_plan(request, plan)
    if output is not None:
        for warning in plan.warnings:
            note(f"Warning: {warning}")
        note(f"{output}: {one_line(plan)}")
    if plot is not None:
        note(f"{plot}: open it in a browser")
