"""Prices of a Belgian two-rate contract, by the day and night hours of the grid area.

The hours stand in the calendars of `tariffs.calendars`, with their sources. A supplier's hours are those of the area's
meters: Flanders counts a holiday as its weekday and a weekend as night, Brussels both as night; in Wallonia a weekend
was night and a holiday as its weekday until 2025-12-31, since 2026-01-01 every day has the same hours.
"""

from datetime import tzinfo

import numpy as np
import numpy.typing as npt

from kwartier.site.contracts import DayNightBeContract
from kwartier.site.dso import Dso, Sibelga, WalloonDso
from kwartier.tariffs.calendars import calendar_named

FloatArray = npt.NDArray[np.float64]


def is_day_mask(
    start_s: FloatArray | npt.NDArray[np.int64], dso: Dso | None, timezone: tzinfo
) -> npt.NDArray[np.bool_]:
    """Whether each moment (UTC epoch seconds, shape (n,)) has the day rate in the area of `dso` (None: as in Flanders).

    Hours are local legal time in `timezone`.
    """
    match dso:
        case WalloonDso():
            calendar, day = calendar_named("walloon-bihoraire"), "HP"
        case Sibelga():
            calendar, day = calendar_named("sibelga-day-night"), "day"
        case _:
            calendar, day = calendar_named("flanders-day-night"), "day"
    return calendar.is_in(np.floor(start_s).astype(np.int64), [day], timezone)


def prices_eur_per_mwh(
    contract: DayNightBeContract, start_s: FloatArray, dso: Dso | None, timezone: tzinfo
) -> tuple[FloatArray, FloatArray]:
    """Offtake and injection price in EUR/MWh of intervals that start at `start_s` (epoch seconds) in local hours."""
    day = is_day_mask(start_s, dso, timezone)
    return (
        np.where(day, contract.day_offtake_cost_per_mwh, contract.night_offtake_cost_per_mwh),
        np.where(day, contract.day_injection_cost_per_mwh, contract.night_injection_cost_per_mwh),
    )
