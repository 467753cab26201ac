"""Bills `monthly_peak`: the month's highest quarter-hour average, or its k-th highest, in the hours that count."""

from decimal import Decimal

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth, per_month
from kwartier.tariffs.billing.peak_history import PeakRule
from kwartier.tariffs.components import MonthlyPeak


def lines(component: MonthlyPeak, billed: BilledMonth) -> list[BillLine]:
    """One line: peak (kW) × price of the month."""
    rank = max(1, int(component.rank.value)) if component.rank is not None else 1
    peak = billed.history.measured(billed.month, PeakRule(component.id, rank, component.window))
    if 0 < peak.known_count < rank:
        billed.warn(
            f"{component.id}: fewer than {rank} quarter-hours are known, so that the highest one counts"
        )
    unit_price_eur, how = per_month(component.price, billed.month)
    ranked = f"highest quarter-hour number {rank}; {how}" if rank > 1 else how
    source = billed.source(component.price, how=ranked)
    peak_kw = peak.peak_kw if peak.peak_kw is not None else Decimal(0)
    return [priced(component.id, component.group, peak_kw, "kW", unit_price_eur, source, component.vat)]
