"""Every field of a right plan, made wrong in one place, is found, named and put in its step."""

from collections.abc import Sequence
from typing import Any

import pytest

from kwartier.planning.check import check_plan
from tests.planning.check.hand_made import Document, hand_made_plan, hand_made_request, read

Change = tuple[str, Any]


def change(document: Document, path: str, value: Any) -> None:
    """Set what stands at a dotted path; a value that is a function makes the new one from the old."""
    *way, last = path.split(".")
    place: Any = document
    for name in way:
        place = place[int(name)] if isinstance(place, list) else place[name]
    key: int | str = int(last) if isinstance(place, list) else last
    if value is DELETED:
        del place[key]
    else:
        place[key] = value(place[key]) if callable(value) else value


DELETED = object()

PIN_1, PIN_2, PIN_3 = (f"devices.pole_1.current_a.pin{pin}" for pin in (1, 2, 3))


def both_pins(step: int, current_a: float) -> list[Change]:
    return [(f"{pin}.{step}", current_a) for pin in (PIN_1, PIN_2, PIN_3)]


# What is done to the plan -> the rule that must speak, the path it must name, the step it must give.
SABOTAGE: list[tuple[str, list[Change], str, str, int | None]] = [
    ("no id", [("plan_id", " ")], "shape.plan_id", "plan_id", None),
    ("another site", [("site_id", "other")], "shape.site_id", "site_id", None),
    ("another moment", [("created_at", "2025-03-31T10:07:31Z")], "shape.created_at", "created_at", None),
    ("a step too few", [("steps", lambda steps: steps[:-1])], "shape.steps", "steps", None),
    ("a step that starts late", [("steps.7.start", "2025-03-31T11:45:01Z")], "shape.steps", "steps", 7),
    ("a first step of a whole quarter", [("steps.0.hours", 0.25)], "shape.steps", "steps", 0),
    ("a device left out", [("devices.dc", DELETED)], "shape.devices", "devices", None),
    ("a collector left out", [("collectors.board", DELETED)], "shape.collectors", "collectors", None),
    ("a short array", [("devices.dc.power_w", lambda w: w[1:])], "shape.length", "devices.dc.power_w", None),
    ("a pin left out", [(PIN_3, DELETED)], "shape.pins", "devices.pole_1.current_a", None),
    (
        "a phase left out",
        [("collectors.main.current_a.L2", DELETED)],
        "shape.phases",
        "collectors.main.current_a",
        None,
    ),
    (
        "no transaction ids",
        [("devices.dc.transaction_id", None)],
        "shape.length",
        "devices.dc.transaction_id",
        None,
    ),
    (
        "short prices",
        [("prices.offtake_eur_per_mwh", [200.0])],
        "shape.length",
        "prices.offtake_eur_per_mwh",
        None,
    ),
    (
        "an expected session left out",
        [("expected_sessions", [])],
        "shape.expected_sessions",
        "expected_sessions",
        None,
    ),
    (
        "an expected session elsewhere",
        [("expected_sessions.0.asset_id", "pole_2")],
        "shape.expected_sessions",
        "expected_sessions.0",
        None,
    ),
    (
        "the wrong session at a pole",
        [("devices.pole_1.transaction_id.15", None)],
        "session.owner",
        "devices.pole_1.transaction_id",
        15,
    ),
    (
        "charging after departure",
        [("devices.pole_2.power_w.8", 1380.0), ("devices.pole_2.current_a.pin1.8", 6.0)],
        "session.window",
        "devices.pole_2.power_w",
        8,
    ),
    (
        "DC charging before arrival",
        [("devices.dc.power_w.3", 1000.0)],
        "session.window",
        "devices.dc.power_w",
        3,
    ),
    (
        "power without current",
        [("devices.pole_1.power_w.9", 690.0)],
        "session.power",
        "devices.pole_1.power_w",
        9,
    ),
    ("a pin of another current", [(f"{PIN_2}.1", 9.0)], "session.pins", PIN_2, 1),
    (
        "more than the rating",
        [*both_pins(1, 17.0), ("devices.pole_1.power_w.1", 11_730.0)],
        "session.rating",
        "devices.pole_1.current_a",
        1,
    ),
    (
        "less than 6 A in an executed step",
        [*both_pins(1, 5.0), ("devices.pole_1.power_w.1", 3450.0)],
        "session.minimum_current",
        "devices.pole_1.current_a",
        1,
    ),
    (
        "a stop within the step that leaves need behind",
        [("devices.pole_2.power_w.1", 300.0)],
        "session.power",
        "devices.pole_2.power_w",
        1,
    ),
    (
        "more energy than remains",
        [*both_pins(3, 1.0), ("devices.pole_1.power_w.3", 690.0)],
        "session.energy",
        "devices.pole_1",
        None,
    ),
    (
        "too much DC for the share of the step",
        [("devices.dc.power_w.4", 7700.0)],
        "session.rating",
        "devices.dc.power_w",
        4,
    ),
    ("negative DC power", [("devices.dc.power_w.6", -100.0)], "session.rating", "devices.dc.power_w", 6),
    ("a shortage denied", [("unserved_wh.tx-3", 0.0)], "session.unserved", "unserved_wh.tx-3", None),
    ("a shortage not listed", [("unserved_wh.tx-1", DELETED)], "session.unserved", "unserved_wh", None),
    (
        "an expected car beyond its weight",
        [("expected_sessions.0.power_w.20", 5600.0)],
        "expected.rating",
        "expected_sessions.0.power_w",
        20,
    ),
    (
        "an expected car before it comes",
        [("expected_sessions.0.power_w.19", 100.0)],
        "expected.window",
        "expected_sessions.0.power_w",
        19,
    ),
    (
        "a battery charging too fast",
        [("devices.bess.power_w.3", 4100.0)],
        "battery.power",
        "devices.bess.power_w",
        3,
    ),
    (
        "a battery discharging too fast",
        [("devices.bess.power_w.6", -5100.0)],
        "battery.power",
        "devices.bess.power_w",
        6,
    ),
    (
        "a battery without losses",
        [("devices.bess.state_of_charge.3", 55.0)],
        "battery.state_of_charge",
        "devices.bess.state_of_charge",
        3,
    ),
    (
        "a state of charge unknown",
        [("devices.bess.state_of_charge.40", None)],
        "battery.state_of_charge",
        "devices.bess.state_of_charge",
        40,
    ),
    (
        "another forecast",
        [("devices.house.power_w.60", 10_350.0)],
        "series.power",
        "devices.house.power_w",
        60,
    ),
    (
        "a forecast on another phase",
        [("devices.house.power_w_per_phase.L2.5", 1.0)],
        "series.power",
        "devices.house.power_w_per_phase.L2",
        5,
    ),
    (
        "a board that forgets the rotation",
        [("collectors.main.current_a.L1.0", 26.0), ("collectors.main.current_a.L2.0", 10.0)],
        "collector.current",
        "collectors.main.current_a.L1",
        0,
    ),
    (
        "a current off by 1 mA",
        [("collectors.board.current_a.L2.1", 10.001)],
        "collector.current",
        "collectors.board.current_a.L2",
        1,
    ),
    (
        "another collector power",
        [("collectors.board.power_w.0", 8281.0)],
        "collector.power",
        "collectors.board.power_w",
        0,
    ),
    ("another offtake", [("offtake_w.10", 1.0)], "balance.offtake", "offtake_w", 10),
    ("another injection", [("injection_w.10", 10_349.0)], "balance.injection", "injection_w", 10),
    ("another price", [("prices.offtake_eur_per_mwh.3", 201.0)], "prices", "prices.offtake_eur_per_mwh", 3),
    ("no prices", [("prices", None)], "prices", "prices", None),
    (
        "an excess that is none",
        [
            (
                "limit_violations",
                [{"collector": "main", "phase": "L1", "step": 4, "current_a": 45.0, "limit_a": 40.0}],
            )
        ],
        "limit.declared",
        "limit_violations.0",
        4,
    ),
    ("excess", [("objective.excess_ah", 1.0)], "objective.excess_ah", "objective.excess_ah", None),
    (
        "minimum",
        [("objective.minimum_energy_wh", 5.0)],
        "objective.minimum_energy_wh",
        "objective.minimum_energy_wh",
        None,
    ),
    (
        "request",
        [("objective.requested_energy_wh", 0.0)],
        "objective.requested_energy_wh",
        "objective.requested_energy_wh",
        None,
    ),
    (
        "ratio",
        [("objective.worst_shortage_ratio", 0.2)],
        "objective.worst_shortage_ratio",
        "objective.worst_shortage_ratio",
        None,
    ),
    (
        "expected",
        [("objective.expected_energy_wh", 0.0)],
        "objective.expected_energy_wh",
        "objective.expected_energy_wh",
        None,
    ),
    ("policies", [("objective.policies_wh", 550.0)], "objective.policies_wh", "objective.policies_wh", None),
    (
        "peak",
        [("objective.unpriced_peak_kw", 7.35)],
        "objective.unpriced_peak_kw",
        "objective.unpriced_peak_kw",
        None,
    ),
    ("money", [("objective.money_eur", 48.5)], "objective.money_eur", "objective.money_eur", None),
]
SABOTAGE += [
    (
        f"{term} of {document}",
        [(f"{document}.{term}", lambda eur: eur + 1e-4)],
        f"{document}.{term}",
        f"{document}.{term}",
        None,
    )
    for document in ("money", "uncontrolled_money")
    for term in ("energy", "grid", "levies", "peaks", "revenue", "terminal_value", "total")
]


def test_the_hand_made_plan_is_right() -> None:
    result = check_plan(*read(hand_made_request(), hand_made_plan()))
    assert result.violations == []
    assert result.ok


def test_the_money_is_that_of_the_hand_calculation() -> None:
    plan = hand_made_plan()
    document = check_plan(*read(hand_made_request(), plan)).to_json()
    assert document["violations"] == []
    assert document["money"] == pytest.approx(plan["money"], abs=1e-9)
    assert document["uncontrolled_money"] == pytest.approx(plan["uncontrolled_money"], abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "rule", "path", "step"),
    [pytest.param(*case[1:], id=case[0]) for case in SABOTAGE],
)
def test_sabotage_is_found(changes: Sequence[Change], rule: str, path: str, step: int | None) -> None:
    plan = hand_made_plan()
    for where, value in changes:
        change(plan, where, value)
    result = check_plan(*read(hand_made_request(), plan))
    found = [violation for violation in result.violations if (violation.rule, violation.path) == (rule, path)]
    assert found, sorted((violation.rule, violation.path) for violation in result.violations)
    assert found[0].step == step
    assert found[0].message
    assert not result.ok


def test_what_is_wrong_in_one_place_only_is_reported_once() -> None:
    plan = hand_made_plan()
    change(plan, "collectors.board.power_w.0", 8281.0)
    (violation,) = check_plan(*read(hand_made_request(), plan)).violations
    assert violation.observed == 8281.0
    assert violation.allowed == pytest.approx(8280.0)
    assert violation.message == "power of collector board: step 0 has 8281 W, allowed 8280 W"


def test_a_fault_in_many_steps_is_one_violation_that_counts_them() -> None:
    plan = hand_made_plan()
    change(plan, "offtake_w", lambda power_w: [watts + 1 for watts in power_w])
    (violation,) = check_plan(*read(hand_made_request(), plan)).violations
    assert (violation.rule, violation.step) == ("balance.offtake", 0)
    assert violation.message.endswith("(and in 96 more steps)")


def test_a_plan_of_broken_shape_has_no_money_and_the_reference_still_has() -> None:
    plan = hand_made_plan()
    change(plan, "devices.dc", DELETED)
    result = check_plan(*read(hand_made_request(), plan))
    assert result.money is None
    assert result.to_json()["money"] is None
    assert result.uncontrolled_money is not None
    assert result.uncontrolled_money.total == pytest.approx(48.852)


def test_rounding_to_a_millionth_is_forgiven() -> None:
    plan = hand_made_plan()
    for collector in plan["collectors"].values():
        for phase, current_a in collector["current_a"].items():
            collector["current_a"][phase] = [round(value, 6) for value in current_a]
    for pin in ("pin1", "pin2", "pin3"):
        plan["devices"]["pole_1"]["current_a"][pin] = [
            round(a, 6) for a in plan["devices"]["pole_1"]["current_a"][pin]
        ]
    assert check_plan(*read(hand_made_request(), plan)).violations == []


def test_a_number_that_is_none_is_found() -> None:
    request, plan = read(hand_made_request(), hand_made_plan())
    broken = plan.model_copy(update={"offtake_w": [float("inf"), *plan.offtake_w[1:]]})
    result = check_plan(request, broken)
    assert [(violation.rule, violation.path, violation.step) for violation in result.violations] == [
        ("shape.finite", "offtake_w", 0)
    ]
