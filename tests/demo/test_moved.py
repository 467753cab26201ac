"""The demo's data moved to any day make whole days of prices, and measurements of the past only."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from kwartier.demo import demo_request_json
from kwartier.demo.moved import MEASURED_DAYS, MovedDemo
from kwartier.demo.past_days import ZONE, request
from kwartier.planning.request import PlanRequest
from kwartier.site.transaction import Transaction

ON_ITS_DAY = datetime(2025, 10, 3, 4, 52, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (ON_ITS_DAY, 96 + 96),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), 96 + 92),  # the clock goes forward on 29 March 2026
        (datetime(2026, 3, 29, 12, tzinfo=UTC), 92 + 96),
        (datetime(2026, 10, 25, 12, tzinfo=UTC), 100 + 96),  # and back on 25 October
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 96 + 96),  # already the new year in Belgium
    ],
)
def test_prices_are_those_of_two_whole_local_days(at: datetime, count: int) -> None:
    start, eur_per_mwh = MovedDemo(at).prices()
    assert start <= at < start + timedelta(days=1, hours=1)
    assert (start.hour, start.minute) == (0, 0)
    assert len(eur_per_mwh) == count


def test_on_its_own_day_the_prices_and_cars_are_those_of_the_request() -> None:
    request = PlanRequest.model_validate_json(demo_request_json())
    demo = MovedDemo(ON_ITS_DAY)
    assert request.day_ahead is not None
    assert demo.prices()[1] == request.day_ahead.eur_per_mwh[:192]
    assert [car.transaction_id for car in demo.transactions()] == [
        car.transaction_id for car in request.transactions
    ]


def test_cars_come_and_go_at_the_same_clock_time_in_winter_as_in_the_data() -> None:
    # The data are of October, when clocks in Belgium are two hours ahead of UTC; in January it is one.
    moved = MovedDemo(datetime(2026, 1, 15, 5, 52, 10, tzinfo=UTC)).transactions()
    assert [clock_times(car) for car in moved] == [clock_times(car) for car in request().transactions]


def clock_times(car: Transaction) -> list[time]:
    assert car.departure_time is not None
    return [moment.astimezone(ZONE).time() for moment in (car.start_time, car.departure_time)]


@pytest.mark.parametrize("hour", [0, 7, 13, 22])
def test_moved_cars_are_still_there_or_yet_to_come(hour: int) -> None:
    at = datetime(2027, 6, 15, hour, 7, tzinfo=UTC)
    cars = list(MovedDemo(at).transactions())
    assert cars
    assert all(car.departure_time is not None and car.departure_time > at for car in cars)
    assert {car.timestamp for car in cars} == {at}


def test_measurements_reach_from_days_ago_to_now_and_their_totals_tell_the_powers() -> None:
    at = datetime(2027, 6, 15, 13, 7, 31, tzinfo=UTC)
    rows = list(MovedDemo(at).measurements())
    sun = [row for row in rows if row.asset_id == "roof_pv"]
    assert max(row.timestamp for row in rows) == at
    assert at - sun[0].timestamp > timedelta(days=MEASURED_DAYS)
    quarters = pairwise(sun[:-1])
    assert all(one.energy_value + two.power_value / 4 == two.energy_value for one, two in quarters)
    # The data's own sum of one day, Wh: the sun of 3 October 2025.
    day_wh = sun[96].energy_value - sun[0].energy_value
    assert day_wh < -100_000
    assert {row.asset_id for row in rows} >= {"roof_pv", "building", "grid_connection", "battery"}


@pytest.mark.parametrize("hour", [3, 7, 15, 23])
def test_cars_that_have_left_came_one_after_the_other_and_their_poles_counted_what_they_took(
    hour: int,
) -> None:
    at = datetime(2027, 6, 21, hour, 7, 31, tzinfo=UTC)
    demo = MovedDemo(at)
    ended = list(demo.past_transactions())
    assert len(ended) > 100  # about fifteen a day since the month began
    assert len({car.transaction_id for car in ended}) == len(ended)
    totals_wh = {(row.asset_id, row.timestamp): row.energy_value for row in demo.measurements()}
    for car in ended:
        assert car.stop_time is not None
        taken_wh = totals_wh[car.asset_id, car.stop_time] - totals_wh[car.asset_id, car.start_time]
        assert taken_wh == pytest.approx(car.energy_charged, abs=0.01)
    running = [car for car in demo.transactions() if car.start_time <= at]
    for pole in {car.asset_id for car in ended}:
        stays = [(car.start_time, car.stop_time or at) for car in (*ended, *running) if car.asset_id == pole]
        assert all(one[1] <= two[0] for one, two in pairwise(sorted(stays)))


def test_the_past_has_its_prices_and_reaches_to_the_beginning_of_the_month() -> None:
    at = datetime(2027, 6, 21, 5, tzinfo=UTC)
    demo = MovedDemo(at)
    start, eur_per_mwh = demo.past_prices()
    assert start == datetime(2027, 5, 31, 22, tzinfo=UTC)
    assert len(eur_per_mwh) == 20 * 96
    # Two days ago had the prices of today, and yesterday those of tomorrow.
    assert eur_per_mwh[-192:] == demo.prices()[1]
    rows = list(demo.measurements())
    assert min(row.timestamp for row in rows) == start
    others: dict[datetime, float] = {}
    grid = {row.timestamp: row.power_value for row in rows if row.asset_id == "grid_connection"}
    for row in rows:
        if row.asset_id not in {"grid_connection", "battery"}:
            others[row.timestamp] = others.get(row.timestamp, 0.0) + row.power_value
    assert grid == pytest.approx({moment: others[moment] for moment in grid})
