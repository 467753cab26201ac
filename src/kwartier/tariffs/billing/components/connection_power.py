"""Bills `connection_power`: a yearly price by the class of the connection."""

from decimal import Decimal

from kwartier.site.dso import Sibelga
from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth, per_month
from kwartier.tariffs.components import ConnectionPower


def lines(component: ConnectionPower, billed: BilledMonth) -> list[BillLine]:
    """One line: the month × the price of the step that the connection is in; 0 months where its power is not known."""
    power_kva = billed.facts.connection_power_kva
    if power_kva is None and isinstance(billed.dso, Sibelga) and billed.dso.connection_power is not None:
        power_kva = Decimal(str(billed.dso.connection_power))
    step = component.steps[0] if power_kva is None else component.step_of(power_kva)
    if power_kva is None:
        billed.warn(
            f"{component.id}: the power of the connection is not known, so that this bill lacks the term; give "
            "connection_power (kVA) in the dso of the site"
        )
    unit_price_eur, how = per_month(step.price, billed.month)
    above = component.steps[-2].up_to_kva if len(component.steps) > 1 else None
    size = f"up to {step.up_to_kva} kVA" if step.up_to_kva is not None else f"above {above} kVA"
    source = billed.source(step.price, how=f"connections {size}; {how}")
    quantity = Decimal(0 if power_kva is None else 1)
    return [priced(component.id, component.group, quantity, "month", unit_price_eur, source, component.vat)]
