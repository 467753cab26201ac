from dataclasses import replace
from random import Random
from time import process_time

import numpy as np
import pytest

from kwartier.control.events import PeakAtRisk, ReplanWanted
from kwartier.control.facts import MeterReading, Occupied, QuarterTarget, TickFacts
from kwartier.control.tick import tick
from tests.control import sites as s
from tests.control.closed_loop import Loop, living, plan_of

NO_JUMP = {"main": dict.fromkeys(s.L1_L2_L3, 0.0), "hall": dict.fromkeys(s.L1_L2_L3, 0.0)}
# Messages take a second, cars up to four, and nobody is raised before what was told earlier has been followed (5 s).
SETTLED_S = 25


def depot(limit_a: int, poles: int, *more: s.Json, phases: list[str] | None = None, seed: int = 1) -> Loop:
    """One board with three-phase poles, a car at each, and a load that jumps no further than it is."""
    devices = [s.pole(f"pole_{number}", phases=phases) for number in range(poles)]
    loop = living(s.site_of([s.four_wire("main", limit_a)], [*devices, *more]), Random(seed))
    for one in loop.devices.values():
        one.pins = one.device.pins
    loop.occupied = {
        name: Occupied(f"tx-{name}", frozenset(one.pins))
        for name, one in loop.devices.items()
        if one.device.kind != "battery"
    }
    loop.jump_a = NO_JUMP
    return loop


def run(loop: Loop, seconds: int) -> None:
    for _ in range(seconds):
        loop.step()


def flows(loop: Loop) -> list[float]:
    return [round(one.flows_a, 3) for one in loop.devices.values()]


def load(loop: Loop, name: str, current_a: float) -> None:
    loop.load_a[name] = dict.fromkeys(s.PHASES, current_a)


def test_what_fits_is_given_as_planned() -> None:
    loop = depot(63, 2)
    loop.plan = plan_of(loop.site, loop.at, {"pole_0": [20.0], "pole_1": [13.0]})
    run(loop, SETTLED_S)
    assert flows(loop) == [20.0, 13.0]
    assert loop.outcomes[-1].rung == "optimal"


def test_a_load_that_jumps_is_answered_with_the_next_measurement() -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    run(loop, SETTLED_S)
    assert flows(loop) == [31.5, 31.5]
    load(loop, "oven", 40.0)
    loop.step()
    # 23 A are left for two cars; the one tick that sees the jump tells both.
    assert [one.max_current for one in loop.outcomes[-1].to_send] == [11.5, 11.5]
    run(loop, 6)
    assert flows(loop) == [11.5, 11.5]


def test_a_known_largest_jump_is_kept_free_beforehand() -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    loop.jump_a = {"main": dict.fromkeys(s.L1_L2_L3, 13.0)}
    run(loop, SETTLED_S)
    assert flows(loop) == [25.0, 25.0]  # 63 A less 13 A, shared


def test_without_a_known_jump_the_loads_rating_is_kept_free() -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    loop.jump_a = {}
    run(loop, SETTLED_S)
    assert flows(loop) == [11.5, 11.5]  # 63 A less 40 A, shared


def test_a_car_that_went_up_and_down_is_raised_in_the_next_quarter_hour_only() -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    run(loop, SETTLED_S)
    load(loop, "oven", 40.0)
    run(loop, 10)
    load(loop, "oven", 0.0)
    run(loop, 880 - loop.second)
    assert flows(loop) == [11.5, 11.5]
    run(loop, 900 - loop.second + SETTLED_S)
    assert flows(loop) == [31.5, 31.5]


def test_a_car_that_went_down_is_raised_once_when_the_load_has_been_low_for_a_minute() -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    run(loop, 900)
    load(loop, "oven", 40.0)
    run(loop, 10)
    load(loop, "oven", 0.0)
    run(loop, 50)
    assert flows(loop) == [11.5, 11.5]
    run(loop, 90)
    assert flows(loop) == [31.5, 31.5]


def test_the_lower_priority_is_shed_first() -> None:
    loop = depot(63, 3, s.series("oven", "load", 40))
    occupied = dict(loop.occupied or {})
    loop.occupied = occupied | {"pole_1": replace(occupied["pole_1"], priority=5)}
    load(loop, "oven", 23.0)
    run(loop, SETTLED_S)
    # 40 A for three: each has its least, the rest goes to the one that comes first.
    assert flows(loop) == [6.0, 28.0, 6.0]


def test_a_pole_never_gets_a_current_between_nothing_and_six_amperes() -> None:
    loop = depot(32, 5, s.series("oven", "load", 32))
    seen = set()
    random = Random(3)
    for _ in range(300):
        load(loop, "oven", random.uniform(0.0, 32.0))
        loop.step()
        seen |= {one.max_current for one in loop.outcomes[-1].to_send}
    assert len(seen) > 3
    assert not [current_a for current_a in seen if current_a is not None and 0.0 < current_a < 6.0]


def test_where_not_all_can_have_six_amperes_turns_change_with_the_quarter_hour() -> None:
    loop = depot(20, 4)  # three have 6 A at once
    served: list[set[str]] = []
    for _ in range(8):
        loop.seconds_per_step = 10
        run(loop, (900 - loop.second % 900 + 60) // 10)
        served.append({name for name, one in loop.devices.items() if one.flows_a >= 6.0})
    assert {len(names) for names in served} == {3}
    turns = {name: sum(name in names for names in served) for name in loop.devices}
    assert turns == dict.fromkeys(loop.devices, 6)  # 8 quarter-hours, three of four at a time


def test_a_rotated_board_is_relieved_on_the_phase_that_is_full() -> None:
    hall = s.board("hall", 40, phase_permutations={"parent": ["L2", "L3", "L1"], "child": s.PHASES})
    devices = [s.pole("a", "hall", ["L1"]), s.pole("b", "hall", ["L2"]), s.series("oven", "load", 32)]
    loop = living(s.site_of([s.four_wire("main", 40, ["hall"]), hall], devices), Random(2))
    loop.jump_a = NO_JUMP
    run(loop, SETTLED_S)
    loop.load_a["oven"]["L2"] = 25.0  # feeds L1 of the hall
    run(loop, 10)
    assert flows(loop) == [15.0, 32.0]


def test_two_pins_between_three_wires_count_with_their_phasors() -> None:
    # Pins on L1-L2 and L2-L3 meet in line L2 with sqrt(3) times the current of one: 40 A / 1.732 = 23.09 A.
    loop = living(s.site_of([s.three_wire("main", 40)], [s.pole("a", phases=["L1", "L2"])]), Random(1))
    for one in loop.devices.values():
        one.pins = ("pin1", "pin2")
    loop.occupied = {"a": Occupied("tx", frozenset({"pin1", "pin2"}))}
    run(loop, SETTLED_S)
    assert flows(loop) == [23.0]


def target(loop: Loop, highest_w: float, used_wh: float) -> tuple[QuarterTarget, ...]:
    return (QuarterTarget("main", highest_w, used_wh, age_s=0.0),)


def test_the_quarter_hours_energy_is_held_under_its_planned_peak() -> None:
    loop = depot(250, 2, s.series("oven", "load", 100))
    used_wh = 0.0
    for second in range(900):
        # 20 kW of load for three minutes, then 5 kW: on the average there is room again.
        load(loop, "oven", 29.0 if second < 180 else 7.2)
        loop.quarter = target(loop, 25_000.0, used_wh)
        loop.step()
        used_wh += loop.power_w("main") / 3600.0
    assert used_wh <= 25_000.0 * 0.25 * 1.002
    assert used_wh >= 25_000.0 * 0.25 * 0.7


def test_a_battery_discharges_to_hold_the_peak_before_cars_are_shed() -> None:
    loop = depot(250, 2, s.series("oven", "load", 100), s.battery("bess", 20_000.0))
    loop.plan = plan_of(loop.site, loop.at, {"pole_0": [16.0], "pole_1": [16.0], "bess": [0.0]})
    load(loop, "oven", 20.0)
    run(loop, 40)
    # 22 kW of cars and 13.8 kW of load under 30 kW: 5.9 kW come from the battery.
    loop.quarter = target(loop, 30_000.0, loop.power_w("main") * 40 / 3600.0)
    run(loop, 30)
    assert flows(loop)[:2] == [16.0, 16.0]
    assert flows(loop)[2] < -5.0


def test_a_peak_that_cannot_be_held_is_said_once() -> None:
    loop = depot(250, 1, s.series("oven", "load", 100))
    load(loop, "oven", 90.0)
    loop.quarter = target(loop, 20_000.0, 0.0)
    run(loop, 60)
    said = [event for outcome in loop.outcomes for event in outcome.events if isinstance(event, PeakAtRisk)]
    assert len(said) == 1
    assert said[0].expected_w == pytest.approx(90 * 230 * 3, rel=0.05)
    assert flows(loop) == [0.0]


def test_a_cut_below_the_plan_asks_for_a_new_one() -> None:
    loop = depot(63, 2, s.series("oven", "load", 40))
    loop.plan = plan_of(loop.site, loop.at, {"pole_0": [31.0], "pole_1": [31.0]})
    run(loop, SETTLED_S)
    load(loop, "oven", 30.0)
    loop.step()
    (event,) = [event for event in loop.outcomes[-1].events if isinstance(event, ReplanWanted)]
    assert "pole_0, pole_1" in event.reason


def test_fifty_poles_are_told_within_ten_milliseconds_of_a_measurement() -> None:
    halls = [f"hall_{number}" for number in range(10)]
    devices = [s.pole(f"pole_{number}", halls[number % 10]) for number in range(50)]
    boards = [s.four_wire("main", 400, halls), *(s.board(name, 100) for name in halls)]
    site = s.site_of(boards, [*devices, s.series("oven", "load", 200)])
    loop = living(site, Random(1))
    loop.jump_a = NO_JUMP
    run(loop, SETTLED_S)
    load(loop, "oven", 180.0)
    facts = loop.facts()
    assert len(tick(site, facts, loop.memory).to_send) == 50
    times_s = []
    for _ in range(15):
        begun_s = process_time()
        tick(site, facts, loop.memory)
        times_s.append(process_time() - begun_s)
    assert min(times_s) < 0.010


def test_a_measurement_that_is_not_a_number_is_not_used() -> None:
    loop = depot(63, 1, s.series("oven", "load", 40))
    run(loop, SETTLED_S)
    facts = loop.facts()
    broken = MeterReading(0.0, dict.fromkeys(s.L1_L2_L3, float("nan")))
    outcome = tick(loop.site, replace(facts, meters={"main": broken}), loop.memory)
    assert [one.max_current for one in outcome.in_force] == [23.0]  # 63 A less the rating of the oven


def test_the_same_facts_and_memory_give_the_same_outcome() -> None:
    loop = depot(63, 3, s.series("oven", "load", 40))
    run(loop, 7)
    facts: TickFacts = loop.facts()
    assert tick(loop.site, facts, loop.memory) == tick(loop.site, facts, loop.memory)
    assert np.isfinite([one.max_current or 0.0 for one in loop.outcomes[-1].in_force]).all()
