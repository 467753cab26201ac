"""The component `levy_brackets`: a levy by slices of the calendar year's offtake."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import EurPerMwh, ExactDecimal
from kwartier.units.wire import WireModel


class Bracket(WireModel):
    """The price of the slice that ends at `up_to_mwh` of the calendar year; absent: of all above the one before."""

    up_to_mwh: Annotated[ExactDecimal, Field(gt=0)] | None = None
    price: EurPerMwh


class LevyBrackets(Component):
    """A progressive levy: each MWh has the price of the slice in which the offtake of the calendar year so far puts it.

    Amount of a month = Σ over slices of price (EUR/MWh) × MWh of the month in the slice.

    Source: the special excise on electricity, programme law of December 2021, art. 39 (as KPMG 2022 quotes it).
    """

    kind: Literal["levy_brackets"]
    brackets: Annotated[list[Bracket], Field(min_length=1)]

    @model_validator(mode="after")
    def _slices_ascend_to_an_open_one(self) -> Self:
        *bounds, last = [bracket.up_to_mwh for bracket in self.brackets]
        known = [bound for bound in bounds if bound is not None]
        ascends = all(before < after for before, after in pairwise(known))
        if last is not None or len(known) != len(bounds) or not ascends:
            raise ValueError("the brackets must ascend in up_to_mwh, and the last one must have none")
        return self
