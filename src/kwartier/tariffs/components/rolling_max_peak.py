"""The component `rolling_max_peak`: a price per kW of the highest of the last months' peaks."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kwartier.tariffs.components.component import Component, HourWindow
from kwartier.tariffs.components.figure import ExactDecimal, Figure, PeakPrice
from kwartier.tariffs.components.monthly_peak import Rank
from kwartier.units.wire import WireModel


class DegressionPoint(WireModel):
    """What the price is multiplied by at one peak."""

    peak_kw: Annotated[ExactDecimal, Field(ge=0)]
    factor: Figure[Literal["factor"]]


class RollingMaxPeak(Component):
    """A price on the highest month peak (kW) of the last `window_months` months, the billing month included.

    A month's peak is its `rank`-th highest quarter-hour in the `window`, as for `monthly_peak`. Amount of a month =
    peak (kW) × price × degression factor; a price per year is prorated as the sheet says. The factor is linear between
    the points of the table and constant beyond them; without a table it is 1.

    Sources: Walloon annual peak: Flexcity, citing Engie's «evolutie netwerktarieven 2025». Brussels: highest
    quarter-hour in peak hours of the last 12 months × degression, Flexcity, from Sibelga's terms.
    """

    kind: Literal["rolling_max_peak"]
    price: PeakPrice
    rank: Rank | None = None
    window: HourWindow | None = None
    window_months: Annotated[int, Field(ge=1, le=36)] = 12
    degression: Annotated[list[DegressionPoint], Field(min_length=1)] | None = None

    @property
    def counted_rank(self) -> int:
        """Which quarter-hour of a month counts, from the highest down, at least 1."""
        return max(1, int(self.rank.value)) if self.rank is not None else 1

    @model_validator(mode="after")
    def _points_ascend(self) -> Self:
        peaks_kw = [point.peak_kw for point in self.degression or ()]
        if any(after <= before for before, after in pairwise(peaks_kw)):
            raise ValueError("the points of degression must ascend in peak_kw")
        return self
