"""`kwartier check`: a plan judged against its request by code that the planner does not share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import ExitCode
from kwartier.adapters.cli.json_files import distinct, name_of, read_document
from kwartier.adapters.cli.tables import counted, money_table, more_than_shown, violation_list
from kwartier.adapters.cli.terminal import note, progress, show, show_json, show_line, visible

if TYPE_CHECKING:
    from kwartier.planning.check import CheckResult

EXAMPLE = """\b
Example:
  kwartier check request.json plan.json
  kwartier check request.json plan.json --json | jq '.violations[].rule'

\b
Exit code: 0 without violations, 1 with violations,
2 where a file is missing or not JSON."""


def check(
    request: Annotated[
        Path,
        typer.Argument(readable=False, metavar="REQUEST.json", help="The plan request; - is standard input."),
    ],
    plan: Annotated[
        Path, typer.Argument(readable=False, metavar="PLAN.json", help="The plan; - is standard input.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help='Print {"violations": [...], "money": {...}}.')
    ] = False,
) -> None:
    """Check a plan against its request: every limit, balance and cost, computed anew.

    The check shares no code with the planner, so that it cannot make the same mistake. It judges plans from
    anywhere, also those that were written by hand or by another program.
    """
    distinct(request, plan)
    with progress("Checking"):
        result = _judge(request, plan)
    if as_json:
        show_json(result.to_json())
    else:
        _show(plan, result)
    if not result.ok:
        raise typer.Exit(ExitCode.FINDINGS)


def _judge(request_file: Path, plan_file: Path) -> "CheckResult":
    """The check's result; a document that has not the right shape gives violations that say so."""
    from kwartier.planning.check import CheckResult, Violation, check_plan
    from kwartier.planning.plan import Plan
    from kwartier.planning.request import PlanRequest

    request, request_findings = read_document(PlanRequest, request_file)
    plan, plan_findings = read_document(Plan, plan_file)
    if request is not None and plan is not None:
        return check_plan(request, plan)
    misshapen = [
        Violation(one.rule, document + one.path.removeprefix("$"), one.message, one.observed, one.allowed)
        for document, findings in (("request", request_findings), ("plan", plan_findings))
        for one in findings
    ]
    return CheckResult(misshapen, None, None)


def _show(source: Path, result: "CheckResult") -> None:
    show_line(f"{visible(name_of(source))}: {counted(len(result.violations), 'violation')}")
    show("")
    if result.violations:
        show(violation_list(result.violations))
    if more := more_than_shown(len(result.violations)):
        note(more)
    if result.money is not None and result.uncontrolled_money is not None:
        show("Costs as computed anew:", money_table(result.money, result.uncontrolled_money))
