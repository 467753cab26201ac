"""A recorded site that runs, checked by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kwartier.simulation.car import Car
from kwartier.simulation.observation import Band, Orders
from kwartier.simulation.period import closed
from kwartier.simulation.running_site import RunningSite
from tests.simulation.small_site import LOAD_W, START, car, period, recorded

FULL = Orders({"left": 32.0, "right": 32.0})


def _running(*cars: Car) -> RunningSite:
    span = period()
    return RunningSite(closed(recorded(*cars), span), span.start_s, span.end_s)


def _run(site: RunningSite, orders: Orders, minutes: int) -> None:
    for _ in range(minutes // 5):
        site.advance(orders, site.at_s + 300)


def test_a_car_charges_at_its_own_power_until_it_has_what_it_wants() -> None:
    site = _running(car("left", 0, 4))
    _run(site, FULL, 60)
    assert site.meters.device_wh["left"][:4].tolist() == pytest.approx([2_760.0] * 4)  # 11.04 kW x 1/4 h
    assert site.meters.offtake_wh["grid"][:4].tolist() == pytest.approx([2_760.0 + LOAD_W / 4] * 4)
    _run(site, FULL, 15)
    assert site.meters.device_wh["left"][4] == 0.0
    assert site.observation().cars[0].transaction_state == "SuspendedEV"


def test_a_car_that_comes_within_a_step_is_seen_at_its_end_and_leaves_to_the_second() -> None:
    site = _running(car("left", 0.05, 0.3))  # at minute 3; leaves at minute 18
    assert site.observation().cars == []
    _run(site, FULL, 30)
    # From minute 5 to minute 15, and from there to minute 18.
    assert site.meters.device_wh["left"][:2].tolist() == pytest.approx([1_840.0, 552.0])
    assert site.gone[0][1] == pytest.approx(2_392.0)


def test_a_car_that_refuses_small_currents_takes_none() -> None:
    site = _running(car("left", 0, 4, least_current_a=10.0))
    _run(site, Orders({"left": 8.0}), 15)
    assert site.meters.device_wh["left"][0] == 0.0
    _run(site, Orders({"left": 10.0}), 15)
    assert site.meters.device_wh["left"][1] == pytest.approx(10 * 230 * 3 / 4)


def test_a_second_car_waits_for_its_pole() -> None:
    site = _running(car("left", 0, 1), car("left", 0.5, 2))
    _run(site, FULL, 55)
    assert [one.transaction_id for one in site.observation().cars] == ["left-0"]
    _run(site, FULL, 10)
    assert [one.transaction_id for one in site.observation().cars] == ["left-0.5"]


def test_a_car_that_leaves_early_had_said_otherwise() -> None:
    early = replace(car("left", 0, 1), told_departure=START + timedelta(hours=6))
    site = _running(early)
    assert site.observation().cars[0].departure_time == START + timedelta(hours=6)
    _run(site, FULL, 60)
    assert site.observation().cars == []
    assert site.observation().past_cars()[-1].stop_time == START + timedelta(hours=1)


def test_a_battery_loses_what_its_efficiencies_say() -> None:
    site = _running()
    _run(site, Orders(power_w={"battery": 4_000.0}), 60)
    assert site.stored_wh["battery"] == pytest.approx(5_000.0 + 4_000.0 * 0.95)
    _run(site, Orders(power_w={"battery": -1_900.0}), 60)
    assert site.stored_wh["battery"] == pytest.approx(8_800.0 - 1_900.0 / 0.95)


def test_a_battery_keeps_its_connection_in_a_band() -> None:
    site = _running()
    _run(site, Orders(bands={"grid": Band(0.0, 1_000.0)}), 15)
    assert site.meters.offtake_wh["grid"][0] == pytest.approx(
        250.0
    )  # 1 kW; the battery gives 2 of the load's 3 kW
    _run(site, Orders(bands={"grid": Band(4_500.0, 9_000.0)}), 15)
    assert site.meters.device_wh["battery"][1] == pytest.approx(1_500.0 / 4)


def test_the_month_peak_is_that_of_whole_quarter_hours_of_the_month() -> None:
    site = _running(car("left", 0, 4))
    _run(site, FULL, 10)
    assert site.observation().month_peak_w == {"grid": 0.0}
    assert site.observation().quarter["grid"].offtake_wh == pytest.approx((11_040.0 + LOAD_W) / 6)
    _run(site, FULL, 5)
    assert site.observation().month_peak_w == {"grid": pytest.approx(11_040.0 + LOAD_W)}


def test_nothing_of_the_quarter_hour_that_runs_is_in_the_history() -> None:
    site = _running()
    assert site.observation().series_now_w == {"building": None}
    _run(site, Orders(), 5)
    seen = site.observation()
    assert seen.series_now_w == {"building": LOAD_W}
    history = seen.history_of("building")
    assert history.first_s + 900 * len(history.power_w) == period().start_s
    assert [one.known_at <= START + timedelta(minutes=5) for one in seen.price_days] == [True, True]


def test_a_period_that_the_series_do_not_cover_is_refused() -> None:
    span = period(9.0)
    with pytest.raises(ValueError, match="the series building does not cover the period"):
        RunningSite(closed(recorded(), span), span.start_s, span.end_s).advance(FULL, span.start_s + 300)
