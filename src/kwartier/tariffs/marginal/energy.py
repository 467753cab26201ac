"""What a kWh costs under the component `energy`."""

import numpy as np

from kwartier.tariffs.calendars import calendar_named
from kwartier.tariffs.components import MONEY_TERM_BY_GROUP, Energy
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import Charges, EnergyCharge, FloatArray

KWH_PER_MWH = 1000.0


def marginal(component: Energy, asked: Asked) -> Charges:
    """Its price of the period in which each quarter-hour lies."""
    term = MONEY_TERM_BY_GROUP[component.group]
    price = _price_eur_per_kwh(component, asked) * KWH_PER_MWH
    return (EnergyCharge(component.id, component.direction, term, price),)


def _price_eur_per_kwh(component: Energy, asked: Asked) -> FloatArray:
    price = np.zeros(len(asked.start_s))
    if component.price is not None:
        price[asked.in_month] = float(component.price.value)
    elif component.calendar is not None and component.prices is not None:
        calendar = calendar_named(component.calendar)
        # A period without a price raises KeyError at the quarter-hour that needs it, rather than costing nothing.
        index = calendar.period_index(asked.start_s[asked.in_month], asked.timezone)
        price_by_period = {name: float(figure.value) for name, figure in component.prices.items()}
        names = [calendar.periods[number] for number in index.tolist()]
        price[asked.in_month] = [price_by_period[name] for name in names]
    return price
