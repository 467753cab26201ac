"""The component `fixed`: an amount per year or month, whatever is taken."""

from typing import Literal

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import EurPerPeriod


class Fixed(Component):
    """An amount per year, prorated as the sheet says, or per whole calendar month; such as data management."""

    kind: Literal["fixed"]
    price: EurPerPeriod
    only_with_injection: bool = False
    """Whether only a connection that injects pays it."""
