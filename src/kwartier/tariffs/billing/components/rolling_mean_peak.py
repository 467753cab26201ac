"""Bills `rolling_mean_peak`: the mean of the last months' peaks, each at least the floor."""

from decimal import Decimal

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth, per_month
from kwartier.tariffs.billing.peak_history import PeakRule
from kwartier.tariffs.components import RollingMeanPeak


def lines(component: RollingMeanPeak, billed: BilledMonth) -> list[BillLine]:
    """One line: mean over the known months of max(peak, floor) in kW × price of the month."""
    rule = PeakRule(component.id)
    months = billed.month.last(component.window_months)
    billed.history.report_gaps(months, rule, billed.warn)
    floor_kw = component.floor_kw.value
    counted_kw = [max(peak_kw, floor_kw) for peak_kw in billed.history.known_peaks_kw(months, rule).values()]
    mean_kw = sum(counted_kw, Decimal(0)) / len(counted_kw) if counted_kw else floor_kw
    unit_price_eur, how = per_month(component.price, billed.month)
    how = f"mean of {len(counted_kw)} month peaks of at least {floor_kw} kW; {how}"
    source = billed.source(component.price, component.floor_kw, how=how)
    return [priced(component.id, component.group, mean_kw, "kW", unit_price_eur, source, component.vat)]
