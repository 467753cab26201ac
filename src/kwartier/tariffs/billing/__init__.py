"""The bill of a connection: `bill(site, meter, month)`; how each line is made stands in docs/bill.md."""

from dataclasses import replace
from decimal import Context, localcontext

from kwartier.site.document import Site
from kwartier.site.timezone import site_timezone
from kwartier.tariffs.billing.bill_document import Bill
from kwartier.tariffs.billing.bill_input import BillInput
from kwartier.tariffs.billing.bill_line import BillLine
from kwartier.tariffs.billing.day_ahead import DayAheadPrices
from kwartier.tariffs.billing.facts import BillFacts, Customer, DeclaredPower, IndexResolution
from kwartier.tariffs.billing.monthly import month_bill
from kwartier.tariffs.billing.peak_history import PeakHistory
from kwartier.tariffs.billing.refusal import CannotBill
from kwartier.tariffs.billing.yearly import year_of
from kwartier.tariffs.meter import LocalMonth, MeterSeries
from kwartier.tariffs.sheets import TariffSheets

__all__ = [
    "Bill",
    "BillFacts",
    "BillLine",
    "CannotBill",
    "Customer",
    "DayAheadPrices",
    "DeclaredPower",
    "IndexResolution",
    "bill",
]

# The largest amount (10^9 EUR) with 20 decimals, and room for sums.
_EXACT = Context(prec=40)
_YEAR_LENGTH = 4


def bill(
    site: Site,
    meter: MeterSeries,
    month: LocalMonth | str,
    *,
    facts: BillFacts | None = None,
    day_ahead: DayAheadPrices | None = None,
    sheets: TariffSheets | None = None,
    timezone: str | None = None,
) -> Bill:
    """The bill for a month ("2026-03") or a year ("2026": the sum of its monthly bills), to the cent.

    Earlier months in `meter` serve as the peak history and as the year's offtake so far; `facts` has what the meter
    does not hold. The month is that of the site's clocks, or of `timezone`. A dynamic contract needs `day_ahead`.
    `sheets` are kwartier's own and the user's; without them kwartier's own. A year ends with the last month of which
    anything is measured, and says so where that is not December.

    Raises CannotBill, with findings, where a bill would leave something out: no sheet holds for the month, a price is
    missing, nothing was measured; ValueError where `month` is neither a month nor a year.
    """
    zone = site_timezone(site, timezone)
    known = facts if facts is not None else BillFacts()
    history = PeakHistory(meter, zone, known)
    given = BillInput(site, meter, zone, known, day_ahead, sheets or TariffSheets(), history)
    with localcontext(_EXACT):
        if isinstance(month, LocalMonth):
            return month_bill(given, month)
        if len(month) == _YEAR_LENGTH and month.isdecimal():
            return _year_bill(given, int(month))
        return month_bill(given, LocalMonth.parse(month))


def _year_bill(given: BillInput, year: int) -> Bill:
    months = [LocalMonth(year, number) for number in range(1, 13)]
    begins, ends = given.meter.first_quarter_index, given.meter.end_quarter_index
    measured = [
        month
        for month in months
        if month.quarter_indices(given.timezone).start < ends
        and month.quarter_indices(given.timezone).stop > begins
    ]
    whole = year_of(year, [month_bill(given, month) for month in measured or months[:1]])
    left = [str(month) for month in months if month not in measured]
    if not left:
        return whole
    warning = f"the meter file holds nothing of {', '.join(left)}: they are not in this bill of {year}"
    return replace(whole, provisional=True, warning_by_topic={"months": warning, **whole.warning_by_topic})
