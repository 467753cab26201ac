"""What the sun gives under a clear sky."""

import numpy as np

from kwartier.forecasting.forecaster import Place
from kwartier.forecasting.power_history import FloatArray
from kwartier.units.quarter_hour import QUARTER_S

# Turbidity of rural Central European air over the year, Linke's scale (pvlib's table of SoDa: 2.5 to 4 in Belgium).
# What it misses is the same today as yesterday, and a forecast that scales by the own recent output does not see it.
LINKE_TURBIDITY_RATIO = 3.0


def clear_sky_w_per_m2(first_s: int, quarter_count: int, place: Place) -> FloatArray:
    """Global horizontal irradiance in the middle of each quarter-hour, W/m2, 0 at night, shape (n,).

    Ineichen and Perez (Solar Energy 73 (2002) 151) as pvlib has it, with the sun's place by `ephemeris`: within
    0.1 W/m2 of the slow algorithm of NREL. A position that is none, such as NaN, has no sun.
    """
    # 1 s of processor time and 125 MB, which a site without solar power never spends.
    import pandas as pd  # noqa: PLC0415
    from pvlib import atmosphere, clearsky, solarposition  # noqa: PLC0415

    middles_s = first_s + QUARTER_S // 2 + QUARTER_S * np.arange(quarter_count, dtype=np.int64)
    times = pd.DatetimeIndex(pd.to_datetime(middles_s, unit="s", utc=True))
    pressure_pa = atmosphere.alt2pres(place.altitude_m)
    sun = solarposition.ephemeris(times, place.latitude_deg, place.longitude_deg, pressure_pa)
    zenith_deg = sun["apparent_zenith"].to_numpy()
    airmass_ratio = atmosphere.get_absolute_airmass(atmosphere.get_relative_airmass(zenith_deg), pressure_pa)
    with np.errstate(divide="ignore"):  # of the beam, which nobody looks at, when the sun is down
        clear = clearsky.ineichen(zenith_deg, airmass_ratio, LINKE_TURBIDITY_RATIO, place.altitude_m)
    return np.nan_to_num(np.asarray(clear["ghi"], dtype=np.float64))
