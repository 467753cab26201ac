"""What a kW costs under the component `rolling_max_peak`."""

from itertools import pairwise

from kwartier.tariffs.components import DegressionPoint, RollingMaxPeak
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import Charges

W_PER_KW = 1000.0


def marginal(component: RollingMaxPeak, asked: Asked) -> Charges:
    """What it adds to the bills in whose months it stays the highest, above the highest peak so far.

    A new highest peak is on the bills of `window_months` months. It does not end with the month: one charge holds from
    this month to the end of the quarter-hours that are asked for. As with a month's peak, the k-th highest counts as
    the highest.
    """
    floor_w = max(asked.month_peak_w, asked.memory.highest_peak_w or 0.0)
    bills = asked.coming_bills_eur_per_kw(component, lambda one: one.price, component.window_months)
    return asked.peak(
        component,
        asked.within(component.window, asked.from_month),
        floor_w=floor_w,
        price_eur_per_kw=bills * _marginal_factor(component.degression or [], floor_w / W_PER_KW),
        words=f"the highest peak of {component.window_months} months",
    )


def _marginal_factor(points: list[DegressionPoint], peak_kw: float) -> float:
    """How much peak × factor grows per kW just above a peak; 1 without a table.

    >>> _marginal_factor([], 100.0)
    1.0
    """
    if not points:
        return 1.0
    known = [(float(point.peak_kw), float(point.factor.value)) for point in points]
    if peak_kw < known[0][0]:
        return known[0][1]
    for (from_kw, from_factor), (to_kw, to_factor) in pairwise(known):
        if peak_kw < to_kw:
            slope = (to_factor - from_factor) / (to_kw - from_kw)
            return from_factor + slope * (peak_kw - from_kw) + slope * peak_kw
    return known[-1][1]
