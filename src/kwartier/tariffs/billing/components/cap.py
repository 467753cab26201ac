"""Bills `cap`: the reduction by which some terms together come down to the maximum tariff."""

from collections.abc import Sequence
from decimal import Decimal

from kwartier.tariffs.billing.bill_document import sum_eur
from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth, per_month
from kwartier.tariffs.components import AnyComponent, Cap, RollingMeanPeak


def lines(
    component: Cap, billed: BilledMonth, components: Sequence[AnyComponent], others: Sequence[BillLine]
) -> list[BillLine]:
    """One line: 1 × minus the reduction where the cap binds in this month, 0 where it does not.

    The covered terms come down to cap × offtake, and not below what `least_of` costs at its floor.
    """
    covered_eur = sum_eur(line.exact_eur for line in others if _is_covered(component, line))
    at_cap_eur = component.price.value * billed.offtake_kwh
    least_eur = _least_eur(component, billed, components)
    reduction_eur = max(Decimal(0), covered_eur - max(at_cap_eur, least_eur))
    how = (
        f"covered terms {covered_eur:.2f} EUR, at {component.price.value} EUR/kWh at most {at_cap_eur:.2f} EUR, "
        f"at least {least_eur:.2f} EUR"
    )
    source = billed.source(component.price, how=how)
    quantity = Decimal(1 if reduction_eur else 0)
    return [
        priced(component.id, component.group, quantity, "reduction", -reduction_eur, source, component.vat)
    ]


def _is_covered(component: Cap, line: BillLine) -> bool:
    """Whether a line is of a covered component; of an access power its overrun is not."""
    name, _, part = line.component.partition(".")
    return name in component.covers and part != "overrun"


def _least_eur(component: Cap, billed: BilledMonth, components: Sequence[AnyComponent]) -> Decimal:
    least_of = next((one for one in components if one.id == component.least_of), None)
    if not isinstance(least_of, RollingMeanPeak):
        return Decimal(0)
    return least_of.floor_kw.value * per_month(least_of.price, billed.month)[0]
