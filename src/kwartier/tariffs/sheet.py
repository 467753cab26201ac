"""A grid tariff sheet: what one connection type in one area of one operator costs, over one span of days."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from kwartier.tariffs.components import AnyComponent, Confidence, Figure
from kwartier.tariffs.source import Source
from kwartier.units.wire import WireModel

Voltage = Literal["low", "medium", "high", "medium_or_high"]
"""Of the connection: low to 1 kV, medium below 30 kV, high from 30 kV (febeg.be, 23 December 2017, Energiefonds).

A connection type of 26 to 36 kV does not tell which: `medium_or_high`.
"""


class Proration(WireModel):
    """How a price per year becomes the amount of some days: × days / 365, in every year."""

    method: Literal["days/365"]
    source: str
    confidence: Confidence


class Gap(WireModel):
    """A term of the operator's own sheet that is not on this one, because its amount is not known.

    Only what most connections never pay may be left out so: terms of injection, of reactive energy, and a maximum
    tariff (`cap`), which only lowers bills with high peaks and little energy. A bill that it may concern names it. A
    term of offtake that is not known makes the sheet unusable.
    """

    what: str
    concerns: Literal["injection", "reactive", "cap"]
    missing: str = Field(description="Where a person can get the amount.")


class Sheet(WireModel):
    """All terms of a combination of operator, region and connection type from `valid_from` to `valid_to` inclusive.

    Amounts are EUR without VAT. `transmission` says whether the operator's own prices include Elia's, or Elia stands on
    the sheet as components of the group `transmission`.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$", max_length=120)]
    dso: str
    region: str
    connection_type: str
    valid_from: date
    valid_to: date
    voltage: Voltage
    transmission: Literal["included", "line"]
    proration: Proration
    sources: dict[str, Source]
    components: Annotated[list[AnyComponent], Field(min_length=1)]
    gaps: list[Gap] = Field(default_factory=list)

    def figures(self) -> Iterator[tuple[str, str, "Figure[Any]"]]:
        """Every figure, with the id of its component and the path of its field in it, in the order of the file."""
        for component in self.components:
            for field, figure in figures_of(component):
                yield component.id, field, figure


def figures_of(value: Any, path: str = "") -> Iterator[tuple[str, "Figure[Any]"]]:
    """Every figure in a component with its path, such as `prices.HP` or `steps[0].price`."""
    if isinstance(value, Figure):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from figures_of(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from figures_of(part, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from figures_of(part, f"{path}.{key}")
