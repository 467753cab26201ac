"""The component `energy`: a price per kWh, the same at all hours or by the periods of a calendar."""

from typing import Literal, Self

from pydantic import Field, model_validator

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import EurPerKwh


class Energy(Component):
    """A price per kWh of offtake or injection.

    Amount of a month = Σ over its quarter-hours of energy (kWh) × price (EUR/kWh) of the period it lies in. A price on
    injection is what the site pays per kWh injected. Either `price`, or `calendar` with a price per period of it.

    Source of the form: the tariff lists of Fluvius, Sibelga and the Walloon operators, which price every kWh so.
    """

    kind: Literal["energy"]
    direction: Literal["offtake", "injection"] = "offtake"
    price: EurPerKwh | None = None
    calendar: str | None = None
    prices: dict[str, EurPerKwh] | None = None
    exclusive_night_price: EurPerKwh | None = Field(
        default=None,
        description="On a separate exclusive-night meter. A bill counts one meter and leaves this out.",
    )

    @model_validator(mode="after")
    def _one_way_to_price(self) -> Self:
        by_calendar = self.calendar is not None and bool(self.prices)
        if (self.price is None) != by_calendar or (self.calendar is None) != (self.prices is None):
            raise ValueError("give either price, or calendar together with prices for its periods")
        return self
