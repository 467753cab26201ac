from dataclasses import replace
from datetime import timedelta

import pytest

from kwartier.control.events import RungChanged
from kwartier.control.facts import Acknowledgement
from kwartier.control.ladder import possible_rung
from kwartier.control.tick import tick
from tests.control import sites as s
from tests.control.closed_loop import START, Loop, plan_of
from tests.control.test_guard import depot, run

MINUTE = timedelta(minutes=1)


def planned(steps: int = 200) -> Loop:
    loop = depot(63, 2, s.series("oven", "load", 20))
    loop.plan = plan_of(loop.site, loop.at, {"pole_0": [20.0] * steps, "pole_1": [13.0] * steps})
    run(loop, 20)
    return loop


@pytest.mark.parametrize(
    ("minutes", "origin", "expected"),
    [
        (16, "new", "optimal"),  # one cycle and two minutes of grace
        (18, "new", "share"),  # nobody has carried it on
        (18, "last_safe", "last_safe"),
        (60, "last_safe", "last_safe"),  # 1 h
        (76, "last_safe", "last_safe"),  # four cycles more
        (78, "last_safe", "share"),
        (6 * 60, "last_safe", "share"),
        (24 * 60, "last_safe", "share"),
    ],
)
def test_a_site_steps_down_at_the_stated_times(minutes: int, origin: str, expected: str) -> None:
    loop = planned()
    assert loop.plan is not None
    carried = replace(loop.plan, origin=origin)  # type: ignore[arg-type]
    facts = replace(loop.facts(), at=START + minutes * MINUTE, plan=carried)
    assert tick(loop.site, facts, loop.memory).rung == expected


def test_without_plan_and_meter_a_site_is_on_the_floor() -> None:
    loop = planned()
    facts = replace(loop.facts(), plan=None, meters={})
    outcome = tick(loop.site, facts, loop.memory)
    assert outcome.rung == "floor"
    assert {one.max_current for one in outcome.in_force} == {one.fallback_current for one in outcome.in_force}


@pytest.mark.parametrize(("age_s", "expected"), [(60.0, "share"), (61.0, "floor")])
def test_a_share_holds_while_the_meter_is_at_most_a_minute_old(age_s: float, expected: str) -> None:
    loop = planned()
    meters = {"main": replace(loop.facts().meters["main"], age_s=age_s)}
    assert possible_rung(loop.site, replace(loop.facts(), plan=None, meters=meters))[0] == expected


def test_with_a_stale_meter_a_plan_is_not_followed_below_it() -> None:
    loop = planned()
    meters = {"main": replace(loop.facts().meters["main"], age_s=61.0)}
    outcome = tick(loop.site, replace(loop.facts(), meters=meters), loop.memory)
    assert {one.rung for one in outcome.in_force} == {"floor"}
    assert all("main" in one.reason for one in outcome.in_force)


def test_a_protection_signal_stops_everything_at_once() -> None:
    loop = planned()
    outcome = tick(loop.site, replace(loop.facts(), stop="smoke detector"), loop.memory)
    assert (outcome.rung, outcome.reason) == ("stop", "smoke detector")
    assert [one.max_current for one in outcome.in_force] == [0.0, 0.0]


def test_down_takes_one_observation_and_up_two_cycles() -> None:
    loop = planned()
    plan, loop.plan = loop.plan, None
    loop.step()
    assert loop.outcomes[-1].rung == "share"
    begun = loop.second
    loop.seconds_per_step = 10
    while loop.second < begun + 900:
        assert plan is not None
        loop.plan = replace(plan, decided_at=loop.at)
        loop.step()
        assert loop.outcomes[-1].rung == "share"
    run(loop, 2)
    changes = [
        event for outcome in loop.outcomes for event in outcome.events if isinstance(event, RungChanged)
    ]
    assert [(one.before, one.after) for one in changes] == [("optimal", "share"), ("share", "optimal")]


def test_a_fault_that_returns_starts_the_two_cycles_anew() -> None:
    loop = planned()
    plan, loop.plan = loop.plan, None
    assert plan is not None
    loop.seconds_per_step = 10
    loop.step()
    for cycle in range(4):
        for _ in range(60):
            loop.plan = replace(plan, decided_at=loop.at)
            loop.step()
        loop.plan = None
        loop.step()
        assert loop.outcomes[-1].rung == "share", cycle


def test_no_setpoint_in_force_has_ended_however_long_there_is_no_plan() -> None:
    loop = planned()
    loop.plan = None
    for hours in (1, 6, 24):
        loop.second = hours * 3600
        loop.seconds_per_step = 1
        for _ in range(60):
            loop.step()
            told = loop.outcomes[-1].in_force
            assert len(told) == 2
            assert all(one.valid_from <= loop.at < one.valid_until for one in told)
            loop.seconds_per_step = 30


def test_a_service_that_is_gone_leaves_every_device_at_its_fallback_within_five_minutes() -> None:
    # R25 allows two cycles (30 min).
    loop = planned()
    assert [one.flows_a for one in loop.devices.values()] == [20.0, 13.0]
    loop.is_service_up = False
    run(loop, 305)
    fallback_a = loop.site.fallback.current_a
    assert [one.flows_a for one in loop.devices.values()] == [fallback_a, fallback_a] == [21.5, 21.5]


def test_a_refused_setpoint_is_not_counted_as_in_force() -> None:
    loop = planned()
    facts = loop.facts()
    outcome = tick(loop.site, replace(facts, stop="test"), loop.memory)
    refused = {name: Acknowledgement(facts.at, is_accepted=False) for name in loop.devices}
    later = replace(
        facts, clock_s=facts.clock_s + 1, at=facts.at + timedelta(seconds=1), acknowledged=refused
    )
    after = tick(loop.site, replace(later, stop="test"), outcome.memory)
    assert {one.asset_id for one in after.to_send} == set(loop.devices)  # told again
