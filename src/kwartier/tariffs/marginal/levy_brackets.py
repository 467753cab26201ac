"""What a kWh costs under the component `levy_brackets`."""

import numpy as np

from kwartier.tariffs.components import MONEY_TERM_BY_GROUP, LevyBrackets
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import Charges, EnergyCharge

KWH_PER_MWH = 1000.0


def marginal(component: LevyBrackets, asked: Asked) -> Charges:
    """The price of the bracket that the year's offtake has reached; of a year that has not begun, the first one.

    A bracket that ends inside what is asked for is kept: the step between two brackets is small and slow.
    """
    is_this_year = asked.month.year == asked.running_month.year
    reached_mwh = asked.memory.year_offtake_kwh / KWH_PER_MWH if is_this_year else 0.0
    bracket = next(
        one for one in component.brackets if one.up_to_mwh is None or reached_mwh < float(one.up_to_mwh)
    )
    price = np.where(asked.in_month, float(bracket.price.value), 0.0)
    return (EnergyCharge(component.id, "offtake", MONEY_TERM_BY_GROUP[component.group], price),)
