"""What a kW costs under the component `monthly_peak`."""

from kwartier.tariffs.components import MonthlyPeak
from kwartier.tariffs.marginal.asked import Asked, month_price_eur_per_kw
from kwartier.tariffs.marginal.charges import Charges


def marginal(component: MonthlyPeak, asked: Asked) -> Charges:
    """Its price of the month, above the month's peak so far.

    Where the k-th highest quarter-hour counts, a plan takes it for the highest: the safe side, because a plan does not
    know which quarter-hours of the rest of the month will be among the highest.
    """
    return asked.peak(
        component,
        asked.within(component.window, asked.in_month),
        floor_w=asked.month_peak_w,
        price_eur_per_kw=month_price_eur_per_kw(component.price, asked.month),
        words="this month's peak",
    )
