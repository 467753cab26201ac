from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.forecasting.charging_session import PastSession
from kwartier.forecasting.expected_arrivals import expected_arrivals
from tests.forecasting.cases import GHENT, moment_s

HOUR_S, DAY_S = 3600, 86_400
MIDNIGHT_S = moment_s("2026-06-29")  # a Monday


def at_nine(days: range, pole: str = "pole-1") -> list[PastSession]:
    """A car at nine o'clock on days before the Monday, for 8 h and 12 kWh."""
    return [
        PastSession(
            pole,
            None,
            MIDNIGHT_S - day * DAY_S + 9.25 * HOUR_S,
            MIDNIGHT_S - day * DAY_S + 17.25 * HOUR_S,
            12e3,
        )
        for day in days
    ]


def test_a_car_that_came_every_day_is_expected_for_sure() -> None:
    (car,) = expected_arrivals(
        MIDNIGHT_S, MIDNIGHT_S + DAY_S, at_nine(range(1, 29)), ["pole-1"], GHENT.timezone
    )
    # The middle of its hour, since minutes are not counted.
    assert (car.start_s - MIDNIGHT_S, car.departure_s - car.start_s) == (9.5 * HOUR_S, 8 * HOUR_S)
    assert (car.energy_wh, car.weight) == (12e3, 1.0)
    assert car.source == "mean arrivals of like days among the last 28, of 28 sessions"


def test_a_car_that_came_on_half_of_the_workdays_weighs_half() -> None:
    # 29 June back to 1 June: 20 workdays, of which the car came on the even ones of the last 14 days and before.
    workdays = [day for day in range(1, 29) if day % 7 not in (1, 2)]
    came = [one for day in workdays[::2] for one in at_nine(range(day, day + 1))]
    first = at_nine(range(28, 29))
    (car,) = expected_arrivals(MIDNIGHT_S, MIDNIGHT_S + DAY_S, [*first, *came], ["pole-1"], GHENT.timezone)
    assert car.weight == pytest.approx((len(came) + 1) / 20)


def test_workdays_do_not_tell_about_weekends() -> None:
    workdays = [one for day in range(1, 29) if day % 7 not in (1, 2) for one in at_nine(range(day, day + 1))]
    saturday_s = MIDNIGHT_S + 5 * DAY_S
    assert expected_arrivals(saturday_s, saturday_s + DAY_S, workdays, ["pole-1"], GHENT.timezone) == []


def test_three_cars_of_an_hour_are_three_sessions_at_poles_in_turn() -> None:
    poles = ["pole-1", "pole-2", "pole-3"]
    past = [one for pole in poles for one in at_nine(range(1, 29), pole)] + at_nine(range(40, 60), "pole-2")
    cars = expected_arrivals(MIDNIGHT_S, MIDNIGHT_S + DAY_S, past, poles, GHENT.timezone)
    assert [(car.pole, car.weight) for car in cars] == [(pole, 1.0) for pole in poles]


def test_rare_cars_are_gathered_until_one_is_likely_enough() -> None:
    # One car each at 8, 9, 10 and 11 h, each on one of four weeks' Mondays only: 1/20 of the workdays each.
    past = [
        PastSession(
            "pole-1",
            None,
            MIDNIGHT_S - 7 * week * DAY_S + hour * HOUR_S,
            MIDNIGHT_S - 7 * week * DAY_S + (hour + 1) * HOUR_S,
            1e4,
        )
        for week in (1, 2, 3, 4)
        for hour in (8, 9, 10, 11, 12)
        if week == 4 or hour < 9
    ]
    cars = expected_arrivals(MIDNIGHT_S, MIDNIGHT_S + DAY_S, past, ["pole-1"], GHENT.timezone)
    # 8 h: 4 of 20, 9 to 12 h: 1 of 20 each; 4/20 + 1/20 reach a quarter, the rest does not.
    assert [car.weight for car in cars] == [pytest.approx(0.25)]
    assert cars[0].start_s - MIDNIGHT_S == pytest.approx((4 * 8.5 + 9.5) / 5 * HOUR_S)


def test_the_hour_that_has_begun_counts_for_its_rest() -> None:
    at_s = MIDNIGHT_S + 9.5 * HOUR_S
    (car,) = expected_arrivals(at_s, at_s + 4 * HOUR_S, at_nine(range(1, 29)), ["pole-1"], GHENT.timezone)
    assert (car.weight, car.start_s) == (0.5, at_s + 0.25 * HOUR_S)


def test_nothing_is_expected_where_nothing_is_known_or_the_pole_is_gone() -> None:
    assert expected_arrivals(MIDNIGHT_S, MIDNIGHT_S + DAY_S, [], ["pole-1"], GHENT.timezone) == []
    gone = at_nine(range(1, 29), "old-pole")
    assert expected_arrivals(MIDNIGHT_S, MIDNIGHT_S + DAY_S, gone, ["pole-1"], GHENT.timezone) == []
    long_ago = at_nine(range(30, 50))
    assert expected_arrivals(MIDNIGHT_S, MIDNIGHT_S + DAY_S, long_ago, ["pole-1"], GHENT.timezone) == []


@given(
    told=st.lists(
        st.tuples(st.floats(0, 40 * DAY_S), st.floats(-DAY_S, 2 * DAY_S), st.none() | st.floats(0, 1e6)),
        max_size=50,
    ),
    days=st.integers(1, 3),
)
def test_weights_add_up_to_no_more_cars_than_came_per_day(
    told: list[tuple[float, float, float | None]], days: int
) -> None:
    past = [
        PastSession("pole-1", None, MIDNIGHT_S - ago_s, MIDNIGHT_S - ago_s + stay_s, energy_wh)
        for ago_s, stay_s, energy_wh in told
    ]
    cars = expected_arrivals(MIDNIGHT_S, MIDNIGHT_S + days * DAY_S, past, ["pole-1", "pole-2"], UTC, "BE")
    assert all(0 < car.weight <= 1 and car.energy_wh >= 0 for car in cars)
    assert all(MIDNIGHT_S <= car.start_s <= min(car.departure_s, MIDNIGHT_S + days * DAY_S) for car in cars)
    assert sum(car.weight for car in cars) <= len(told) * days + 1e-9
    assert [car.start_s for car in cars] == sorted(car.start_s for car in cars)
