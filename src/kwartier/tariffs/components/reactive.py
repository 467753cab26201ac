"""The component `reactive`: a price per kVArh above the allowed share."""

from typing import Literal

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import EurPerKvarh


class Reactive(Component):
    """A price per kVArh of reactive energy above what is allowed.

    Amount = excess (kVArh) × price. The allowed share was found in no source, so that the excess comes from the meter
    or the invoice; where nobody gives it, the line has no quantity and a bill says so.
    """

    kind: Literal["reactive"]
    price: EurPerKvarh
