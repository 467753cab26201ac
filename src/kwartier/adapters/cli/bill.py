"""`kwartier bill`: what a site pays for a month or a year, line by line, from its meter file."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.bill_files import Billable, read_billable
from kwartier.adapters.cli.faults import ExitCode, WrongUsage
from kwartier.adapters.cli.json_files import distinct
from kwartier.adapters.cli.terminal import progress, show_json, show_line
from kwartier.adapters.cli.validate import report_findings

if TYPE_CHECKING:
    from kwartier.site.finding import Finding
    from kwartier.tariffs.billing import Bill

EXAMPLE = """\b
Example:
  kwartier bill site.json --meter meter.csv --month 2026-03
  kwartier bill site.json --meter meter.csv --year 2026 --json | jq .total_eur
  kwartier bill site.json --meter meter.csv --month 2026-03 --day-ahead prices.csv

\b
Exit code: 0 with a bill, also a provisional one or with warnings; 1 with
findings, such as a line of the meter file or a tariff that is not known;
2 for a wrong file or option."""


_LENGTHS = (4, 7)  # of "2026" and "2026-03"


class CustomerChoice(StrEnum):
    """Who pays: it decides about value added tax and the excise."""

    business = "business"
    household = "household"


class IndexChoice(StrEnum):
    """What a dynamic contract follows."""

    quarter_hourly = "quarter-hourly"
    hourly = "hourly"


SiteFile = Annotated[
    Path, typer.Argument(readable=False, metavar="SITE.json", help="The site document; - is standard input.")
]
MeterFile = Annotated[
    Path,
    typer.Option("--meter", readable=False, metavar="METER.csv", help="Quarter-hours; - is standard input."),
]
Prices = Annotated[
    Path | None,
    typer.Option(
        "--day-ahead", readable=False, metavar="PRICES", help="Day-ahead prices, CSV or JSON, EUR/MWh."
    ),
]
Facts = Annotated[
    Path | None,
    typer.Option(
        "--facts", readable=False, metavar="FACTS.json", help="Peaks and energy before the meter file."
    ),
]
Sheets = Annotated[
    list[Path] | None,
    typer.Option(
        "--sheets", readable=False, metavar="FOLDER", help="Tariff sheets of your own; may be repeated."
    ),
]
Month = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="The month to bill.")]
Year = Annotated[
    str | None, typer.Option("--year", metavar="YYYY", help="The year to bill: the sum of its months.")
]
Index = Annotated[IndexChoice, typer.Option("--index", help="What a dynamic contract follows.")]
Customer = Annotated[CustomerChoice, typer.Option("--customer", help="Decides about VAT and the excise.")]
WithoutGrid = Annotated[
    bool, typer.Option("--without-grid", help="Leave grid fees out: contract and levies only.")
]
AsJson = Annotated[bool, typer.Option("--json", help='Print {"lines": [...], "total_eur": ...}.')]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the lines as CSV.")]


def bill(
    site: SiteFile,
    meter: MeterFile,
    *,
    month: Month = None,
    year: Year = None,
    day_ahead: Prices = None,
    index: Index = IndexChoice.quarter_hourly,
    customer: Customer = CustomerChoice.business,
    facts: Facts = None,
    sheets: Sheets = None,
    without_grid: WithoutGrid = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Bill a site for a month or a year: contract, grid, levies and VAT, to the cent.

    The meter file is the generic CSV (start,offtake_kwh,injection_kwh), a quarter-hour export of Mijn Fluvius, or P1
    totals. Its earlier months serve as the history of peaks and as the year's offtake so far.
    """
    if (month is None) == (year is None):
        raise WrongUsage("name either --month YYYY-MM or --year YYYY")
    if as_json and as_csv:
        raise WrongUsage("name either --json or --csv")
    distinct(site, meter, day_ahead, facts)
    with progress("Billing"):
        billable, findings = read_billable(
            site,
            meter,
            day_ahead,
            facts,
            sheets or [],
            customer=customer.value,
            index_resolution="PT60M" if index is IndexChoice.hourly else "PT15M",
            is_grid_left_out=without_grid,
        )
        made, refused = (None, []) if billable is None else _make(billable, month or year or "")
    if made is None:
        report_findings(meter if billable is None else site, [*findings, *refused], as_json=as_json)
        raise typer.Exit(ExitCode.FINDINGS)
    _report(made, as_json=as_json, as_csv=as_csv)


def _make(billable: Billable, period: str) -> "tuple[Bill | None, list[Finding]]":
    """The bill with the warnings about its files, or the findings that keep it from being made."""
    from dataclasses import replace

    from kwartier.tariffs.billing import CannotBill
    from kwartier.tariffs.billing import bill as bill_of

    if len(period) not in _LENGTHS:
        raise WrongUsage(f"{period!r} is neither a month such as 2026-03 nor a year such as 2026")
    try:
        made = bill_of(
            billable.site,
            billable.meter,
            period,
            facts=billable.facts,
            day_ahead=billable.day_ahead,
            sheets=billable.sheets,
        )
    except CannotBill as refused:
        return None, refused.findings
    except ValueError as fault:
        raise WrongUsage(str(fault)) from None
    about_files = {warning: warning for warning in billable.warnings}
    return replace(made, warning_by_topic={**about_files, **made.warning_by_topic}), []


def _report(made: "Bill", *, as_json: bool, as_csv: bool) -> None:
    from kwartier.adapters.cli.bill_table import bill_csv, show_bill

    if as_json:
        show_json(made.to_json())
    elif as_csv:
        show_line(bill_csv(made).rstrip("\n"))
    else:
        show_bill(made)
