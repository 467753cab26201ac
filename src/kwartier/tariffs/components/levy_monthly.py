"""The component `levy_monthly`: a levy per connection and month."""

from typing import Literal

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import Figure


class LevyMonthly(Component):
    """An amount per connection for each whole calendar month, such as the Flemish contribution to the Energiefonds."""

    kind: Literal["levy_monthly"]
    price: Figure[Literal["EUR/month"]]
