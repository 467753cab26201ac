"""One line of a bill: a quantity, its price, the amount to the cent and, inside, to the last digit."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

CENT = Decimal("0.01")
ZERO = Decimal(0)
# What a price is written with: a yearly price times 30/365 has no last digit, and ten decimals bring any quantity
# below 50 MWh to the same cent.
PRICE_DIGITS = Decimal("1e-10")

Vat = Literal["standard", "none"]


def rounded_eur(amount_eur: Decimal) -> Decimal:
    """The amount to the cent, half a cent away from zero, as invoices round; never -0.00.

    >>> rounded_eur(Decimal("283.3568"))
    Decimal('283.36')
    """
    return amount_eur.quantize(CENT, ROUND_HALF_UP) + ZERO


@dataclass(frozen=True)
class PriceSource:
    """How a line's price was made, and the documents that its figures come from."""

    how: str
    documents: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join([*([self.how] if self.how else []), *self.documents])


@dataclass(frozen=True)
class BillLine:
    """Quantity × unit price = amount, EUR without VAT; a payment to the site is negative.

    `exact_eur` is the amount before it is rounded, `vat` whether the customer's rate applies, `source` where the price
    comes from and how it became the unit price.
    """

    component: str
    group: str
    quantity: Decimal
    unit: str
    unit_price_eur: Decimal
    exact_eur: Decimal
    source: PriceSource
    vat: Vat = "standard"

    @property
    def amount_eur(self) -> Decimal:
        """The amount on the bill, EUR to the cent."""
        return rounded_eur(self.exact_eur)

    def to_json(self) -> dict[str, Any]:
        """The line as the contract's JSON object; numbers are the shortest that are the same decimal."""
        return {
            "component": self.component,
            "group": self.group,
            "quantity": float(self.quantity),
            "unit": self.unit,
            "unit_price_eur": float(self.unit_price_eur.quantize(PRICE_DIGITS) + ZERO),
            "amount_eur": float(self.amount_eur),
            "source": str(self.source),
        }


def priced(
    component: str,
    group: str,
    quantity: Decimal,
    unit: str,
    unit_price_eur: Decimal,
    source: PriceSource,
    vat: Vat,
) -> BillLine:
    """The line of a quantity at one price."""
    return BillLine(component, group, quantity, unit, unit_price_eur, quantity * unit_price_eur, source, vat)
