"""What a marginal view is made of: prices per kWh in each quarter-hour, and prices per kW of a peak."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class EnergyCharge:
    """What one more MWh costs in each quarter-hour, EUR/MWh, shape (cells,); on injection the site pays it too."""

    component: str
    direction: Literal["offtake", "injection"]
    money_term: Literal["grid", "levies"]
    price_eur_per_mwh: FloatArray


@dataclass(frozen=True)
class PeakCharge:
    """What one more kW of a connection's highest quarter-hour average costs, above a floor.

    `counted` says which quarter-hours make the peak, shape (cells,). Up to `floor_w` a kW costs nothing: it is paid for
    already. `words` name the peak («this month's peak»), `source` the sheet («Fluvius Imewo 2026»). `begins_later` is
    true for the peak of a month that has not begun yet.
    """

    component: str
    begins_later: bool
    counted: BoolArray
    floor_w: float
    price_eur_per_kw: float
    words: str
    source: str


Charges = tuple[EnergyCharge | PeakCharge, ...]

NOTHING: Charges = ()
"""Of a component that no decision of a plan changes."""
