"""Forecasts as read over REST."""

from pydantic import Field

from kwartier.planning.request import SeriesForecast
from kwartier.units.instant import Instant
from kwartier.units.wire import WireModel


class ForecastDocument(WireModel):
    """The forecast of one series; `forecast` is null where nothing is known to make one from."""

    forecast: SeriesForecast | None = Field(description="W, positive when consumed, negative when delivered.")
    source: str = Field(description="Where it comes from, in words.")


class ForecastsDocument(WireModel):
    """The forecasts of a site by series."""

    at: Instant
    forecasts: dict[str, ForecastDocument]
