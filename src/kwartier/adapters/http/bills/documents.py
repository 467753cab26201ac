"""A bill as read over REST."""

from pydantic import Field

from kwartier.units.wire import WireModel


class BillLineDocument(WireModel):
    """One line: quantity × unit price, EUR without VAT; a payment to the site is negative."""

    component: str
    group: str
    quantity: float
    unit: str
    unit_price_eur: float
    amount_eur: float
    source: str


class CorrectionLineDocument(WireModel):
    """What is to be added to a component's lines; negative: taken away."""

    component: str
    group: str
    unit: str
    quantity: float
    amount_eur: float


class CorrectionDocument(WireModel):
    """What later readings and prices change in a bill that was made before, EUR; no lines: nothing."""

    lines: list[CorrectionLineDocument]
    total_excl_vat_eur: float
    vat_eur: float
    total_eur: float


class BillDocument(WireModel):
    """The bill of a month, EUR."""

    lines: list[BillLineDocument]
    total_excl_vat_eur: float
    vat_eur: float
    total_eur: float
    provisional: bool = Field(description="Quarter-hours of the month are not measured, or not yet.")
    warnings: list[str]
    correction: CorrectionDocument | None = Field(
        default=None,
        description="With `known_at`: what is known better now, to be settled with a later bill.",
    )
