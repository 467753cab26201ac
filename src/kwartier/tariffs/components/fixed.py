"""The component `fixed`: an amount per year or month, whatever is taken."""

from typing import Literal

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import EurPerPeriod


class Fixed(Component):
    """An amount per year, prorated as the sheet says, or per whole calendar month; such as data management."""

    kind: Literal["fixed"]
    price: EurPerPeriod
    only_with: Literal["separate_injection_point"] | None = None
    """What a connection must have to pay it; a site has one access point, and pays nothing for a separate one."""
