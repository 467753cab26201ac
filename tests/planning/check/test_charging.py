"""What a pole does for a car: pins, six amperes, and the need that is less than that."""

from typing import Any

import pytest

from kwartier.planning.check import check_plan
from tests.planning.check.hand_made import Document, course, hand_made_plan, hand_made_request, read


def found(request: Document, plan: Document, prefix: str = "session.") -> set[tuple[str, str, int | None]]:
    violations = check_plan(*read(request, plan)).violations
    return {(each.rule, each.path, each.step) for each in violations if each.rule.startswith(prefix)}


def with_car(**fields: Any) -> Document:
    request = hand_made_request()
    request["transactions"][0] |= fields
    return request


def test_pins_that_the_car_does_not_use_carry_nothing() -> None:
    # On one pin 10 A are 2300 W, not 6900.
    assert found(with_car(noChargingPhases=1), hand_made_plan()) >= {
        ("session.pins", "devices.pole_1.current_a.pin2", 0),
        ("session.pins", "devices.pole_1.current_a.pin3", 0),
        ("session.power", "devices.pole_1.power_w", 0),
    }


def test_a_car_that_can_take_less_than_six_amperes_takes_nothing_in_executed_steps() -> None:
    plan = hand_made_plan()
    for pin in plan["devices"]["pole_1"]["current_a"]:
        plan["devices"]["pole_1"]["current_a"][pin] = course(0.0, {1: 5.0, 2: 5.0})
    plan["devices"]["pole_1"]["power_w"] = course(0.0, {1: 3450.0, 2: 3450.0})
    plan["unserved_wh"]["tx-1"] = 4000 - 2 * 862.5
    assert found(with_car(maxPower=3450.0), plan) == {
        ("session.minimum_current", "devices.pole_1.current_a", 1)
    }


def test_less_than_six_amperes_are_free_after_the_executed_steps() -> None:
    plan = hand_made_plan()
    for pin in plan["devices"]["pole_1"]["current_a"]:
        plan["devices"]["pole_1"]["current_a"][pin] = course(0.0, {2: 0.5})
    plan["devices"]["pole_1"]["power_w"] = course(0.0, {2: 345.0})
    plan["unserved_wh"]["tx-1"] = 4000 - 86.25
    assert found(hand_made_request(), plan) == set()


@pytest.mark.parametrize(
    ("current_a", "power_w", "rules"),
    [
        (6.0, 310.0, set()),
        (8.0, 310.0, {"session.power"}),
        (310 / 230, 310.0, {"session.minimum_current"}),
        (0.0, 0.0, {"session.unserved"}),
    ],
)
def test_a_need_of_less_than_six_amperes_takes_six_for_a_part_of_the_step(
    current_a: float, power_w: float, rules: set[str]
) -> None:
    plan = hand_made_plan()
    plan["devices"]["pole_2"]["current_a"]["pin1"][1] = current_a
    plan["devices"]["pole_2"]["power_w"][1] = power_w
    assert {rule for rule, _, _ in found(hand_made_request(), plan)} == rules


@pytest.mark.parametrize(("status", "rules"), [("optimal", {"session.power"}), ("fallback", set())])
def test_a_fallback_plan_stops_within_any_step_at_any_current(status: str, rules: set[str]) -> None:
    plan = hand_made_plan() | {"status": status}
    for pin in plan["devices"]["pole_1"]["current_a"]:
        # 16 A are 11 040 W; tx-1 needs 5650 W of that in step 2.
        plan["devices"]["pole_1"]["current_a"][pin] = course(0.0, {0: 10.0, 1: 10.0, 2: 16.0})
    assert {rule for rule, _, _ in found(hand_made_request(), plan)} == rules


def test_a_single_pin_that_delivers_without_an_owner_is_found() -> None:
    plan = hand_made_plan()
    plan["devices"]["pole_1"]["current_a"]["pin2"][40] = -1.0
    assert found(hand_made_request(), plan) == {("session.window", "devices.pole_1.current_a", 40)}


def test_power_without_an_owner_still_loads_its_board() -> None:
    plan = hand_made_plan()
    for pin in plan["devices"]["pole_1"]["current_a"]:
        plan["devices"]["pole_1"]["current_a"][pin] = course(0.0, {0: 10.0, 1: 10.0, 2: 5650 / 690, 30: 33.0})
    plan["devices"]["pole_1"]["power_w"][30] = 22_770.0
    assert found(hand_made_request(), plan, "limit.") >= {
        ("limit.current", "collectors.board.current_a.L1", 30)
    }
