"""The uncontrolled reference: full power on arrival within the limits, one car after the other, by hand."""

from math import sqrt
from typing import Any

import pytest

from kwartier.planning.check.facts import Facts, read_facts
from kwartier.planning.check.outcome import Outcome
from kwartier.planning.check.uncontrolled import uncontrolled
from kwartier.planning.request import PlanRequest
from tests.planning.check.hand_made import THREE_PINS, course, forecast, pole, series, site, transaction

AT = "2025-03-31T10:00:00Z"
EVENING = "2025-03-31T18:00:00Z"


def run(
    limit_a: int, *messages: dict[str, Any], house_a: list[float], **fields: Any
) -> tuple[Facts, Outcome]:
    """Two single-pin poles on L1 (pair L1-L2 on a three-wire network), one on L3, and a house on L1."""
    voltage = fields.pop("voltage", "phase_voltage")
    document = {
        "site": site(
            [
                pole("a", "root", {"pin1": "L1"}),
                pole("b", "root", {"pin1": "L1"}),
                pole("c", "root", {"pin1": "L3"}),
                pole("d", "root", THREE_PINS),
                series("house", "root"),
            ],
            [{"name": "root", "line_current": limit_a, voltage: 230}],
        ),
        "at": AT,
        "forecasts": {"house": forecast({"L1": [230 * a for a in house_a]})},
        "transactions": list(messages),
        **fields,
    }
    facts = read_facts(PlanRequest.model_validate(document, strict=False))
    return facts, uncontrolled(facts)


def car(name: str, asset: str, start: str = AT, **fields: Any) -> dict[str, Any]:
    return transaction(name, asset, start, EVENING, **{"requestedEnergy": 3680.0, **fields})


def amperes(outcome: Outcome, phase: str = "L1", count: int = 6) -> list[float]:
    return [float(current) for current in outcome.running.current_a_by_collector["root"][phase][:count]]


def test_a_car_takes_what_the_limit_leaves_until_it_is_full() -> None:
    # 20 A - 8 A = 12 A, 2760 W, 690 Wh a quarter-hour: five of them, and the last 230 Wh at 12 A for five minutes.
    _, outcome = run(20, car("tx", "a"), house_a=course(8.0, steps=96))
    assert amperes(outcome, count=7) == pytest.approx([12.0] * 6 + [0.0])
    assert outcome.average.total_w("root")[4:7].tolist() == pytest.approx([2760.0, 920.0, 0.0])
    assert outcome.charged_wh == pytest.approx([3680.0])


def test_the_first_come_is_served_first_and_then_the_smaller_id() -> None:
    early, late = car("tx-9", "a", "2025-03-31T09:00:00Z"), car("tx-1", "b")
    _, outcome = run(20, late, early, house_a=course(0.0, steps=96), limits=[])
    # 16 A for the first four quarter-hours; 4 A are left for the other, too little until step 2, then enough.
    assert amperes(outcome) == pytest.approx([16.0, 16.0, 20.0, 20.0, 16.0, 16.0])
    twins = car("tx-2", "a", maxPower=3680.0), car("tx-1", "b", maxPower=2300.0)
    _, outcome = run(20, *twins, house_a=course(0.0, steps=96))
    # tx-1 takes its 10 A, tx-2 the other 10 A.
    assert amperes(outcome)[0] == pytest.approx(20.0)
    assert outcome.average.power_w_by_collector["root"]["L1"][0] == pytest.approx(4600.0)


def test_less_than_six_amperes_of_room_is_none_in_the_executed_steps() -> None:
    _, outcome = run(20, car("tx", "a"), house_a=course(15.0, steps=96))
    assert amperes(outcome) == pytest.approx([0.0, 0.0, 5.0, 5.0, 5.0, 5.0])


def test_a_small_need_stops_within_an_executed_step_and_a_small_current_does_not_start() -> None:
    facts, outcome = run(20, car("tx", "a", requestedEnergy=100.0), house_a=course(0.0, steps=96))
    assert amperes(outcome) == pytest.approx([16.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert outcome.average.total_w("root")[0] * facts.grid.hours[0] == pytest.approx(100.0)
    _, outcome = run(20, car("tx", "a", maxPower=5 * 230.0), house_a=course(0.0, steps=96))
    assert amperes(outcome) == pytest.approx([0.0, 0.0, 5.0, 5.0, 5.0, 5.0])


def test_a_suspended_car_starts_after_the_executed_steps() -> None:
    _, outcome = run(20, car("tx", "a", transactionState="SuspendedEV"), house_a=course(0.0, steps=96))
    assert amperes(outcome) == pytest.approx([0.0, 0.0, 16.0, 16.0, 16.0, 16.0])


def test_sun_makes_room_and_an_exceeded_limit_leaves_none() -> None:
    house = course(0.0, {2: -8.0, 3: 21.0}, 96)
    _, outcome = run(10, car("tx", "a"), house_a=house)
    assert amperes(outcome)[:4] == pytest.approx([10.0, 10.0, 16.0, 0.0])


def test_an_hourly_step_has_the_room_of_its_worst_quarter_hour() -> None:
    house = course(0.0, {48: 2.0, 49: 8.0, 50: 4.0}, 96)
    message = transaction("tx", "a", "2025-03-31T22:00:00Z", "2025-04-01T08:00:00Z", requestedEnergy=5000.0)
    _, outcome = run(20, message, house_a=house, options={"resolution": "mixed"})
    assert outcome.running.current_a_by_collector["root"]["L1"][48:50].tolist() == pytest.approx([12.0, 16.0])


def test_a_power_limit_of_the_grid_operator_bounds_what_is_taken() -> None:
    limit = {"collector": "root", "start": AT, "end": "2025-03-31T10:15:00Z", "offtake_w": 4140.0}
    _, outcome = run(40, car("tx", "a"), house_a=course(8.0, steps=96), limits=[limit])
    # (4140 - 1840) W / 230 V = 10 A in step 0.
    assert amperes(outcome)[:2] == pytest.approx([10.0, 16.0])


def test_the_room_of_a_three_wire_line_is_that_of_the_phasor_sum() -> None:
    # 12 A between L3 and L1, and x between L1 and L2: x^2 + 12 x + 144 <= 400, x = -6 + sqrt(36 + 256).
    messages = car("tx-1", "c", maxPower=12 * 230.0), car("tx-2", "a")
    _, outcome = run(20, *messages, house_a=course(0.0, steps=96), voltage="line_voltage")
    assert amperes(outcome, "L3")[0] == pytest.approx(12.0)
    assert amperes(outcome, "L1")[0] == pytest.approx(sqrt(292) - 6)


def test_a_three_pin_car_on_a_three_wire_network_meets_the_other_load_in_every_line() -> None:
    # The house takes 10 A between L1 and L2. Three pins of x A put x / sqrt(3) into each pair. Line L1:
    # (10 + y)^2 + y^2 + (10 + y) y = 400 with y = x / sqrt(3): 3 y^2 + 30 y - 300 = 0, y = -5 + sqrt(125).
    _, outcome = run(20, car("tx", "d"), house_a=course(10.0, steps=96), voltage="line_voltage")
    assert amperes(outcome, "L2")[0] == pytest.approx(sqrt(125) - 5)


def test_a_line_that_is_over_its_limit_anyhow_leaves_no_room() -> None:
    _, outcome = run(20, car("tx", "c"), house_a=course(30.0, steps=96), voltage="line_voltage")
    assert not any(amperes(outcome, "L3"))


def test_expected_cars_take_their_weighted_current_without_the_six_ampere_rule() -> None:
    message = transaction("e", "a", AT, EVENING, requestedEnergy=3680.0, weight=0.25)
    _, outcome = run(20, house_a=course(0.0, steps=96), expected_sessions=[message])
    assert amperes(outcome) == pytest.approx([4.0, 4.0, 4.0, 4.0, 0.0, 0.0])
    assert outcome.charged_wh == pytest.approx([920.0])


def test_expected_and_dc_cars_take_their_rest_over_the_whole_step_and_leave_the_room_to_others() -> None:
    # 4 A x 230 V x 0.25 h = 230 Wh a step: 115 Wh are left for step 1, 2 A all along; the other car finds 15 A.
    message = transaction("e", "a", AT, EVENING, requestedEnergy=345.0 / 0.25, weight=0.25)
    late = car("tx", "b", "2025-03-31T10:15:00Z")
    _, outcome = run(17, late, house_a=course(0.0, steps=96), expected_sessions=[message])
    assert amperes(outcome, count=3) == pytest.approx([4.0, 17.0, 16.0])
    assert outcome.average.total_w("root")[1] == pytest.approx(230 * (2.0 + 15.0))


def test_a_pole_of_whole_amperes_takes_the_whole_ones_in_the_executed_steps() -> None:
    house = course(8.5, {1: 13.5}, 96)
    _, outcome = run(20, car("tx", "a"), house_a=house, options={"whole_ampere_poles": ["a"]})
    # 11.5 A are left, 6.5 A in step 1.
    assert amperes(outcome, count=3) == pytest.approx([11.0, 6.0, 11.5])


def test_what_rounding_leaves_of_a_need_is_not_charged() -> None:
    # 16 A x 230 V x 0.25 h = 920 Wh a step.
    _, outcome = run(20, car("tx", "a", requestedEnergy=920.0005), house_a=course(0.0, steps=96))
    assert amperes(outcome, count=2) == pytest.approx([16.0, 0.0])
