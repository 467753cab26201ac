"""What a kWh costs where the component `cap`, the maximum tariff, binds."""

import numpy as np

from kwartier.tariffs.components import MONEY_TERM_BY_GROUP, Cap
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import Charges, EnergyCharge

KWH_PER_MWH = 1000.0


def marginal(component: Cap, asked: Asked) -> Charges:
    """Its own price per kWh while it binds: the components that it covers then cost nothing at the margin.

    Leaving those out is the affair of whoever adds the charges up. Nothing where it does not bind.
    """
    if not asked.memory.maximum_tariff_binds:
        return ()
    price = np.where(asked.in_month, float(component.price.value) * KWH_PER_MWH, 0.0)
    return (EnergyCharge(component.id, "offtake", MONEY_TERM_BY_GROUP[component.group], price),)
