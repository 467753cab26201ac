"""The component `levy_energy`: a levy per MWh of offtake."""

from typing import Literal

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import EurPerMwh


class LevyEnergy(Component):
    """A price on every MWh of offtake, such as the federal energy contribution. Amount = offtake (MWh) × price."""

    kind: Literal["levy_energy"]
    price: EurPerMwh
