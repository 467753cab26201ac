from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from kwartier.forecasting.clear_sky import clear_sky_w_per_m2
from tests.forecasting.cases import GHENT, moment_s


def day_of_sun(day: str) -> np.ndarray:
    return clear_sky_w_per_m2(moment_s(day), 96, GHENT)


@pytest.mark.parametrize(
    ("day", "zenith_deg"),
    # Least zenith = latitude 51.05 minus the sun's declination: 23.44 at the solstices, 0 at the equinox.
    [("2026-06-21", 51.05 - 23.44), ("2026-12-21", 51.05 + 23.44), ("2026-03-20", 51.05)],
)
def test_noon_has_about_the_irradiance_of_another_model(day: str, zenith_deg: float) -> None:
    # Haurwitz (J. Meteorology 2 (1945) 154): 1098 cos z exp(-0.059 / cos z), good to some ten percent.
    cosine = np.cos(np.radians(zenith_deg))
    haurwitz_w_per_m2 = 1_098.0 * cosine * np.exp(-0.059 / cosine)
    assert float(np.max(day_of_sun(day))) == pytest.approx(haurwitz_w_per_m2, rel=0.15)


def test_the_sun_is_up_as_long_as_geometry_says() -> None:
    # cos H = -tan(51.05) tan(23.44) gives 8 h 10 min on either side of solar noon, which is at 13:47 summer time:
    # 12:00 UTC less 15 min for 3.73 degrees east, and 2 min for the equation of time of 21 June.
    up = np.flatnonzero(day_of_sun("2026-06-21") > 0)
    assert abs(int(up[0]) * 15 + 7.5 - (5 * 60 + 37)) <= 15
    assert abs(int(up[-1]) * 15 + 7.5 - (21 * 60 + 57)) <= 15


def test_noon_is_where_the_longitude_puts_it() -> None:
    # 3.73 degrees east: solar noon at 12:00 - 15 min UTC, the equation of time of 20 March adds 7: 12:53 local time.
    middle = np.average(np.arange(96) * 15 + 7.5, weights=day_of_sun("2026-03-20"))
    assert middle == pytest.approx(12 * 60 + 53, abs=5)


def test_polar_nights_and_places_that_are_none_have_no_sun() -> None:
    arctic = replace(GHENT, latitude_deg=78.0)
    assert clear_sky_w_per_m2(moment_s("2026-12-21"), 96, arctic).max() == 0.0
    nowhere = replace(GHENT, latitude_deg=float("nan"))
    assert clear_sky_w_per_m2(moment_s("2026-06-21"), 96, nowhere).tolist() == [0.0] * 96


def test_the_formulas_give_what_pvlib_gives() -> None:
    # Imported here: a second and 125 MB, which the other tests of a worker need not spend.
    atmosphere, clearsky, solarposition = (
        import_module(f"pvlib.{name}") for name in ("atmosphere", "clearsky", "solarposition")
    )
    first_s, count = 1_767_225_600, 35_040  # 2026-01-01T00:00Z, a year
    middle_s = first_s + 450 + 900 * np.arange(count)
    days = middle_s // 86_400
    day_of_year = days - days[0] + 1
    hour_of_day = middle_s % 86_400 / 3_600 + GHENT.longitude_deg / 15
    hour_of_day += solarposition.equation_of_time_spencer71(day_of_year) / 60
    zenith_deg = np.degrees(
        solarposition.solar_zenith_analytical(
            np.radians(GHENT.latitude_deg),
            np.radians((hour_of_day - 12) * 15),
            solarposition.declination_spencer71(day_of_year),
        )
    )
    airmass = atmosphere.get_absolute_airmass(
        atmosphere.get_relative_airmass(zenith_deg), atmosphere.alt2pres(GHENT.altitude_m)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        clear = clearsky.ineichen(zenith_deg, airmass, 3.0, GHENT.altitude_m)
    expected_w_per_m2 = np.nan_to_num(np.asarray(clear["ghi"]))
    found_w_per_m2 = clear_sky_w_per_m2(first_s, count, GHENT)
    assert found_w_per_m2.max() > 900
    assert found_w_per_m2 == pytest.approx(expected_w_per_m2, abs=1e-6)
