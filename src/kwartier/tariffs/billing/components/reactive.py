"""Bills `reactive`: reactive energy above the free share, as the meter file gives it."""

from decimal import Decimal

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.components import Reactive

_VARH_PER_KVARH = 1000


def lines(component: Reactive, billed: BilledMonth) -> list[BillLine]:
    """One line: excess kVArh × price; of 0 kVArh, with a warning, where the meter file has no such column."""
    excess_varh = billed.own.excess_reactive_varh
    if excess_varh is None:
        billed.warn(
            f"{component.id}: the meter file has no excess_reactive_kvarh, so that this bill lacks reactive energy"
        )
    quantity_kvarh = Decimal(0 if excess_varh is None else int(excess_varh.sum())) / _VARH_PER_KVARH
    price = component.price
    source = billed.source(price)
    return [
        priced(component.id, component.group, quantity_kvarh, "kVArh", price.value, source, component.vat)
    ]
