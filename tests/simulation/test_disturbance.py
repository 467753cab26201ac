"""Meters that err and orders that get lost: what devices do then, and that no line suffers."""

import numpy as np
import pytest

from kwartier.forecasting.power_history import PowerHistory
from kwartier.simulation.disturbance import Disturbance, OrderLine
from kwartier.simulation.observation import Orders
from kwartier.simulation.period import closed
from kwartier.simulation.running_site import RunningSite
from kwartier.simulation.simulate import simulate
from tests.simulation.small_site import LOAD_W, car, period, recorded

DEAF = Disturbance(lost_order_ratio=1.0)


def test_a_meter_errs_and_falls_silent_as_often_as_it_is_told_and_only_from_its_moment_on() -> None:
    truth = PowerHistory(0, np.full(10_000, 100.0))
    told_w = Disturbance(meter_noise_ratio=0.02, meter_gap_ratio=0.05).measured("m", truth, 900 * 100).power_w
    assert told_w[:100].tolist() == [100.0] * 100
    # Of 9,900 chances of 5 % and errors of 2 %: five standard errors of 0.22 % and of 0.014 W.
    assert np.isnan(told_w[100:]).mean() == pytest.approx(0.05, abs=0.011)
    assert np.nanstd(told_w[100:]) == pytest.approx(2.0, abs=0.07)


def test_who_controls_does_not_see_a_silent_meter() -> None:
    span = period()
    silent = Disturbance(meter_gap_ratio=1.0)
    site = RunningSite(closed(recorded(), span), span.start_s, span.end_s, silent)
    for _ in range(4):
        site.advance(Orders(), site.at_s + 300)
    assert site.observation().series_now_w == {"building": None}
    known_w = site.observation().history_of("building").power_w
    assert known_w[-2] == LOAD_W
    assert np.isnan(known_w[-1])


def test_a_device_that_hears_nothing_keeps_to_its_last_order_for_a_step_and_then_falls_back() -> None:
    line = OrderLine(recorded(), DEAF, 2)
    told, last = Orders({"left": 10.0}, {"battery": 500.0}), Orders({"left": 32.0}, {"battery": -900.0})
    first, second = line.heard(told, last), line.heard(told, last)
    assert (first.current_a, first.power_w) == ({"left": 32.0, "right": 0.0}, {"battery": -900.0})
    # On paper 63 A less the load's 63 A leave nothing on the connection: no pole may take anything unheard.
    assert (second.current_a, second.power_w) == ({"left": 0.0, "right": 0.0}, {"battery": 0.0})


def test_the_others_make_room_for_a_pole_that_cannot_be_cut() -> None:
    span = period()
    cars = [car(pole, 0, 24, largest_w=22_080.0, requested_wh=90_000.0) for pole in ("left", "right")]
    site = RunningSite(closed(recorded(*cars), span), span.start_s, span.end_s)
    site.advance(Orders({"left": 30.0, "right": 30.0}, deaf=frozenset({"left"})), site.at_s + 300)
    # The board of 40 A has 10 A left beside the deaf pole's 30 A.
    assert site.done.current_a == {"left": 30.0, "right": pytest.approx(10.0)}
    assert site.meters.breaches == {}


def test_the_planner_breaks_no_limit_and_serves_all_while_a_twentieth_of_all_messages_is_lost() -> None:
    cars = (car("left", 0, 12), car("right", 2, 9))
    imperfect = Disturbance(0.03, 0.05, 0.05, seed=7)
    run = simulate(recorded(*cars), period(0.5), "receding_horizon", disturbance=imperfect)
    assert run.breaches == []
    assert run.unserved_wh == pytest.approx(0.0, abs=1.0)


def test_another_seed_disturbs_other_moments() -> None:
    one, other = (Disturbance(seed=seed).random("left").random(9).tolist() for seed in (7, 8))
    assert one != other
