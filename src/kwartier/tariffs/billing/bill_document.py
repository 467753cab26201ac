"""A bill: its lines, their sum, VAT, and what a reader has to know about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kwartier.tariffs.billing.bill_line import ZERO, BillLine, rounded_eur


@dataclass(frozen=True)
class Bill:
    """What one connection pays for a month or a year, EUR; `period` is 2026-03 or 2026.

    `provisional` says that quarter-hours of the period are not measured yet, or not at all: their energy is missing and
    peaks can only rise. `months` of a year's bill are its monthly bills; its amounts are their exact sums.
    """

    period: str
    lines: tuple[BillLine, ...]
    vat_eur: Decimal
    provisional: bool
    warning_by_topic: Mapping[str, str] = field(default_factory=dict)
    months: tuple["Bill", ...] = field(default=(), repr=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know before one trusts the amounts, in the order in which it was found."""
        return tuple(self.warning_by_topic.values())

    @property
    def total_excl_vat_eur(self) -> Decimal:
        """The sum of the lines as they are printed, EUR."""
        return sum_eur(line.amount_eur for line in self.lines)

    @property
    def exact_excl_vat_eur(self) -> Decimal:
        """The sum of the lines before any is rounded, EUR: what a change of the meter changes smoothly."""
        return sum_eur(line.exact_eur for line in self.lines)

    @property
    def total_eur(self) -> Decimal:
        """What is to be paid, VAT included, EUR; negative where the site is paid."""
        return self.total_excl_vat_eur + self.vat_eur

    def to_json(self) -> dict[str, Any]:
        """The bill as a JSON object."""
        return {
            "lines": [line.to_json() for line in self.lines],
            "total_excl_vat_eur": float(self.total_excl_vat_eur),
            "vat_eur": float(self.vat_eur),
            "total_eur": float(self.total_eur),
            "provisional": self.provisional,
            "warnings": list(self.warnings),
        }


def sum_eur(amounts_eur: Iterable[Decimal]) -> Decimal:
    """The exact sum, EUR, 0 of nothing."""
    return sum(amounts_eur, ZERO)


def vat_on_lines_eur(lines: Sequence[BillLine], vat_share: Decimal) -> Decimal:
    """VAT on the lines that carry it, EUR to the cent: on their sum, not line by line, as on an invoice."""
    return rounded_eur(sum_eur(line.amount_eur for line in lines if line.vat == "standard") * vat_share)
