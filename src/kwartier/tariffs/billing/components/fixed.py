"""Bills `fixed`: an amount per year by days, or per calendar month."""

from decimal import Decimal

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth, per_month
from kwartier.tariffs.components import Fixed


def lines(component: Fixed, billed: BilledMonth) -> list[BillLine]:
    """One line of one month; of 0 months where only a separate injection point pays it: a site has one access point."""
    unit_price_eur, how = per_month(component.price, billed.month)
    quantity = Decimal(1 if component.only_with is None else 0)
    source = billed.source(component.price, how=how)
    return [priced(component.id, component.group, quantity, "month", unit_price_eur, source, component.vat)]
