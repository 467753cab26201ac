"""What a kW costs under the component `access_power`."""

from kwartier.tariffs.components import AccessPower
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import Charges

W_PER_KW = 1000.0
ONLY_THE_MONTH = 1


def marginal(component: AccessPower, asked: Asked) -> Charges:
    """What the overrun adds to the bills that remember it, above the access power and what exceeded it already.

    What was declared is paid whatever is taken. Where nothing was declared there is no overrun to price. An overrun
    that is remembered for longer than its month does not end with it: one charge holds to the end of what is asked.
    """
    declared_kw = asked.memory.access_power_kw
    if not declared_kw:
        return ()
    months = component.memory_months
    forgets = months == ONLY_THE_MONTH
    paid_w = asked.month_peak_w if forgets else max(asked.month_peak_w, asked.memory.highest_peak_w or 0.0)
    return asked.peak(
        component,
        asked.in_month if forgets else asked.from_month,
        name=f"{component.id}-overrun",
        floor_w=max(declared_kw * W_PER_KW, paid_w),
        price_eur_per_kw=asked.coming_bills_eur_per_kw(component, lambda one: one.overrun_price, months),
        words=f"what exceeds the access power of {declared_kw:.4g} kW",
    )
