"""Bills `access_power`: the declared power, and what the peaks of the last months exceed it by."""

from datetime import date, timedelta
from decimal import Decimal

from kwartier.site.dso import Fluvius
from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth, per_month
from kwartier.tariffs.billing.peak_history import PeakRule
from kwartier.tariffs.components import AccessPower


def lines(component: AccessPower, billed: BilledMonth) -> list[BillLine]:
    """Two lines: `id`, the declared kW (their mean over the days of the month), and `id.overrun`.

    The overrun is measured against the power in force on the month's last day. Without a declared power both have
    quantity 0, and a warning says so: that every kW would then be overrun stands in no source.
    """
    declared_kw = [power_in_force_kw(billed, day) for day in _days(billed)]
    known_kw = [power_kw for power_kw in declared_kw if power_kw is not None]
    mean_kw = sum(known_kw, Decimal(0)) / len(declared_kw) if known_kw else Decimal(0)
    overrun_kw = Decimal(0)
    if len(known_kw) < len(declared_kw):
        billed.warn(
            f"{component.id}: no access power is declared for {len(declared_kw) - len(known_kw)} days of "
            f"{billed.month}, so that this bill lacks it and any overrun; give toegangsvermogen in the dso of the site",
            f"{component.id}: none declared",
        )
    if declared_kw[-1] is not None:
        overrun_kw = _overrun_kw(component, billed, declared_kw[-1])
    price_eur, how = per_month(component.price, billed.month)
    overrun_price_eur, overrun_how = per_month(component.overrun_price, billed.month)
    memory = component.overrun_memory_months
    overrun_how = f"highest of {component.memory_months} month peaks above the access power; {overrun_how}"
    return [
        priced(
            component.id,
            component.group,
            mean_kw,
            "kW",
            price_eur,
            billed.source(component.price, how=how),
            component.vat,
        ),
        priced(
            f"{component.id}.overrun",
            component.group,
            overrun_kw,
            "kW",
            overrun_price_eur,
            billed.source(component.overrun_price, memory, how=overrun_how),
            component.vat,
        ),
    ]


def power_in_force_kw(billed: BilledMonth, day: date) -> Decimal | None:
    """The access power in force on a day, kW: of the facts, else of the site document; None or 0 there: none."""
    begun = [one for one in billed.facts.access_power if one.from_day <= day]
    if billed.facts.access_power:
        return max(begun, key=lambda one: one.from_day).power_kw if begun else None
    power_kw = billed.dso.toegangsvermogen if isinstance(billed.dso, Fluvius) else None
    return Decimal(str(power_kw)) if power_kw else None


def _overrun_kw(component: AccessPower, billed: BilledMonth, declared_kw: Decimal) -> Decimal:
    rule = PeakRule(component.id)
    months = billed.month.last(component.memory_months)
    billed.history.report_gaps(months, rule, billed.warn)
    highest_kw = max(billed.history.known_peaks_kw(months, rule).values(), default=Decimal(0))
    return max(Decimal(0), highest_kw - declared_kw)


def _days(billed: BilledMonth) -> list[date]:
    count = (billed.last_day - billed.first_day).days + 1
    return [billed.first_day + timedelta(days=number) for number in range(count)]
