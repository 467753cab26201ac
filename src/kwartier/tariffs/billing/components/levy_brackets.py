"""Bills `levy_brackets`: a levy whose price falls with the calendar year's offtake, slice by slice."""

from decimal import Decimal

from kwartier.tariffs.billing.bill_line import BillLine
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.components import LevyBrackets

_KWH_PER_MWH = 1000


def lines(component: LevyBrackets, billed: BilledMonth) -> list[BillLine]:
    """One line: kWh of the month, and their mean price over the slices that they lie in."""
    before_kwh = billed.year_offtake_before_kwh(component.id)
    quantity_kwh = billed.offtake_kwh
    amount_eur = cost_eur(component, before_kwh + quantity_kwh) - cost_eur(component, before_kwh)
    reached = _reached_price_eur_per_mwh(component, before_kwh) / _KWH_PER_MWH
    unit_price_eur = amount_eur / quantity_kwh if quantity_kwh else reached
    slices = ", ".join(
        f"{bracket.price.value} EUR/MWh " + (f"to {bracket.up_to_mwh} MWh" if bracket.up_to_mwh else "above")
        for bracket in component.brackets
    )
    how = f"{slices} of the calendar year; {before_kwh:.3f} kWh before this month"
    source = billed.source(*(bracket.price for bracket in component.brackets), how=how)
    return [
        BillLine(
            component.id,
            component.group,
            quantity_kwh,
            "kWh",
            unit_price_eur,
            amount_eur,
            source,
            component.vat,
        )
    ]


def cost_eur(component: LevyBrackets, year_kwh: Decimal) -> Decimal:
    """What the first `year_kwh` of a calendar year cost, EUR: each slice at its own price.

    Also the function whose slope is the price of the next kWh.
    """
    total_eur, begins_kwh = Decimal(0), Decimal(0)
    for bracket in component.brackets:
        ends_kwh = year_kwh if bracket.up_to_mwh is None else bracket.up_to_mwh * _KWH_PER_MWH
        in_slice_kwh = max(Decimal(0), min(year_kwh, ends_kwh) - begins_kwh)
        total_eur += in_slice_kwh * bracket.price.value / _KWH_PER_MWH
        begins_kwh = ends_kwh
    return total_eur


def _reached_price_eur_per_mwh(component: LevyBrackets, year_kwh: Decimal) -> Decimal:
    return next(
        bracket.price.value
        for bracket in component.brackets
        if bracket.up_to_mwh is None or year_kwh < bracket.up_to_mwh * _KWH_PER_MWH
    )
