"""R23: any subset of devices, meter and service is lost at any instant, and no fuse carries more than its limit."""

from copy import deepcopy
from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from kwartier.control import allocation, guard, validity
from tests.control import sites as s
from tests.control.closed_loop import Loop, plan_of
from tests.control.test_guard import depot, run

LOSABLE = ("pole_0", "pole_1", "pole_2", "bess", "meter", "service")
SUBSETS = [frozenset(some) for count in range(len(LOSABLE) + 1) for some in combinations(LOSABLE, count)]
# From the last renewal to the last end of a setpoint is five minutes; a minute more for cars and clocks.
UNTIL_S = 360


def unequal() -> Loop:
    """A full board: one car has much more than its fallback, the others less, and a battery makes room."""
    return deepcopy(full_board())


@cache
def full_board() -> Loop:
    loop = depot(45, 3, s.series("oven", "load", 20), s.battery("bess", 4830.0))
    plan = {"pole_0": [32.0] * 4, "pole_1": [0.0] * 4, "pole_2": [0.0] * 4, "bess": [-7.0] * 4}
    loop.plan = plan_of(loop.site, loop.at, plan)
    loop.load_a["oven"] = dict.fromkeys(s.PHASES, 20.0)
    run(loop, 60)
    assert loop.devices["pole_0"].flows_a == 32.0
    assert loop.site.fallback.current_a == pytest.approx(25 / 3)
    return loop


def lose(loop: Loop, lost: frozenset[str]) -> None:
    loop.unreachable = lost - {"meter", "service"}
    loop.meters_up = "meter" not in lost
    loop.is_service_up = "service" not in lost


def worst_a(loop: Loop, seconds: int) -> float:
    """The largest current on the board while so many seconds pass, A."""
    worst = 0.0
    for _ in range(seconds):
        loop.step()
        worst = max(worst, *(abs(current_a) for current_a in loop.currents_a().values()))
    return worst


@pytest.mark.parametrize("lost", SUBSETS, ids=lambda lost: "+".join(sorted(lost)) or "nothing")
def test_whoever_is_lost_no_fuse_is_overloaded(lost: frozenset[str]) -> None:
    loop = unequal()
    run(loop, 7 * SUBSETS.index(lost) % 30)
    lose(loop, lost)
    assert worst_a(loop, 20) <= 45.0 + 1e-6
    loop.seconds_per_step = 4
    assert worst_a(loop, UNTIL_S // 4) <= 45.0 + 1e-6


@pytest.mark.parametrize("second", range(0, 60, 4))
def test_the_service_may_die_at_any_second_between_two_renewals(second: int) -> None:
    loop = unequal()
    run(loop, second)
    loop.is_service_up = False
    # Some got their renewal and others not: the last messages are lost.
    loop.in_flight = loop.in_flight[second % 4 :]
    assert worst_a(loop, UNTIL_S) <= 45.0 + 1e-6
    assert {round(one.flows_a, 2) for one in loop.devices.values() if one.device.kind == "ac"} == {8.33}


def test_setpoints_that_end_in_the_wrong_order_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = unequal()
    monkeypatch.setattr(validity, "EARLIER_BY_RENEWALS", -1.5)
    run(loop, 65)  # all setpoints are renewed
    loop.is_service_up = False
    assert worst_a(loop, UNTIL_S) > 45.0


def swapped() -> Loop:
    """Two cars that swap what they have at a quarter-hour: the one that gives follows late, the other at once."""
    loop = depot(40, 2)
    loop.plan = plan_of(loop.site, loop.at, {"pole_0": [30.0, 8.0], "pole_1": [8.0, 30.0]})
    loop.devices["pole_0"].follow_s, loop.devices["pole_1"].follow_s = 4, 1
    run(loop, 890)
    return loop


def test_nobody_is_raised_before_the_others_have_followed() -> None:
    loop = swapped()
    assert worst_a(loop, 60) <= 40.0
    assert [one.flows_a for one in loop.devices.values()] == [8.0, 30.0]


def test_a_guard_that_raises_too_early_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(*args: object) -> allocation.FloatArray:
        demand = args[3]
        assert isinstance(demand, allocation.Demand)
        return demand.most_a

    monkeypatch.setattr(guard, "raised_a", at_once)
    loop = swapped()
    assert worst_a(loop, 60) > 40.0


@pytest.mark.parametrize("valid_for_s", [60.0, 300.0, 1800.0])
def test_what_is_above_the_fallback_ends_before_what_is_below_it(valid_for_s: float) -> None:
    loop = depot(45, 2, s.series("oven", "load", 20))
    loop.site = replace(loop.site, valid_for_s=valid_for_s)
    loop.plan = plan_of(loop.site, loop.at, {"pole_0": [32.0], "pole_1": [0.0]})
    run(loop, 40)
    above, below = loop.outcomes[-1].in_force
    assert (above.max_current, below.max_current) == (32.0, 0.0)
    held_s = [(one.valid_until - one.valid_from).total_seconds() for one in (above, below)]
    # One and a half renewals apart; a renewal is a minute, or a fifth of a shorter validity.
    assert held_s == [valid_for_s - 1.5 * min(60.0, valid_for_s / 5), valid_for_s]
