from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.forecasting.charging_session import PastSession, PresentSession
from kwartier.forecasting.default_session import AC_SESSION, DC_SESSION
from kwartier.forecasting.session_forecast import forecast_session
from tests.forecasting.cases import GHENT, moment_s

HOUR_S, DAY_S = 3600, 86_400
NOW_S = moment_s("2026-06-30T08:00")
HERE = PresentSession("pole-1", "anna", NOW_S, NOW_S)


def stays(hours: list[float], badge: str | None = "anna", pole: str = "pole-1") -> list[PastSession]:
    """Sessions at eight of the last workdays, the latest last, that took 2 kWh per hour."""
    days = [day for day in range(1, 200) if day % 7 not in (2, 3)]  # Sunday is two days before a Tuesday
    return [
        PastSession(pole, badge, NOW_S - day * DAY_S, NOW_S - day * DAY_S + stay * HOUR_S, 2_000.0 * stay)
        for day, stay in zip(days, hours, strict=False)
    ][::-1]


def hours_of(forecast_s: tuple[float, ...]) -> list[float]:
    return [(moment - NOW_S) / HOUR_S for moment in forecast_s]


def test_before_anything_is_known_the_default_session_is_taken() -> None:
    forecast = forecast_session(HERE, [], GHENT.timezone)
    # Five values of equal weight, each in the middle of its fifth: P10, P50 and P90 are values, the others in between.
    between = [1.2 + 0.75 * (2.4 - 1.2), 11.5 + 0.25 * (15.3 - 11.5)]
    assert hours_of(forecast.departure_s) == pytest.approx([1.2, between[0], 5.8, between[1], 15.3])
    assert forecast.energy_wh[2] == pytest.approx(AC_SESSION.energy_wh[2])
    assert (forecast.quality, forecast.source) == ("degraded", "default session: none of the site is known")


def test_a_direct_current_pole_has_a_default_of_minutes() -> None:
    forecast = forecast_session(replace(HERE, is_dc=True), [], GHENT.timezone)
    assert hours_of(forecast.departure_s)[2] == pytest.approx(DC_SESSION.stay_h[2])


def test_a_plan_counts_on_p10_of_the_departure_and_on_the_mean_of_the_energy() -> None:
    forecast = forecast_session(HERE, stays([8.0] * 10 + [9.0] * 10 + [3.0] * 10), GHENT.timezone)
    assert forecast.quality == "good"
    assert forecast.planned_departure_s == forecast.departure_s[0]
    assert hours_of(forecast.departure_s)[0] < 5.0
    assert forecast.planned_energy_wh == forecast.mean_energy_wh


def test_while_little_is_known_a_plan_gives_what_nine_of_ten_cars_make_do_with() -> None:
    forecast = forecast_session(HERE, stays([8.0] * 5), GHENT.timezone)
    assert (forecast.quality, forecast.planned_energy_wh) == ("degraded", forecast.energy_wh[-1])


def test_the_badge_tells_more_than_the_pole_and_the_pole_more_than_the_site() -> None:
    site = stays([2.0] * 30, "bob", "pole-2") + stays([6.0] * 30, "carl", "pole-1")
    of_badge = forecast_session(HERE, site + stays([10.0] * 30), GHENT.timezone)
    of_pole = forecast_session(replace(HERE, badge="new"), site, GHENT.timezone)
    of_site = forecast_session(replace(HERE, badge=None, pole="new"), site, GHENT.timezone)
    assert hours_of(of_badge.departure_s)[2] == pytest.approx(10.0, abs=0.5)
    assert hours_of(of_pole.departure_s)[2] == pytest.approx(6.0, abs=0.5)
    assert 2.0 <= hours_of(of_site.departure_s)[2] <= 6.0
    assert of_badge.source == "predicted from 30 sessions of the badge, 60 of the pole and 90 of the site"


def test_an_unknown_badge_is_nobodys() -> None:
    strangers = stays([4.0] * 30, badge=None, pole="pole-2")
    forecast = forecast_session(replace(HERE, badge=None), strangers, GHENT.timezone)
    assert forecast.source == "predicted from 0 sessions of the badge, 0 of the pole and 30 of the site"


def test_morning_arrivals_tell_about_mornings() -> None:
    evenings = [replace(one, start_s=one.start_s + 10 * HOUR_S) for one in stays([22.0] * 30)]
    forecast = forecast_session(HERE, evenings + stays([8.0] * 30), GHENT.timezone)
    assert hours_of(forecast.departure_s)[2] == pytest.approx(8.0, abs=0.5)


def test_a_car_that_stays_longer_is_expected_to_stay_as_those_that_did() -> None:
    past = stays([1.0, 9.0] * 20)
    arriving = forecast_session(HERE, past, GHENT.timezone)
    later = forecast_session(replace(HERE, at_s=NOW_S + 3 * HOUR_S), past, GHENT.timezone)
    assert hours_of(arriving.departure_s)[0] == pytest.approx(1.0, abs=0.3)
    assert hours_of(later.departure_s)[0] > 7.0


def test_a_car_that_took_more_than_any_wants_a_little_more_and_leaves_soon() -> None:
    beyond = replace(HERE, at_s=NOW_S + 30 * HOUR_S, charged_wh=90_000.0)
    forecast = forecast_session(beyond, stays([8.0] * 30), GHENT.timezone)
    assert forecast.departure_s == (beyond.at_s + 900.0,) * 5
    assert forecast.mean_energy_wh == 91_000.0


def test_sessions_that_run_or_have_no_energy_do_not_spoil_it() -> None:
    past = [replace(one, energy_wh=None) for one in stays([8.0] * 30)]
    running = PastSession("pole-1", "anna", NOW_S - HOUR_S, NOW_S + HOUR_S, 1e9)
    forecast = forecast_session(HERE, [*past, running], GHENT.timezone)
    assert hours_of(forecast.departure_s)[2] == pytest.approx(8.0, abs=0.5)
    assert max(forecast.energy_wh) <= AC_SESSION.energy_wh[-1]


@given(
    told=st.lists(
        st.tuples(
            st.floats(-1e8, 1e7),
            st.floats(-1e5, 1e7),
            st.none() | st.floats(0, 1e9),
            st.sampled_from(["anna", None]),
        ),
        max_size=40,
    ),
    stayed_s=st.floats(0, 1e7),
    charged_wh=st.floats(0, 1e9),
)
def test_departures_lie_ahead_energies_above_what_is_charged_and_both_rise(
    told: list[tuple[float, float, float | None, str | None]], stayed_s: float, charged_wh: float
) -> None:
    past = [
        PastSession("pole-1", badge, NOW_S + start, NOW_S + start + stay, energy_wh)
        for start, stay, energy_wh, badge in told
    ]
    present = PresentSession("pole-1", "anna", NOW_S - stayed_s, NOW_S, charged_wh)
    forecast = forecast_session(present, past, UTC, "BE")
    assert np.all(np.array(forecast.departure_s) >= NOW_S)
    assert np.all(np.diff(forecast.departure_s) >= 0)
    assert np.all(np.array(forecast.energy_wh) >= charged_wh)
    assert np.all(np.diff(forecast.energy_wh) >= 0)
    assert charged_wh <= forecast.mean_energy_wh < np.inf
    assert forecast == forecast_session(present, past, UTC, "BE")
