"""What a kWh costs under the component `levy_energy`."""

import numpy as np

from kwartier.tariffs.components import MONEY_TERM_BY_GROUP, LevyEnergy
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import Charges, EnergyCharge


def marginal(component: LevyEnergy, asked: Asked) -> Charges:
    """Its price on every MWh."""
    price = np.where(asked.in_month, float(component.price.value), 0.0)
    return (EnergyCharge(component.id, "offtake", MONEY_TERM_BY_GROUP[component.group], price),)
