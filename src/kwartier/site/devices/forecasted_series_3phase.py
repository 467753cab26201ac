"""Load or solar production that is forecast, not controlled."""

from typing import Annotated

from pydantic import Field

from kwartier.site.devices.device import AssetName
from kwartier.units.wire import FromIntegral, Known, WireModel

TYPE = "forecasted_series_3phase"


class ForecastedSeries3Phase(WireModel):
    """The series as the site document writes it. Its power is positive when consumed, negative when delivered (PV)."""

    name: AssetName
    collector: str = Field(
        description="Name of the collector that feeds this device; on a 1P collector it uses L1."
    )
    type: Annotated[str, Known((TYPE,))] = TYPE
    line_current: Annotated[int, Field(ge=0, le=100_000), FromIntegral] = Field(
        description="Rating in A per phase; clips the forecast."
    )
    forecast_type: Annotated[str, Known(("pv", "load"))]
    should_be_aggregated: bool = Field(
        default=False,
        description="True: no meter of its own; it is its collector's meter minus everything else measured below.",
    )
