"""The component `rolling_mean_peak`: a price per kW of the mean of the last months' peaks."""

from typing import Annotated, Literal

from pydantic import Field

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import Figure


class RollingMeanPeak(Component):
    """A price on the mean of the month peaks (kW) of the last `window_months` months, the billing month included.

    Amount of a month = mean over the known months of max(month peak, floor_kw) × price, prorated as the sheet says.
    Where fewer months are known, the mean is over those.

    Source: fluvius.be, FAQ on the capacity tariff of households and small companies: the mean of the last 12 month
    peaks, each at least 2.5 kW, fewer where fewer are known.
    """

    kind: Literal["rolling_mean_peak"]
    price: Figure[Literal["EUR/kW/year"]]
    floor_kw: Figure[Literal["kW"]]
    window_months: Annotated[int, Field(ge=1, le=36)] = 12
