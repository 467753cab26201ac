"""A levy file: the levies and VAT rates of one area, each amount with its validity, conditions and source."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kwartier.tariffs.components import AnyLevy, Figure
from kwartier.tariffs.components.component import ComponentId
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.sheet import Voltage
from kwartier.tariffs.source import Source
from kwartier.units.wire import WireModel

Area = Literal["belgium", "flanders", "brussels", "wallonia"]
Customer = Literal["business", "household"]


class Conditioned(WireModel):
    """Days, voltages and customers for which something holds; what is absent does not matter."""

    valid_from: date | None = None
    valid_to: date | None = None
    voltages: Annotated[list[Voltage], Field(min_length=1)] | None = None
    customers: Annotated[list[Customer], Field(min_length=1)] | None = None

    @property
    def span(self) -> DaySpan:
        """The days for which it holds."""
        return DaySpan(self.valid_from or date.min, self.valid_to or date.max)

    def is_for(self, voltage: Voltage, customer: Customer) -> bool:
        """Whether it holds for such a connection."""
        return (self.voltages is None or voltage in self.voltages) and (
            self.customers is None or customer in self.customers
        )


class LevyEntry(Conditioned):
    """One amount of a levy; or, instead of `component`, `missing`: that nobody knows it, and where it can be got.

    `levy` is the levy's id, the same for all its amounts.
    """

    levy: ComponentId
    component: AnyLevy | None = None
    missing: str | None = None

    @model_validator(mode="after")
    def _an_amount_or_none(self) -> Self:
        if (self.component is None) == (self.missing is None):
            raise ValueError("give either a component or missing")
        if self.component is not None and self.component.id != self.levy:
            raise ValueError(f"the component's id must be the levy's, {self.levy!r}")
        return self


class VatRate(Conditioned):
    """A rate of value added tax, in percent of the amounts that carry it."""

    rate: Figure[Literal["percent"]]


class LevyFile(WireModel):
    """All levies of an area. Amounts are EUR without VAT."""

    area: Area
    sources: dict[str, Source]
    levies: list[LevyEntry] = Field(default_factory=list)
    vat: list[VatRate] = Field(default_factory=list)
