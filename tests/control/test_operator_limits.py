from dataclasses import replace
from datetime import timedelta

import pytest

from kwartier.control.events import OperatorFailsafe
from kwartier.control.facts import OperatorFacts, OperatorLimit
from kwartier.control.tick import tick
from tests.control import sites as s
from tests.control.closed_loop import START, Loop, plan_of
from tests.control.test_guard import depot, flows, run

FAILSAFE = OperatorLimit("main", current_a=16.0)
HEARD = OperatorFacts((FAILSAFE,), heartbeat_age_s=5.0, limits_age_s=0.0)


def limited(**changes: object) -> OperatorFacts:
    return replace(HEARD, **changes)  # type: ignore[arg-type]


def told_a(loop: Loop) -> float:
    return sum(one.max_current or 0.0 for one in loop.outcomes[-1].in_force)


def failsafes(loop: Loop) -> list[bool]:
    events = (event for outcome in loop.outcomes for event in outcome.events)
    return [event.is_in_force for event in events if isinstance(event, OperatorFailsafe)]


def test_a_limit_is_in_force_with_the_next_command() -> None:
    loop = depot(63, 2)
    loop.operator = HEARD
    run(loop, 30)
    assert told_a(loop) == 63.0
    loop.operator = limited(limits=(OperatorLimit("main", current_a=20.0),))
    loop.step()
    assert told_a(loop) == 20.0


def test_a_limit_of_power_holds_for_all_phases_together() -> None:
    loop = depot(63, 2)
    loop.operator = limited(limits=(OperatorLimit("main", offtake_w=13_800.0),))
    run(loop, 30)
    assert sum(flows(loop)) == pytest.approx(20.0)  # 13 800 W / (3 x 230 V)


def test_a_limit_holds_from_its_start_to_its_end() -> None:
    hour = timedelta(hours=1)
    loop = depot(63, 2)
    later = OperatorLimit("main", current_a=20.0, start=START + hour, end=START + 2 * hour)
    loop.operator = limited(limits=(later,))
    run(loop, 30)
    assert told_a(loop) == 63.0
    facts = loop.facts()
    during = tick(loop.site, replace(facts, at=START + 1.5 * hour), loop.memory)
    assert sum(one.max_current or 0.0 for one in during.in_force) == 20.0


def test_a_service_that_has_just_started_begins_with_the_failsafe_value() -> None:
    loop = depot(63, 2)
    loop.operator = OperatorFacts((FAILSAFE,))
    run(loop, 120)
    assert told_a(loop) == 16.0
    loop.operator = limited(limits_age_s=None)  # a heartbeat alone is not enough
    run(loop, 30)
    assert told_a(loop) == 16.0
    loop.operator = HEARD
    run(loop, 200)
    assert told_a(loop) == 63.0
    assert failsafes(loop) == [True, False]


@pytest.mark.parametrize(
    ("age_s", "expected_a"), [(120.0, 63.0), (121.0, 16.0), (None, 16.0), (-400.0, 16.0)]
)
def test_a_heartbeat_that_is_missed_for_120_s_brings_the_failsafe_value(
    age_s: float | None, expected_a: float
) -> None:
    loop = depot(63, 2)
    loop.operator = HEARD
    run(loop, 30)
    loop.operator = limited(heartbeat_age_s=age_s)
    loop.step()
    assert told_a(loop) == expected_a


def test_the_failsafe_value_lasts_two_hours_and_ends_only_with_heartbeat_and_fresh_limit() -> None:
    loop = depot(63, 2)
    loop.operator = HEARD
    run(loop, 30)
    loop.operator = limited(heartbeat_age_s=500.0)
    loop.step()
    begun = loop.second
    loop.seconds_per_step = 60
    loop.operator = HEARD
    while loop.second < begun + 7200 - 60:
        loop.step()
        assert told_a(loop) <= 16.0
    loop.operator = limited(limits_age_s=9000.0)  # a limit from before the failsafe
    for _ in range(10):
        loop.step()
        assert told_a(loop) <= 16.0
    loop.operator = HEARD
    run(loop, 30)
    assert told_a(loop) == 63.0
    assert failsafes(loop) == [True, False, True, False]


def test_a_limit_below_the_failsafe_value_still_holds_during_it() -> None:
    loop = depot(63, 2)
    loop.operator = OperatorFacts((FAILSAFE,), limits=(OperatorLimit("main", current_a=12.0),))
    run(loop, 30)
    assert told_a(loop) == 12.0


@pytest.mark.parametrize("rung", ["optimal", "share", "floor", "stop"])
def test_a_limit_clips_every_rung(rung: str) -> None:
    loop = depot(63, 2, s.series("oven", "load", 20))
    loop.operator = limited(limits=(OperatorLimit("main", current_a=26.0),))
    if rung == "optimal":
        loop.plan = plan_of(loop.site, loop.at, {"pole_0": [32.0], "pole_1": [32.0]})
    loop.meters_up = rung != "floor"
    loop.stop = "protection relay" if rung == "stop" else None
    run(loop, 40)
    assert loop.outcomes[-1].rung == rung
    # 20 A of the 26 A may be the oven's where no meter says otherwise.
    assert told_a(loop) == {"optimal": 26.0, "share": 26.0, "floor": 6.0, "stop": 0.0}[rung]


def test_injection_that_the_operator_forbids_keeps_a_battery_from_discharging() -> None:
    loop = depot(63, 0, s.battery("bess", 10_000.0), s.series("roof", "pv", 20))
    loop.plan = plan_of(loop.site, loop.at, {"bess": [-10.0]})
    loop.operator = limited(limits=(OperatorLimit("main", injection_w=2_300.0),))
    run(loop, 30)
    assert [round(one.power or 0.0) for one in loop.outcomes[-1].in_force] == [-2300]
    loop.load_a["roof"] = dict.fromkeys(s.PHASES, -5.0)
    loop.step()
    assert [round(one.power or 0.0) for one in loop.outcomes[-1].in_force] == [0]
