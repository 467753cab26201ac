"""Prices of a Belgian two-rate contract, and the hours that count as day.

Hours (researched 2026, confidence in brackets): Flanders 7-22 on weekdays, holidays are normal days (secondary source);
Brussels the same, national holidays are night (two secondary sources); Wallonia the same as Flanders until 2025-12-31,
from 2026-01-01 7-11 and 17-22 on every day (two secondary sources, supplier cards). Local legal time.
"""

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kwartier.site.contracts import DayNightBeContract
from kwartier.site.dso import Dso, Sibelga, WalloonDso

FloatArray = npt.NDArray[np.float64]

WALLOON_CHANGE = date(2026, 1, 1)


@lru_cache(maxsize=64)
def belgian_holidays(year: int) -> frozenset[date]:
    """The ten legal public holidays of Belgium in a year (law of 4 January 1974, royal decree of 18 April 1974).

    >>> date(2025, 4, 21) in belgian_holidays(2025)
    True
    """
    from holidays import country_holidays  # noqa: PLC0415  # 0.4 s that only a Brussels two-rate contract needs

    return frozenset(country_holidays("BE", years=[year]))


def is_day(local: datetime, dso: Dso | None) -> bool:
    """Whether a local moment has the day rate in the grid area of `dso` (None: as in Flanders)."""
    if isinstance(dso, WalloonDso) and local.date() >= WALLOON_CHANGE:
        return 7 <= local.hour < 11 or 17 <= local.hour < 22
    if local.weekday() >= 5:
        return False
    if isinstance(dso, Sibelga) and local.date() in belgian_holidays(local.year):
        return False
    return 7 <= local.hour < 22


def prices_eur_per_mwh(
    contract: DayNightBeContract, start_s: FloatArray, dso: Dso | None, timezone: tzinfo
) -> tuple[FloatArray, FloatArray]:
    """Offtake and injection price in EUR/MWh of intervals that start at `start_s` (epoch seconds) in local hours."""
    day = np.array(
        [
            is_day(datetime.fromtimestamp(moment, UTC).astimezone(timezone), dso)
            for moment in start_s.tolist()
        ],
        dtype=bool,
    )
    return (
        np.where(day, contract.day_offtake_cost_per_mwh, contract.night_offtake_cost_per_mwh),
        np.where(day, contract.day_injection_cost_per_mwh, contract.night_injection_cost_per_mwh),
    )
