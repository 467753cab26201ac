"""A series in the coming days: its forecast, corrected each quarter-hour by what it has just done."""

from dataclasses import dataclass, field

import numpy as np

from kwartier.forecasting.forecaster import ForecastCase, Forecaster, Place
from kwartier.forecasting.load_forecast import forecast_load
from kwartier.forecasting.power_forecast import PowerForecast
from kwartier.forecasting.power_history import FloatArray, PowerHistory
from kwartier.forecasting.pv_forecast import forecast_pv
from kwartier.simulation.observation import Observation
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.units.quarter_hour import QUARTER_S, quarter_start_s

FORECASTER_BY_TYPE: dict[str, Forecaster] = {"load": forecast_load, "pv": forecast_pv}
# closed_loop.md, point 4: what is left of the last error after each quarter-hour.
KEPT_PER_QUARTER_RATIO = 0.8
# A forecast is worth renewing a few times a day; in between its last error tells the rest.
RENEWED_AFTER_S = 3 * 3600


@dataclass
class SeriesOutlook:
    """One series; with `truth` it is read from there. `rating_w` is the most that it can take or give, all phases.

    `level_ratio` is the quantile that is counted on, None the mean.
    """

    device: ForecastedSeries3Phase
    rating_w: float
    place: Place
    truth: PowerHistory | None = None
    level_ratio: float | None = None
    _made: PowerForecast | None = field(default=None, repr=False)

    def power_w(self, seen: Observation, quarter_count: int) -> FloatArray:
        """Mean power of each quarter-hour from the running one on, W, shape (n,)."""
        first_s = quarter_start_s(seen.at_s)
        if self.truth is not None:
            return _from(self.truth.first_s, self.truth.power_w, first_s, quarter_count)
        made = self._forecast(seen, first_s, quarter_count)
        coming_w = _from(made.first_s, self._counted_w(made), first_s, quarter_count)
        now_w = seen.series_now_w.get(self.device.name)
        if now_w is None:
            error_w, lead = self._last_error_w(seen, made, first_s), 1
        else:
            error_w, lead = now_w - coming_w[0], 0
        kept = KEPT_PER_QUARTER_RATIO ** (lead + np.arange(quarter_count))
        corrected_w = coming_w + error_w * kept
        if self.device.forecast_type == "pv":
            return np.where(coming_w < 0.0, np.clip(corrected_w, -self.rating_w, 0.0), 0.0)
        return np.clip(corrected_w, -self.rating_w, self.rating_w)

    def _forecast(self, seen: Observation, first_s: int, quarter_count: int) -> PowerForecast:
        made = self._made
        if made is None or first_s - made.first_s >= RENEWED_AFTER_S:
            made = FORECASTER_BY_TYPE[self.device.forecast_type](
                ForecastCase(
                    float(first_s),
                    quarter_count + RENEWED_AFTER_S // QUARTER_S,
                    seen.history_of(self.device.name),
                    self.place,
                    self.rating_w,
                    wants_quantiles=self.level_ratio is not None,
                )
            )
            self._made = made
        return made

    def _last_error_w(self, seen: Observation, made: PowerForecast, first_s: int) -> float:
        """What the last quarter-hour took more than its forecast; the forecast's own correction holds at its start."""
        history = seen.history_of(self.device.name)
        place = (first_s - made.first_s) // QUARTER_S - 1
        if place < 0 or not len(history.power_w) or np.isnan(history.power_w[-1]):
            return 0.0
        return float(history.power_w[-1] - self._counted_w(made)[place])

    def _counted_w(self, made: PowerForecast) -> FloatArray:
        return made.mean_w if self.level_ratio is None else made.level_w(self.level_ratio)


def _from(series_first_s: int, power_w: FloatArray, first_s: int, quarter_count: int) -> FloatArray:
    """The quarter-hours from a moment on; what lies beyond the end repeats the week before it."""
    start = (first_s - series_first_s) // QUARTER_S
    found = power_w[start : start + quarter_count]
    while len(found) < quarter_count:
        end = start + len(found)
        found = np.append(found, power_w[end - 7 * 96 : end - 7 * 96 + quarter_count - len(found)])
    return np.asarray(found)
