import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kwartier.forecasting.clear_sky import clear_sky_w_per_m2
from kwartier.forecasting.forecaster import ForecastCase
from kwartier.forecasting.power_history import NOTHING, FloatArray, PowerHistory
from kwartier.forecasting.pv_forecast import forecast_pv
from tests.forecasting.cases import GHENT, case, moment_s, same
from tests.forecasting.wrong_histories import WRONG

FIRST, DAYS, RATING_W = "2026-05-05", 57, 6_000.0
SUN = clear_sky_w_per_m2(moment_s(FIRST), DAYS * 96, GHENT)


def roof(share: float | FloatArray = 0.5) -> PowerHistory:
    """A roof that gives a share of 5 W per W/m2 of clear sky."""
    return PowerHistory(moment_s(FIRST), -5.0 * share * SUN)


def cloudy() -> PowerHistory:
    """Each day has weather of its own."""
    return roof(np.repeat(np.random.default_rng(4).uniform(0.2, 0.9, DAYS), 96))


def sound(past: PowerHistory, at: str = "2026-06-30T09:20") -> ForecastCase:
    return case(at, past, 96, RATING_W)


def test_a_roof_that_always_gives_the_same_share_goes_on_so() -> None:
    forecast = forecast_pv(sound(roof()))
    coming = clear_sky_w_per_m2(forecast.first_s, 96, GHENT)
    by_day = coming > 30.0
    assert forecast.mean_w[by_day] == pytest.approx(-2.5 * coming[by_day], rel=1e-6)
    assert forecast.mean_w[coming == 0.0].tolist() == [0.0] * int(np.sum(coming == 0.0))
    assert (forecast.quality, forecast.findings) == ("good", ())
    assert forecast.source.startswith("clear sky scaled by the own output of ")


def test_a_roof_to_the_east_is_forecast_to_the_east() -> None:
    quarter = np.arange(DAYS * 96) % 96
    forecast = forecast_pv(sound(roof(np.where(quarter < 54, 0.6, 0.2))))
    hours = {hour: (moment_s(f"2026-06-30T{hour}:00") - forecast.first_s) // 900 for hour in ("11", "16")}
    coming = clear_sky_w_per_m2(forecast.first_s, 96, GHENT)
    share = -forecast.mean_w / (5.0 * np.maximum(coming, 1.0))
    assert share[hours["11"]] == pytest.approx(0.6, abs=0.02)
    assert share[hours["16"]] == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize(
    "past", [cloudy(), NOTHING, PowerHistory(moment_s(FIRST), np.full(DAYS * 96, -900.0))]
)
def test_a_forecast_without_quantiles_has_the_same_mean(past: PowerHistory) -> None:
    # The last one gives power by night, so that the sun says nothing of it.
    whole, mean_only = forecast_pv(sound(past)), forecast_pv(replace(sound(past), wants_quantiles=False))
    assert mean_only.quantile_w.shape == (0, 96)
    assert same(replace(mean_only, quantile_w=whole.quantile_w), whole)


def test_quantiles_are_those_of_the_weather_of_late() -> None:
    forecast = forecast_pv(sound(cloudy()))
    noon = (moment_s("2026-07-01T08:00") - forecast.first_s) // 900
    most_w, least_w = forecast.level_w(0.1)[noon], forecast.level_w(0.9)[noon]
    coming = clear_sky_w_per_m2(forecast.first_s, 96, GHENT)[noon]
    # Shares between 0.2 and 0.9 with equal odds: P10 of the power is the most that is delivered.
    assert most_w / (-5.0 * coming) == pytest.approx(0.83, abs=0.08)
    assert least_w / (-5.0 * coming) == pytest.approx(0.27, abs=0.08)


def test_the_clouds_of_this_hour_count_for_the_next() -> None:
    # The same weather on all days before; today at 9 h a quarter of it.
    share = np.repeat(np.random.default_rng(4).uniform(0.3, 0.9, DAYS), 96)
    today = np.arange(DAYS * 96) >= (DAYS - 1) * 96
    clouded = forecast_pv(sound(roof(np.where(today, 0.15, share))))
    usual = forecast_pv(sound(roof(np.where(today, 0.6, share))))
    assert clouded.mean_w[1] > 0.6 * usual.mean_w[1]
    assert clouded.mean_w[80] == usual.mean_w[80]


def test_before_anything_is_known_the_clear_sky_is_taken_at_the_rating() -> None:
    forecast = forecast_pv(case("2026-06-30T13:00", NOTHING, 8, RATING_W))
    coming = clear_sky_w_per_m2(forecast.first_s, 8, GHENT)
    # The Belgian fleet of 2024 gave 0.45 of its rating times clear sky (docs/forecasting.md).
    assert forecast.mean_w == pytest.approx(-0.45 * RATING_W * coming / 1_000.0)
    assert forecast.quality == "degraded"
    assert forecast.source == "clear sky at the rating: nothing is known of the series"


def test_a_wrong_place_is_found_and_its_sun_is_not_used() -> None:
    wrong = replace(sound(cloudy()), place=replace(GHENT, longitude_deg=-70.0))
    forecast = forecast_pv(wrong)
    assert [finding.rule for finding in forecast.findings] == ["forecast.pv_at_night"]
    assert "correct the site's coordinates" in forecast.findings[0].message
    right = forecast_pv(sound(cloudy()))
    # The plain profile of the own output is nearly as good; the sun of the other place would be hours off.
    assert forecast.mean_w == pytest.approx(right.mean_w, abs=0.15 * RATING_W)


def test_a_series_of_the_wrong_sign_is_found() -> None:
    past = roof()
    forecast = forecast_pv(sound(PowerHistory(past.first_s, -past.power_w)))
    assert [finding.rule for finding in forecast.findings] == ["forecast.pv_consumes"]
    assert float(np.max(np.abs(forecast.quantile_w))) == 0.0


def test_an_inverter_that_stands_still_is_not_believed() -> None:
    past = cloudy()
    power_w = past.power_w.copy()
    power_w[-3 * 96 :] = 0.0
    forecast = forecast_pv(sound(PowerHistory(past.first_s, power_w)))
    assert "forecast.history_flat" in {finding.rule for finding in forecast.findings}
    assert float(np.min(forecast.mean_w)) < -1_000.0


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_data_give_a_degraded_forecast_within_two_seconds(wrong: str) -> None:
    good = sound(cloudy())
    past = PowerHistory(good.history.first_s, WRONG[wrong](good.history.power_w))
    if wrong == "one day long":
        past = PowerHistory(int(good.at_s // 900 * 900) - 86_400, past.power_w)
    begun_s = time.process_time()
    forecast = forecast_pv(replace(good, history=past))
    assert time.process_time() - begun_s < 2.0  # reliability.md, R57
    assert forecast.quality == "degraded"
    assert forecast.findings
    assert np.isfinite(forecast.quantile_w).all()
    assert -RATING_W <= float(np.min(forecast.quantile_w)) <= float(np.max(forecast.quantile_w)) <= 0.0


@settings(max_examples=40)  # each looks at the sun twice
@given(
    power_w=st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=40),
    days=st.integers(0, 20),
    offset=st.integers(-40, 4_000),
    latitude_deg=st.floats(-90, 90),
    longitude_deg=st.floats(-180, 180),
    rating_w=st.none() | st.floats(0, 1e9),
)
def test_whatever_the_data_there_is_a_forecast_of_ordered_numbers_that_are_delivered(
    power_w: list[float],
    days: int,
    offset: int,
    latitude_deg: float,
    longitude_deg: float,
    rating_w: float | None,
) -> None:
    first_s = moment_s("2026-03-20")
    place = replace(GHENT, latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    past = PowerHistory(first_s, np.array(power_w * (days + 1), dtype=np.float64))
    given_case = ForecastCase(first_s + 900 * offset + 77.0, 96, past, place, rating_w)
    forecast = forecast_pv(given_case)
    assert np.isfinite(forecast.mean_w).all()
    assert np.isfinite(forecast.quantile_w).all()
    assert np.all(np.diff(forecast.quantile_w, axis=0) >= -1e-6 * np.abs(forecast.quantile_w[1:]))
    assert float(np.max(forecast.quantile_w)) <= 0.0
    assert same(forecast, forecast_pv(given_case))


def test_what_comes_later_changes_nothing() -> None:
    good = sound(cloudy(), "2026-06-20T11:00")
    power_w = good.history.power_w.copy()
    power_w[(moment_s("2026-06-20T11:00") - good.history.first_s) // 900 :] = -5_999.0
    other = replace(good, history=PowerHistory(good.history.first_s, power_w))
    assert same(forecast_pv(good), forecast_pv(other))


def test_a_site_without_solar_power_never_loads_what_only_the_sun_needs() -> None:
    # 1 s of processor time and 125 MB; the service imports all forecasters at its start.
    program = (
        "import sys, kwartier.forecasting.pv_forecast, kwartier.forecasting.load_forecast; "
        "sys.exit(' '.join({'pvlib', 'pandas', 'scipy', 'holidays'} & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
