"""Bills `levy_energy`: a levy per MWh of offtake."""

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.components import LevyEnergy

_KWH_PER_MWH = 1000


def lines(component: LevyEnergy, billed: BilledMonth) -> list[BillLine]:
    """One line: kWh × price / 1000."""
    unit_price_eur = component.price.value / _KWH_PER_MWH
    source = billed.source(component.price, how=f"{component.price.value} EUR/MWh")
    return [
        priced(
            component.id, component.group, billed.offtake_kwh, "kWh", unit_price_eur, source, component.vat
        )
    ]
