"""The component `connection_power`: a yearly price by the power of the connection."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import EurPerYear, ExactDecimal
from kwartier.units.wire import WireModel


class PowerStep(WireModel):
    """The price of connections up to and including `up_to_kva`; absent: of all above the step before."""

    up_to_kva: Annotated[ExactDecimal, Field(gt=0)] | None = None
    price: EurPerYear


class ConnectionPower(Component):
    """A price (EUR/year) by the class of the connection's power (kVA), whatever is taken; prorated as the sheet says.

    Source: sibelga.be, tarif capacitaire (since 2020, by available power, independent of metered data); the duty for
    public service by kVA class on supplier cards for Brussels.
    """

    kind: Literal["connection_power"]
    steps: Annotated[list[PowerStep], Field(min_length=1)]

    def step_of(self, power_kva: Decimal) -> PowerStep:
        """The step that a connection of this power is in."""
        return next(step for step in self.steps if step.up_to_kva is None or power_kva <= step.up_to_kva)

    @model_validator(mode="after")
    def _steps_ascend_to_an_open_one(self) -> Self:
        *bounds, last = [step.up_to_kva for step in self.steps]
        known = [bound for bound in bounds if bound is not None]
        ascends = all(before < after for before, after in pairwise(known))
        if last is not None or len(known) != len(bounds) or not ascends:
            raise ValueError("the steps must ascend in up_to_kva, and the last one must have none")
        return self
