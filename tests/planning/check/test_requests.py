"""Requests from which no plan can be judged, and the odd facts that can."""

from typing import Any

import pytest

from kwartier.planning.check import check_plan
from kwartier.planning.check.facts import read_facts
from kwartier.planning.request import PlanRequest
from tests.planning.check.hand_made import (
    Document,
    course,
    forecast,
    hand_made_plan,
    hand_made_request,
    pole,
    read,
    transaction,
)
from tests.planning.check.test_sabotage import change

CONFIGURATION = "site.configurations.site_configuration"
COLLECTORS = f"{CONFIGURATION}.collector_list"
POLE = f"{CONFIGURATION}.device_list.2"
ROOT = {"name": "main", "line_current": 40, "phase_voltage": 230, "children": ["board"]}

UNUSABLE: list[tuple[str, str, Any, str]] = [
    ("no devices at all", CONFIGURATION, None, "site_configuration"),
    ("a forecast with a gap", "forecasts.house.power_w.L1.5", None, "forecasts.house.*2025-03-31T11:15"),
    ("a forecast that ends early", "forecasts.roof.power_w", [0.0] * 96, "forecasts.roof.*2025-04-01T10:00"),
    ("a contract of an unknown kind", "site.configurations.contract", {"contract_type": "x"}, "contract_type"),
    ("a time zone that is none", "timezone", "Europe/Gent", "Europe/Gent"),
    ("a session at no pole", "transactions.0.assetId", "bess", "bess"),
    ("a limit on no collector", "limits", [{"collector": "attic", "start": "2025-03-31T10:00:00Z",
                                            "end": "2025-03-31T11:00:00Z", "current_a": 5.0}], "attic"),
    ("a pole on a phase that is none", POLE, pole("pole_1", "board", {"pin1": "L4"}), "pole_1"),
    ("a device on no collector", POLE, pole("pole_1", "attic", {"pin1": "L1"}), "attic"),
    ("a device of an unknown kind", f"{CONFIGURATION}.device_list.4",
     {"name": "dc", "collector": "main", "type": "kettle"}, "kettle"),
    ("a child that is nowhere", COLLECTORS, [ROOT], "board"),
    ("a collector below itself", COLLECTORS, [
        {"name": "main", "line_current": 40, "phase_voltage": 230, "children": ["board"]},
        {"name": "board", "line_current": 32, "children": ["main"]},
    ], "below itself"),
    ("a collector with two parents", COLLECTORS, [
        ROOT, {"name": "hut", "line_current": 9, "phase_voltage": 230, "children": ["board"]},
        {"name": "board", "line_current": 32},
    ], "two parents"),
    ("two collectors of one name", COLLECTORS, [ROOT, ROOT], "'main'"),
    ("a root without voltage", COLLECTORS, [{"name": "main", "line_current": 40}], "voltage"),
    ("two phases on one", COLLECTORS, [ROOT, {"name": "board", "line_current": 32, "phase_permutations":
                                              {"parent": ["L2"], "child": ["L1"]}}], "board"),
    ("a horizon that is none", "site.configurations.optimization_configuration.planning_horizon", "P9D", "P9D"),
    ("a policy in no time zone", f"{CONFIGURATION}.device_list.5.policies.0.schedule", {
        "frequency": "weekly", "day_of_week": ["monday"], "time": "08:00", "timezone": "Mars/Base"}, "Mars/Base"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "words"), [pytest.param(*case[1:], id=case[0]) for case in UNUSABLE]
)
def test_a_request_that_cannot_be_planned_is_one_violation(path: str, value: Any, words: str) -> None:
    request = hand_made_request()
    change(request, path, value)
    result = check_plan(*read(request, hand_made_plan()))
    (violation,) = result.violations
    assert violation.rule == "request.unusable"
    assert result.money is None
    assert result.uncontrolled_money is None
    with pytest.raises(ValueError, match=words):
        read_facts(read(request, hand_made_plan())[0])


def test_a_nested_child_and_a_named_one_are_the_same() -> None:
    request = hand_made_request()
    main, board = request["site"]["configurations"]["site_configuration"]["collector_list"]
    main["children"] = [board, None]
    request["site"]["configurations"]["site_configuration"]["collector_list"] = [main]
    assert check_plan(*read(request, hand_made_plan())).violations == []


def test_a_battery_of_unknown_state_stays_idle_and_is_worth_nothing() -> None:
    request = hand_made_request()
    request["state"]["batteries"] = {}
    found = {
        (violation.rule, violation.step)
        for violation in check_plan(*read(request, hand_made_plan())).violations
    }
    assert ("battery.idle", 3) in found
    assert ("battery.state_of_charge", 0) in found
    assert ("money.terminal_value", None) in found
    assert ("objective.policies_wh", None) in found


def test_a_suspended_car_gets_nothing_in_the_executed_steps() -> None:
    request = hand_made_request()
    request["transactions"][0]["transactionState"] = "SuspendedEV"
    found = {
        (violation.rule, violation.step)
        for violation in check_plan(*read(request, hand_made_plan())).violations
    }
    assert ("session.suspended", 0) in found


def test_an_ended_session_is_not_listed() -> None:
    request = hand_made_request()
    request["transactions"].append(
        transaction("old", "pole_1", "2025-03-31T09:00:00Z", None, transactionState="Ended")
    )
    assert check_plan(*read(request, hand_made_plan())).violations == []


def test_switched_off_peaks_and_costs_count_nothing() -> None:
    request, plan = hand_made_request(), hand_made_plan()
    request["site"]["configurations"]["optimization_configuration"] = {"cost_minimization_active": False}
    zero = {"energy": 0.0, "grid": 0.0, "levies": 0.0, "peaks": 0.0, "terminal_value": 0.0}
    plan["money"] = zero | {"revenue": -1.482, "total": -1.482}
    plan["uncontrolled_money"] = zero | {"revenue": -1.689, "total": -1.689}
    plan["objective"] |= {"unpriced_peak_kw": 0.0, "money_eur": -1.482}
    assert check_plan(*read(request, plan)).violations == []


def test_a_peak_price_behind_the_flag_is_a_level_of_its_own() -> None:
    request, plan = hand_made_request(), hand_made_plan()
    request["options"] = {"configurable_peak_price": False}
    for document, total in (("money", 15.739625), ("uncontrolled_money", 16.052)):
        plan[document] |= {"peaks": 0.0, "total": total}
    # 5.45 kW of March and 2.75 kW of April on top of the injection peaks' 5.85 kW.
    plan["objective"] |= {"unpriced_peak_kw": 14.05, "money_eur": 15.739625}
    assert check_plan(*read(request, plan)).violations == []


def test_what_the_quarter_hour_has_seen_counts_in_its_average() -> None:
    request, plan = hand_made_request(), hand_made_plan()
    # L1 in step 0: (1000 Wh + 4600 W x 0.125 h) / 0.25 h = 6300 W, 166.667 W above step 5; the uncontrolled site has
    # (1000 + (2300 + 3680) x 0.125) / 0.25 = 6990 W.
    request["state"]["quarter_so_far"]["main"]["offtake_wh_per_phase"]["L1"] = 1000.0
    for document, more_kw in (("money", 1 / 6), ("uncontrolled_money", 0.99 - 0.4 + 0.8 / 3)):
        change(plan, f"{document}.peaks", lambda eur, kw=more_kw: eur + 4 * kw)
        change(plan, f"{document}.total", lambda eur, kw=more_kw: eur + 4 * kw)
    plan["objective"]["money_eur"] = plan["money"]["total"]
    assert check_plan(*read(request, plan)).violations == []


def test_a_total_without_phases_is_spread_evenly() -> None:
    request = hand_made_request()
    del request["state"]["month_peaks"]["main"]["offtake_w_per_phase"]
    # 7500 W / 3 = 2500 W lie below the limit of 3000 W: L1 has 500 W more above its floor.
    result = check_plan(*read(request, hand_made_plan()))
    assert result.money is not None
    assert result.money.peaks == pytest.approx(32.8 + 2.0)


def test_each_root_is_a_connection_of_its_own() -> None:
    request, plan = hand_made_request(), hand_made_plan()
    configuration = request["site"]["configurations"]["site_configuration"]
    configuration["collector_list"].append({"name": "barn", "line_current": 40, "phase_voltage": 230})
    configuration["device_list"][1]["collector"] = "barn"
    plan["collectors"]["barn"] = {
        "current_a": {phase: course(0.0, {2: -10.0, 10: -20.0}) for phase in ("L1", "L2", "L3")},
        "power_w": course(0.0, {2: -6900.0, 10: -13_800.0}),
    }
    main: Document = plan["collectors"]["main"]
    for step, ampere, watts in ((2, 10.0, 6900.0), (10, 20.0, 13_800.0)):
        main["power_w"][step] += watts
        plan["offtake_w"][step] = main["power_w"][step]
        plan["injection_w"][step] = watts
        for current_a in main["current_a"].values():
            current_a[step] += ampere
    result = check_plan(*read(request, plan))
    # 1725 Wh of step 2 and 862.5 Wh of step 10 are bought and sold that were netted before.
    assert result.money is not None
    assert result.money.energy == pytest.approx(18.013625 + 2.5875 * (0.2 - 0.05))
    assert {violation.rule for violation in result.violations} == {
        "money.energy",
        "money.total",
        "uncontrolled_money.energy",
        "uncontrolled_money.total",
        "objective.unpriced_peak_kw",
    }


def test_a_series_on_one_phase_takes_its_total_there() -> None:
    request = hand_made_request()
    configuration = request["site"]["configurations"]["site_configuration"]
    configuration["collector_list"].append(
        {"name": "shed", "line_current": 16, "phase_voltage": 230, "1P_3P": "1P"},
    )
    configuration["device_list"][0]["collector"] = "shed"
    request["forecasts"]["house"] = forecast(course(1000.0))
    facts = read_facts(PlanRequest.model_validate(request, strict=False))
    assert facts.series_power_w["house"]["L1"][0] == 1000.0
    assert facts.fixed.current_a_by_collector["shed"]["L1"][0] == pytest.approx(1000 / 230)
