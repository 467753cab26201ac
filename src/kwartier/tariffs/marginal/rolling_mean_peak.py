"""What a kW costs under the component `rolling_mean_peak`."""

from kwartier.tariffs.components import RollingMeanPeak
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import Charges

W_PER_KW = 1000.0


def marginal(component: RollingMeanPeak, asked: Asked) -> Charges:
    """What it adds to all the bills whose mean the month enters, above the month's peak so far and the least.

    With twelve months that is twelve bills, each with a twelfth of the kW: about a twelfth of the yearly price in all.
    Where fewer than twelve months are known, the first bills weigh it more; a plan does not count that.
    """
    months = component.window_months
    bills = asked.coming_bills_eur_per_kw(component, lambda one: one.price, months)
    return asked.peak(
        component,
        asked.in_month,
        floor_w=max(asked.month_peak_w, float(component.floor_kw.value) * W_PER_KW),
        price_eur_per_kw=bills / months,
        words="this month's peak",
    )
