"""A bill as a person reads it: lines under their groups, subtotals, sources, warnings; and as CSV."""

import csv
from decimal import Decimal
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from kwartier.adapters.cli.tables import number_table
from kwartier.adapters.cli.terminal import show, show_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kwartier.tariffs.billing import Bill, BillLine

_GROUPS = {
    "energy": "Energy (contract)",
    "grid": "Grid",
    "transmission": "Transmission",
    "public_service": "Public service",
    "surcharges": "Surcharges",
    "data_management": "Metering and data",
    "injection": "Injection into the grid",
    "levies": "Levies",
}
_COLUMNS = ("component", "group", "quantity", "unit", "unit_price_eur", "amount_eur", "source")


def show_bill(bill: "Bill") -> None:
    """Print a bill: its lines with a subtotal per group, the totals, the sources, the warnings."""
    state = ", provisional" if bill.provisional else ""
    show_line(f"Bill of {bill.period}{state}, EUR")
    show("", _line_table(bill))
    if bill.warnings:
        show("", "Warnings", _texts((visible(warning),) for warning in bill.warnings))
    documents = _documents(bill)
    show("", "How the prices are made, and from which documents", _prices(bill, documents), "")
    show(_texts((f"[{number}]", visible(document)) for document, number in documents.items()))


def _line_table(bill: "Bill") -> Table:
    table = number_table("", "quantity", "unit", "price", "EUR")
    table.columns[2].justify = "left"
    ordered = sorted(bill.lines, key=lambda line: list(_GROUPS).index(line.group))
    for group, held in groupby(ordered, key=lambda line: line.group):
        lines = list(held)
        for line in lines:
            cells = (
                _number(line.quantity, 3),
                line.unit,
                _number(line.unit_price_eur, 6),
                f"{line.amount_eur:,.2f}",
            )
            table.add_row(visible(line.component), *cells)
        subtotal_eur = sum((line.amount_eur for line in lines), Decimal(0))
        table.add_row(_GROUPS[group], "", "", "", f"{subtotal_eur:,.2f}", style="bold")
        table.add_row("", "", "", "", "")
    table.add_section()
    table.add_row("Total without VAT", "", "", "", f"{bill.total_excl_vat_eur:,.2f}")
    table.add_row("VAT", "", "", "", f"{bill.vat_eur:,.2f}")
    table.add_row("Total", "", "", "", f"{bill.total_eur:,.2f}", style="bold")
    return table


def _number(value: Decimal, decimals: int) -> str:
    """At most so many decimals, and none that say nothing."""
    text = f"{value + 0:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _documents(bill: "Bill") -> dict[str, int]:
    """The documents that figures come from, numbered in the order in which the lines name them."""
    found = dict.fromkeys(document for line in bill.lines for document in line.source.documents)
    return {document: number for number, document in enumerate(found, start=1)}


def _prices(bill: "Bill", documents: dict[str, int]) -> Table:
    """How each line's price was made, with the numbers of its documents."""
    rows = []
    for line in bill.lines:
        numbers = ", ".join(str(documents[document]) for document in line.source.documents)
        rows.append((visible(line.component), visible(line.source.how), f"[{numbers}]" if numbers else ""))
    return _texts(rows)


def _texts(rows: "Iterable[tuple[str, ...]]") -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for cells in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    return table


def bill_csv(bill: "Bill") -> str:
    """The lines as CSV with a header, then the three totals as rows without a quantity."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_csv_row(line) for line in bill.lines)
    for name, amount_eur in (
        ("total_excl_vat", bill.total_excl_vat_eur),
        ("vat", bill.vat_eur),
        ("total", bill.total_eur),
    ):
        writer.writerow([name, "total", "", "", "", amount_eur, ""])
    return text.getvalue()


def _csv_row(line: "BillLine") -> list[object]:
    document = line.to_json()
    return [*(document[name] for name in _COLUMNS[:5]), line.amount_eur, str(line.source)]
