"""What late and corrected readings change in a bill that was made before they came (reliability.md, R06).

A bill that somebody paid stays as it was made: it can be made again from what was known at its moment. What is known
now is proposed as a correction beside it, line by line.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kwartier.tariffs import Bill
from kwartier.tariffs.billing.bill_line import ZERO


@dataclass(frozen=True)
class CorrectionLine:
    """What is to be added to the lines of a component: quantity in their unit, EUR without VAT."""

    component: str
    group: str
    unit: str
    quantity: Decimal
    amount_eur: Decimal


@dataclass(frozen=True)
class BillAsKnown:
    """A bill as it was made at a moment, and what would make it right; no lines where nothing has changed since."""

    bill: Bill
    lines: Sequence[CorrectionLine]
    vat_eur: Decimal

    def to_json(self) -> dict[str, Any]:
        """The bill as a JSON object, with its correction."""
        amount_eur = sum((line.amount_eur for line in self.lines), ZERO)
        correction = {
            "lines": [_line(line) for line in self.lines],
            "total_excl_vat_eur": float(amount_eur),
            "vat_eur": float(self.vat_eur),
            "total_eur": float(amount_eur + self.vat_eur),
        }
        return {**self.bill.to_json(), "correction": correction}


def corrected(made: Bill, now: Bill) -> BillAsKnown:
    """The bill as it was made, with the difference to the one that would be made now."""
    changes: defaultdict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for bill, sign in ((made, -1), (now, 1)):
        for line in bill.lines:
            change = changes[line.component, line.group, line.unit]
            change[0] += sign * line.quantity
            change[1] += sign * line.amount_eur
    lines = [CorrectionLine(*key, *change) for key, change in changes.items() if any(change)]
    return BillAsKnown(made, lines, now.vat_eur - made.vat_eur)


def _line(line: CorrectionLine) -> dict[str, Any]:
    return vars(line) | {"quantity": float(line.quantity), "amount_eur": float(line.amount_eur)}
