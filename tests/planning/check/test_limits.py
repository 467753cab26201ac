"""Limits: an hourly step's worst quarter-hour, the grid operator's own, the fixed load's excess, what is declared."""

from typing import Any

import pytest

from kwartier.planning.check import Violation, check_plan
from tests.planning.check.hand_made import Document, course, forecast, pole, read, series, site, transaction
from tests.planning.check.test_three_wire import NOTHING

AT = "2025-03-31T10:00:00+00:00"

# 12 h of quarter-hours (steps 0 to 47) and 12 hours (48 to 59).
STEPS = 60
FIRST_HOUR = 48


def request(limit_a: int, **fields: Any) -> Document:
    """A house on one phase, 6 A, but 10, 20, 30 and 40 A in the first hourly step; a car from then on."""
    amperes = [6.0] * 96
    amperes[48:52] = [10.0, 20.0, 30.0, 40.0]
    return {
        "site": site(
            [series("house", "root"), pole("a", "root", {"pin1": "L1"})],
            [{"name": "root", "line_current": limit_a, "phase_voltage": 230, "1P_3P": "1P"}],
        ),
        "at": AT,
        "forecasts": {"house": forecast([230 * a for a in amperes])},
        "transactions": [
            transaction("tx", "a", "2025-03-31T22:00:00Z", "2025-03-31T23:00:00Z", requestedEnergy=2070.0)
        ],
        "options": {"resolution": "mixed"},
        **fields,
    }


def plan(car_a: float = 9.0) -> Document:
    """The car takes `car_a` in the first hourly step, 2070 Wh at 9 A; the house's mean there is 25 A."""
    house_a = course(6.0, {FIRST_HOUR: 25.0}, STEPS)
    total_a = course(6.0, {FIRST_HOUR: 25.0 + car_a}, STEPS)
    house_w, total_w = [230 * a for a in house_a], [230 * a for a in total_a]
    starts = [f"2025-03-31T{10 + k // 4:02}:{15 * (k % 4):02}:00Z" for k in range(48)]
    starts += [
        "2025-03-31T22:00:00Z",
        "2025-03-31T23:00:00Z",
        *(f"2025-04-01T{hour:02}:00:00Z" for hour in range(10)),
    ]
    return {
        "plan_id": "by-hand",
        "site_id": "hub",
        "created_at": AT,
        "status": "optimal",
        "steps": [{"start": start, "hours": 0.25 if k < 48 else 1.0} for k, start in enumerate(starts)],
        "devices": {
            "house": {"power_w": house_w, "power_w_per_phase": {"L1": list(house_w)}},
            "a": {
                "power_w": course(0.0, {FIRST_HOUR: 230 * car_a}, STEPS),
                "current_a": {"pin1": course(0.0, {FIRST_HOUR: car_a}, STEPS)},
                "transaction_id": course(None, {FIRST_HOUR: "tx"}, STEPS),
            },
        },
        "collectors": {"root": {"current_a": {"L1": total_a}, "power_w": total_w}},
        "offtake_w": list(total_w),
        "injection_w": course(0.0, steps=STEPS),
        "prices": None,
        "money": NOTHING,
        "uncontrolled_money": NOTHING,
        "unserved_wh": {"tx": 2070.0 - 230 * car_a},
        "limit_violations": [],
        "objective": {
            "requested_energy_wh": 2070.0 - 230 * car_a,
            "worst_shortage_ratio": 1 - car_a / 9,
        },
        "solve": {},
        "warnings": [],
    }


def declare(document: Document, excess_ah: float, **claim: Any) -> Document:
    document["limit_violations"] = [{"collector": "root", "step": FIRST_HOUR, **claim}]
    document["objective"]["excess_ah"] = excess_ah
    return document


def violations(*documents: Document) -> list[Violation]:
    return check_plan(*read(*documents)).violations


def test_an_hourly_step_keeps_the_limit_in_its_worst_quarter_hour() -> None:
    assert violations(request(49), plan()) == []
    (violation,) = violations(request(48), plan())
    assert (violation.rule, violation.step) == ("limit.current", FIRST_HOUR)
    assert (violation.observed, violation.allowed) == (pytest.approx(49.0), 48.0)
    assert "step 48 has 49 A, allowed 48 A" in violation.message


def test_an_excess_of_the_fixed_load_is_allowed_where_it_is_declared_with_its_size() -> None:
    right = declare(plan(0.0), 5.0, phase="L1", current_a=40.0, limit_a=35.0)
    assert violations(request(35), right) == []


def test_an_excess_that_is_not_declared_is_found() -> None:
    right = plan(0.0)
    right["objective"]["excess_ah"] = 5.0
    (violation,) = violations(request(35), right)
    assert (violation.rule, violation.observed, violation.allowed) == (
        "limit.undeclared",
        pytest.approx(40.0),
        35.0,
    )


@pytest.mark.parametrize(
    "claim", [{"current_a": 39.0, "limit_a": 35.0}, {"current_a": 40.0, "limit_a": 36.0}]
)
def test_an_excess_declared_with_another_size_is_found(claim: dict[str, float]) -> None:
    (violation,) = violations(request(35), declare(plan(0.0), 5.0, phase="L1", **claim))
    assert (violation.rule, violation.step) == ("limit.declared", FIRST_HOUR)


def test_declaring_an_excess_does_not_excuse_it_where_the_fixed_load_kept_the_limit() -> None:
    (violation,) = violations(request(48), declare(plan(), 0.0, phase="L1", current_a=49.0, limit_a=48.0))
    assert violation.rule == "limit.current"


def test_a_step_that_does_not_exist_cannot_exceed() -> None:
    claim = declare(plan(), 0.0, phase="L1", current_a=49.0, limit_a=48.0)
    claim["limit_violations"][0]["step"] = STEPS
    (violation,) = violations(request(49), claim)
    assert violation.rule == "limit.declared"


@pytest.mark.parametrize(
    ("limit", "rule", "observed", "allowed"),
    [
        ({"current_a": 48.0}, "limit.current", 49.0, 48.0),
        ({"offtake_w": 11_000.0}, "limit.power", 11_270.0, 11_000.0),
    ],
)
def test_a_grid_operators_limit_holds_in_every_step_that_it_touches(
    limit: dict[str, float], rule: str, observed: float, allowed: float
) -> None:
    # It ends one second into the hourly step, and so holds for all of it.
    span = {"collector": "root", "start": "2025-03-31T21:00:00Z", "end": "2025-03-31T22:00:01Z"}
    (violation,) = violations(request(60, limits=[span | limit]), plan())
    assert (violation.rule, violation.step) == (rule, FIRST_HOUR)
    assert (violation.observed, violation.allowed) == (pytest.approx(observed), allowed)
    before = span | {"end": "2025-03-31T22:00:00Z"}
    assert violations(request(60, limits=[before | limit]), plan()) == []


def test_an_excess_of_power_counts_in_ampere_hours_of_the_voltage() -> None:
    # 40 A x 230 V = 9200 W in the worst quarter-hour against 6900 W: 2300 W / 230 V x 1 h.
    limit = {
        "collector": "root",
        "start": "2025-03-31T22:00:00Z",
        "end": "2025-03-31T23:00:00Z",
        "offtake_w": 6900.0,
    }
    right = declare(plan(0.0), 10.0, power_w=9200.0, limit_w=6900.0)
    assert violations(request(60, limits=[limit]), right) == []
    right["objective"]["excess_ah"] = 9.0
    assert [violation.rule for violation in violations(request(60, limits=[limit]), right)] == [
        "objective.excess_ah"
    ]


def test_delivered_current_is_limited_like_consumed_current() -> None:
    sunny = request(49)
    sunny["forecasts"]["house"]["power_w"][3] = -230 * 50.0
    dark = plan()
    for array in (
        dark["devices"]["house"]["power_w"],
        dark["devices"]["house"]["power_w_per_phase"]["L1"],
        dark["collectors"]["root"]["power_w"],
    ):
        array[3] = -11_500.0
    dark["collectors"]["root"]["current_a"]["L1"][3] = -50.0
    dark["offtake_w"][3], dark["injection_w"][3] = 0.0, 11_500.0
    dark["objective"]["excess_ah"] = 0.25
    (violation,) = violations(sunny, dark)
    assert (violation.rule, violation.step, violation.observed) == (
        "limit.undeclared",
        3,
        pytest.approx(50.0),
    )
    claim = {"collector": "root", "phase": "L1", "step": 3, "current_a": -50.0, "limit_a": 49.0}
    dark["limit_violations"] = [claim]
    assert violations(sunny, dark) == []


def test_an_hour_may_exceed_its_limit_both_ways_and_both_are_listed() -> None:
    both_ways = request(35)
    both_ways["forecasts"]["house"]["power_w"][48:52] = [-230 * 36.0, 230 * 38.0, 0.0, 0.0]
    right = plan(0.0)
    # Mean (38 - 36) / 4 A; the excess is 3 A consumed and 1 A delivered, each for the whole hour.
    for array, value in (
        (right["devices"]["house"]["power_w"], 115.0),
        (right["devices"]["house"]["power_w_per_phase"]["L1"], 115.0),
        (right["collectors"]["root"]["power_w"], 115.0),
        (right["collectors"]["root"]["current_a"]["L1"], 0.5),
        (right["offtake_w"], 115.0),
    ):
        array[FIRST_HOUR] = value
    declare(right, 4.0, phase="L1", current_a=38.0, limit_a=35.0)
    assert [violation.rule for violation in violations(both_ways, right)] == ["limit.undeclared"]
    right["limit_violations"].append(right["limit_violations"][0] | {"current_a": -36.0})
    assert violations(both_ways, right) == []


def test_the_current_of_a_single_pair_has_two_directions_like_that_of_a_phase() -> None:
    """The same as above on a three-wire network, where the plan writes the magnitude of the pair's mean current."""
    both_ways = request(35)
    (board,) = both_ways["site"]["configurations"]["site_configuration"]["collector_list"]
    board["line_voltage"] = board.pop("phase_voltage")
    both_ways["forecasts"]["house"]["power_w"][48:52] = [-230 * 36.0, 230 * 38.0, 0.0, 0.0]
    right = plan(0.0)
    for array, value in (
        (right["devices"]["house"]["power_w"], 115.0),
        (right["devices"]["house"]["power_w_per_phase"]["L1"], 115.0),
        (right["collectors"]["root"]["power_w"], 115.0),
        (right["collectors"]["root"]["current_a"]["L1"], 0.5),
        (right["offtake_w"], 115.0),
    ):
        array[FIRST_HOUR] = value
    declare(right, 4.0, phase="L1", current_a=38.0, limit_a=35.0)
    right["limit_violations"].append(right["limit_violations"][0] | {"current_a": -36.0})
    assert violations(both_ways, right) == []


def test_an_hourly_price_is_the_mean_of_its_quarter_hours_and_energy_counts_the_mean_load() -> None:
    # 100 EUR/MWh all day, and 0, 100, 200 and 300 EUR/MWh in the first hourly step.
    prices = [100.0] * 96
    prices[48:52] = [0.0, 100.0, 200.0, 300.0]
    dynamic = request(49, day_ahead={"start": AT, "eur_per_mwh": prices})
    dynamic["site"]["configurations"]["contract"] = {
        "contract_type": "dynamic",
        "injection_constant_cost_per_mwh": -5.0,
    }
    right = plan()
    offtake = course(100.0, {FIRST_HOUR: 150.0}, STEPS)
    right["prices"] = {
        "offtake_eur_per_mwh": offtake,
        "injection_eur_per_mwh": [price - 5 for price in offtake],
    }
    # 23 h x 1380 W = 31.74 kWh at 0.10, 34 A x 230 V x 1 h = 7.82 kWh at 0.15.
    money = NOTHING | {"energy": 4.347, "total": 4.347}
    right["money"] = right["uncontrolled_money"] = money
    right["objective"]["money_eur"] = 4.347
    assert violations(dynamic, right) == []
