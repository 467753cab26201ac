"""The one interface of all forecasters of a series."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from kwartier.forecasting.power_forecast import PowerForecast
from kwartier.forecasting.power_history import PowerHistory


@dataclass(frozen=True)
class Place:
    """Where a site stands: the zone of its clocks, its country (ISO 3166-1 alpha-2, None: unknown), and its position.

    Latitude and longitude in degrees, north and east positive.
    """

    timezone: tzinfo
    country: str | None
    latitude_deg: float
    longitude_deg: float
    altitude_m: float = 0.0


@dataclass(frozen=True)
class ForecastCase:
    """One series of one site at the moment `at_s` (epoch seconds), to be forecast for `quarter_count` quarter-hours.

    The first of them is the running one. `rating_w` is the most that the series can take or give, None where nobody
    knows. What `history` holds of quarter-hours that are not over at `at_s` is not looked at. Without
    `wants_quantiles` the forecast has a mean only, in half of the time.
    """

    at_s: float
    quarter_count: int
    history: PowerHistory
    place: Place
    rating_w: float | None = None
    wants_quantiles: bool = True


class Forecaster(Protocol):
    """Forecasts a series; pure: the same case gives the same forecast.

    It always answers, whatever the history holds. What keeps it from its best stands in the findings of the forecast,
    whose quality is then `degraded`.
    """

    def __call__(self, case: ForecastCase) -> PowerForecast:
        """The forecast of the case."""
        ...
