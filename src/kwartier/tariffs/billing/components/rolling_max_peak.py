"""Bills `rolling_max_peak`: the highest of the last months' peaks, times a factor that falls with it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth, per_month
from kwartier.tariffs.billing.peak_history import PeakRule
from kwartier.tariffs.components import DegressionPoint, Figure, RollingMaxPeak


def lines(component: RollingMaxPeak, billed: BilledMonth) -> list[BillLine]:
    """One line: highest known peak (kW) × factor × price of the month."""
    rule = PeakRule(component.id, component.counted_rank, component.window)
    months = billed.month.last(component.window_months)
    billed.history.report_gaps(months, rule, billed.warn)
    peaks_kw = billed.history.known_peaks_kw(months, rule)
    highest_kw = max(peaks_kw.values(), default=Decimal(0))
    unit_price_eur, how = per_month(component.price, billed.month)
    how = f"highest of {len(peaks_kw)} month peaks; {how}"
    figures: list[Figure[Any]] = [component.price]
    if component.degression is not None:
        factor = degression_factor(component.degression, highest_kw)
        unit_price_eur *= factor
        how += f" x degression {factor:.6f}"
        figures += [point.factor for point in component.degression]
    source = billed.source(*figures, how=how)
    return [priced(component.id, component.group, highest_kw, "kW", unit_price_eur, source, component.vat)]


def degression_factor(points: Sequence[DegressionPoint], peak_kw: Decimal) -> Decimal:
    """The factor at a peak: linear between the points, constant beyond them."""
    if peak_kw <= points[0].peak_kw:
        return points[0].factor.value
    for low, high in pairwise(points):
        if peak_kw <= high.peak_kw:
            share = (peak_kw - low.peak_kw) / (high.peak_kw - low.peak_kw)
            return low.factor.value + share * (high.factor.value - low.factor.value)
    return points[-1].factor.value
