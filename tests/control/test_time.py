"""R32 to R34 where the control is concerned: clocks that jump, days on which they change, ends of quarter-hours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kwartier.control.events import ClockJumped
from kwartier.control.facts import MeterReading, is_usable
from kwartier.control.memory import TickMemory
from kwartier.control.quarter_energy import LEAST_LEFT_S, hours_left_h
from kwartier.control.tick import tick
from tests.control import sites as s
from tests.control.closed_loop import Loop
from tests.control.test_guard import depot, flows, load, run


@pytest.mark.parametrize("jump_s", [1.0, -1.0, 300.0, -300.0, 3600.0, -3600.0, 86_400.0, -86_400.0])
def test_a_wall_clock_that_jumps_shortens_and_lengthens_nothing(jump_s: float) -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    run(loop, 30)
    loop.wall_offset_s = jump_s
    for _ in range(120):
        loop.step()
        for name, memory in loop.memory.devices.items():
            assert memory.newest is not None, name
            held_s = memory.newest.until_clock_s - memory.newest.sent_clock_s
            assert held_s in (210.0, 300.0)
            assert loop.facts().clock_s - memory.newest.sent_clock_s <= 60.0
    jumps = [event.jump_s for one in loop.outcomes for event in one.events if isinstance(event, ClockJumped)]
    assert jumps == ([jump_s] if abs(jump_s) > 1.0 else [])
    # Devices with a right clock do not follow messages that have ended: with a service that is late they fall back.
    assert flows(loop) == ([11.5, 11.5] if jump_s <= -210.0 else [31.5, 31.5])
    loop.wall_offset_s = 0.0
    run(loop, 70)
    assert flows(loop) == [31.5, 31.5]
    load(loop, "oven", 40.0)
    run(loop, 8)
    assert flows(loop) == [11.5, 11.5]


def test_a_clock_at_1970_is_refused_and_leaves_devices_to_their_fallbacks() -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    with pytest.raises(ValueError, match="1970"):
        tick(loop.site, replace(loop.facts(), at=datetime(1970, 1, 1, tzinfo=UTC)), TickMemory())


@pytest.mark.parametrize("date", ["2026-03-29", "2026-10-25", "2028-02-29", "2026-12-31"])
def test_days_on_which_clocks_change_are_like_any_other(date: str) -> None:
    def told(start: datetime) -> list[float | None]:
        loop = depot(20, 4)
        found: list[float | None] = []
        loop.seconds_per_step = 30
        for _ in range(150):  # 75 minutes, across 01:00 UTC, where Brussels changes its clocks
            loop.step()
            facts = replace(loop.facts(), at=start + timedelta(seconds=loop.second))
            outcome = tick(loop.site, facts, loop.memory)
            found += [one.max_current for one in outcome.in_force]
        return found

    assert told(datetime.fromisoformat(f"{date}T00:00:00+00:00")) == told(datetime(2026, 6, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("at", "left_s"),
    [
        ("2026-03-03T07:14:59.999+00:00", LEAST_LEFT_S),
        ("2026-03-03T07:15:00.000+00:00", 900.0),
        ("2026-03-03T07:15:00.001+00:00", 899.999),
        ("2026-12-31T23:59:00+00:00", 60.0),
        ("2027-01-01T00:00:00+00:00", 900.0),
    ],
)
def test_a_quarter_hour_ends_at_its_boundary(at: str, left_s: float) -> None:
    facts = replace(depot(63, 1).facts(), at=datetime.fromisoformat(at))
    assert hours_left_h(facts) * 3600.0 == pytest.approx(left_s, abs=1e-6)


@pytest.mark.parametrize(("age_s", "expected"), [(-300.0, True), (-301.0, False), (float("nan"), False)])
def test_a_reading_from_more_than_five_minutes_ahead_is_not_used(age_s: float, expected: bool) -> None:
    assert is_usable(age_s, 60.0) is expected


def test_a_meter_whose_clock_is_wrong_is_no_meter() -> None:
    loop: Loop = depot(63, 2, s.series("oven", "load", 40))
    ahead = {"main": MeterReading(-4000.0, dict.fromkeys(s.L1_L2_L3, 0.0))}
    outcome = tick(loop.site, replace(loop.facts(), meters=ahead), TickMemory())
    assert outcome.rung == "floor"


def test_a_tick_that_comes_twice_at_the_same_instant_changes_nothing() -> None:
    # A leap second that is repeated, or a scheduler that calls twice.
    loop = depot(63, 2)
    run(loop, 30)
    once = tick(loop.site, loop.facts(), loop.memory)
    twice = tick(loop.site, loop.facts(), once.memory)
    assert twice.in_force == once.in_force
    assert twice.to_send == ()
