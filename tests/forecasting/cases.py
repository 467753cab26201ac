"""Series and places for the tests of forecasts."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.forecasting.forecaster import ForecastCase, Place
from kwartier.forecasting.power_forecast import PowerForecast
from kwartier.forecasting.power_history import FloatArray, PowerHistory

GHENT = Place(ZoneInfo("Europe/Brussels"), "BE", 51.05, 3.73, 8.0)
DATA = Path(__file__).parent / "data"


def moment_s(text: str) -> int:
    """Epoch seconds of a local time in Belgium."""
    return int(datetime.fromisoformat(text).replace(tzinfo=GHENT.timezone).timestamp())


def history(start: str, power_w: FloatArray) -> PowerHistory:
    """Quarter-hours from a local time in Belgium on."""
    return PowerHistory(moment_s(start), np.asarray(power_w, dtype=np.float64))


def case(at: str, past: PowerHistory, quarter_count: int = 96, rating_w: float | None = None) -> ForecastCase:
    """A case in Ghent at a local time."""
    return ForecastCase(moment_s(at), quarter_count, past, GHENT, rating_w)


def real_series(name: str) -> PowerHistory:
    """One of the series of the folder data, as quarter-hours."""
    first, *lines = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    hours_w = np.array([line.split(",") for line in lines], dtype=np.float64).reshape(-1)
    return PowerHistory(int(first.split(",")[1]), np.repeat(hours_w, 4))


def same(one: PowerForecast, other: PowerForecast) -> bool:
    """Whether two forecasts say the very same."""
    return (
        np.array_equal(one.mean_w, other.mean_w)
        and np.array_equal(one.quantile_w, other.quantile_w)
        and (one.first_s, one.quality, one.source, one.findings)
        == (other.first_s, other.quality, other.source, other.findings)
    )
