"""Bills `levy_monthly`: a levy per connection and calendar month."""

from decimal import Decimal

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.components import LevyMonthly


def lines(component: LevyMonthly, billed: BilledMonth) -> list[BillLine]:
    """One line: one month, or the part of it for which the amount holds."""
    days = (billed.last_day - billed.first_day).days + 1
    source = billed.source(component.price)
    quantity = Decimal(days) / billed.month.days
    return [
        priced(component.id, component.group, quantity, "month", component.price.value, source, component.vat)
    ]
