"""What a site wants optimised: peaks, injection peaks, cost, and how far ahead."""

from typing import Annotated

from pydantic import Field

from kwartier.units.wire import FromIntegral, Known, WireModel

HORIZON_DAYS_BY_NAME = {"P1D": 1, "P2D": 2, "P3D": 3}


class PeakMinimization(WireModel):
    """Whether and above which line a peak costs money.

    `peak_limit` holds for each phase of each root collector separately, also for injection (a positive number).
    """

    active: bool | None = None
    peak_limit: Annotated[int, Field(ge=0, le=10**9), FromIntegral] | None = Field(
        default=None,
        description=(
            "W per phase below which a peak costs nothing; absent: 0. A DSO sheet prices the whole connection's peak: "
            "then it is this times the number of the root's phases."
        ),
    )
    peak_price: Annotated[float, Field(ge=0, le=1e9)] | None = Field(
        default=None,
        description=(
            "EUR per kW of the billing month's highest quarter-hour average (decided). Absent: from the DSO sheet; "
            "with neither, the peak is minimised before money, in kW. Read only with `configurable_peak_price` on."
        ),
    )


class OptimizationConfiguration(WireModel):
    """The optimisation settings of a site."""

    peak_minimization: PeakMinimization | None = None
    negative_peak_minimization: PeakMinimization | None = None
    cost_minimization_active: bool = True
    planning_frequency: Annotated[str, Known(("PT15M",))] = "PT15M"
    planning_horizon: Annotated[str, Known(tuple(HORIZON_DAYS_BY_NAME))] = "P1D"
