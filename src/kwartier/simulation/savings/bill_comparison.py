"""Bills of several policies side by side, line by line."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kwartier.simulation.result import MonthBill, PolicyRun
from kwartier.units.wire import WireModel

LineKey = tuple[str, str, str]


class ComparedLine(WireModel):
    """A component of the bill over all connections and months, one entry per policy, EUR without VAT.

    An amount is null where a policy's bill has no such line.
    """

    root: str
    component: str
    group: str
    unit: str
    quantity: list[float | None]
    amount_eur: list[float | None]


class ComparedBill(WireModel):
    """The lines, and below them their sums, the VAT and what is to be paid, EUR, one entry per policy."""

    policies: list[str]
    lines: list[ComparedLine]
    total_excl_vat_eur: list[float]
    vat_eur: list[float]
    total_eur: list[float]
    provisional_months: list[str]


def compared_bill(runs: Sequence[PolicyRun]) -> ComparedBill:
    """The bills of runs of one site and period; lines in the order of the first bill that has them."""
    by_run = [_by_line(run.bills) for run in runs]
    keys = dict.fromkeys(key for lines in by_run for key in lines)
    return ComparedBill(
        policies=[run.policy for run in runs],
        lines=[
            ComparedLine(
                root=root,
                component=component,
                group=next(
                    lines[root, component, unit][0] for lines in by_run if (root, component, unit) in lines
                ),
                unit=unit,
                quantity=[_of(lines, (root, component, unit), 1) for lines in by_run],
                amount_eur=[_of(lines, (root, component, unit), 2) for lines in by_run],
            )
            for root, component, unit in keys
        ],
        total_excl_vat_eur=[_sum_eur(bill.total_excl_vat_eur for bill in run.bills) for run in runs],
        vat_eur=[_sum_eur(bill.vat_eur for bill in run.bills) for run in runs],
        total_eur=[_sum_eur(bill.total_eur for bill in run.bills) for run in runs],
        provisional_months=sorted({bill.month for run in runs for bill in run.bills if bill.provisional}),
    )


def _by_line(bills: Sequence[MonthBill]) -> dict[LineKey, tuple[str, Decimal, Decimal]]:
    """Group, quantity and amount of each line, summed over the months."""
    found: dict[LineKey, tuple[str, Decimal, Decimal]] = {}
    for bill in bills:
        for line in bill.lines:
            key = (bill.root, line.component, line.unit)
            _, quantity, amount_eur = found.get(key, ("", Decimal(0), Decimal(0)))
            found[key] = (
                line.group,
                quantity + Decimal(str(line.quantity)),
                amount_eur + Decimal(str(line.amount_eur)),
            )
    return found


def _of(lines: dict[LineKey, tuple[str, Decimal, Decimal]], key: LineKey, place: int) -> float | None:
    return float(lines[key][place]) if key in lines else None


def _sum_eur(amounts_eur: Iterable[float]) -> float:
    """The exact sum of amounts that are whole cents."""
    return float(sum((Decimal(str(one)) for one in amounts_eur), Decimal(0)))
