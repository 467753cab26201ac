"""How each kind of component is billed: one file per kind, named as in `tariffs.components`."""

from collections.abc import Callable, Sequence
from typing import Any

from kwartier.tariffs.billing.bill_line import BillLine
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.billing.components import (
    access_power,
    cap,
    connection_power,
    energy,
    fixed,
    levy_brackets,
    levy_energy,
    levy_monthly,
    monthly_peak,
    reactive,
    rolling_max_peak,
    rolling_mean_peak,
)
from kwartier.tariffs.components import AnyComponent, AnyLevy, Cap

__all__ = ["LINES_BY_KIND", "grid_lines", "levy_lines"]

LINES_BY_KIND: dict[str, Callable[[Any, BilledMonth], list[BillLine]]] = {
    "access_power": access_power.lines,
    "connection_power": connection_power.lines,
    "energy": energy.lines,
    "fixed": fixed.lines,
    "levy_brackets": levy_brackets.lines,
    "levy_energy": levy_energy.lines,
    "levy_monthly": levy_monthly.lines,
    "monthly_peak": monthly_peak.lines,
    "reactive": reactive.lines,
    "rolling_max_peak": rolling_max_peak.lines,
    "rolling_mean_peak": rolling_mean_peak.lines,
}
"""Every kind but `cap`, which needs the lines of the others."""


def grid_lines(components: Sequence[AnyComponent], billed: BilledMonth) -> list[BillLine]:
    """The lines of all components of a sheet, in its order; caps see the lines of the others."""
    plain = {one.id: LINES_BY_KIND[one.kind](one, billed) for one in components if not isinstance(one, Cap)}
    others = [line for found in plain.values() for line in found]
    lines: list[BillLine] = []
    for one in components:
        lines += cap.lines(one, billed, components, others) if isinstance(one, Cap) else plain[one.id]
    return lines


def levy_lines(component: AnyLevy, billed: BilledMonth) -> list[BillLine]:
    """The lines of one levy."""
    return LINES_BY_KIND[component.kind](component, billed)
