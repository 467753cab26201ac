"""The bill of a year: the exact sum of its monthly bills, component by component."""

from collections.abc import Sequence
from decimal import Decimal

from kwartier.tariffs.billing.bill_document import Bill, sum_eur
from kwartier.tariffs.billing.bill_line import BillLine, PriceSource

# Of these a year's quantity is a sum like any other; of the rest it would be kilowatts that nobody had.
_SUMMED_UNITS = ("kWh", "kVArh", "month", "reduction")


def year_of(year: int, months: Sequence[Bill]) -> Bill:
    """The sum of monthly bills: amounts to the cent, VAT as billed month by month.

    A year's line has the sum of the months' quantities, for kW in kW x months, and the mean price that makes. Warnings
    of one topic stand once, with the month that they came with first.
    """
    names = dict.fromkeys((line.component, line.group) for bill in months for line in bill.lines)
    lines = tuple(
        _year_line([line for bill in months for line in bill.lines if _key(line) == name]) for name in names
    )
    warnings: dict[str, str] = {}
    for bill in months:
        for topic, warning in bill.warning_by_topic.items():
            warnings.setdefault(topic, f"{bill.period}: {warning}")
    vat_eur = sum_eur(bill.vat_eur for bill in months)
    provisional = any(bill.provisional for bill in months)
    return Bill(f"{year:04d}", lines, vat_eur, provisional, warnings, tuple(months))


def _key(line: BillLine) -> tuple[str, str]:
    return line.component, line.group


def _year_line(lines: Sequence[BillLine]) -> BillLine:
    """The amounts as printed are summed: a year is what its twelve invoices come to."""
    quantity = sum((line.quantity for line in lines), Decimal(0))
    amount_eur = sum_eur(line.amount_eur for line in lines)
    last = lines[-1]
    unit = last.unit if last.unit in _SUMMED_UNITS else f"{last.unit} x month"
    unit_price_eur = amount_eur / quantity if quantity else last.unit_price_eur
    source = PriceSource(
        f"sum of {len(lines)} monthly bills; last month: {last.source.how}", last.source.documents
    )
    return BillLine(last.component, last.group, quantity, unit, unit_price_eur, amount_eur, source, last.vat)
