"""Forecasts as read over REST."""

from typing import Literal

from pydantic import Field

from kwartier.planning.request import SeriesForecast
from kwartier.units.instant import Instant
from kwartier.units.wire import WireModel


class ForecastFinding(WireModel):
    """What keeps a forecast from its best."""

    rule: str = Field(description="Which rule found it.", examples=["forecast.history_stale"])
    message: str = Field(
        description="What is wrong and what to do.",
        examples=["nothing is known since 2026-03-02T03:00:00Z; see what keeps the meter"],
    )


class ForecastDocument(WireModel):
    """The forecast of one series: what a plan counts on, and how sure it is. There is always one."""

    forecast: SeriesForecast = Field(
        description="What a plan counts on, W, positive when consumed, negative when delivered: the mean; of a "
        "degraded forecast what nine of ten quarter-hours stay below."
    )
    quality: Literal["good", "degraded"] = Field(description="`degraded`: less is known than should be.")
    mean_w: list[float] = Field(description="The mean of each quarter-hour, W.", examples=[[1200.5]])
    p10_w: list[float] = Field(
        description="What nine of ten quarter-hours stay above, W.", examples=[[310.0]]
    )
    p90_w: list[float] = Field(
        description="What nine of ten quarter-hours stay below, W.", examples=[[2400.0]]
    )
    source: str = Field(description="Where it comes from, in words.")
    findings: list[ForecastFinding] = Field(
        description="What keeps it from its best; none of a good forecast."
    )


class PredictedSessionDocument(WireModel):
    """A session that did not say everything, and what is planned in place of it."""

    asset_id: str = Field(description="The charging pole.", examples=["pole_1"])
    transaction_id: str = Field(description="The transaction at that pole.", examples=["tx-9"])
    departure_time: Instant | None = Field(
        description="The departure that is planned; where predicted, the moment that nine of ten cars outstay.",
        examples=["2026-03-02T16:30:00Z"],
    )
    requested_energy: float | None = Field(
        description="The energy of the whole session that is planned, Wh; null where the battery's charge tells it.",
        examples=[11_000.0],
    )
    source: str = Field(description="What is predicted and where it comes from, in words.")


class ForecastsDocument(WireModel):
    """The forecasts of a site: its series by name, the sessions that run, the cars that are likely to come."""

    at: Instant
    forecasts: dict[str, ForecastDocument] = Field(description="By name of the series.")
    sessions: list[PredictedSessionDocument] = Field(
        description="Running sessions with something predicted.",
        examples=[
            [{"asset_id": "pole_1", "transaction_id": "1041", "departure_time": "2026-03-02T16:30:00Z"}]
        ],
    )
    expected_cars_count: float = Field(
        description="The number of cars that are likely to come within the horizon, each with its probability.",
        examples=[3.4],
    )
