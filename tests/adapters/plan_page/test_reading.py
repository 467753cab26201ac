"""What the page reads out of the two documents."""

from typing import Any

import pytest

from kwartier.adapters.plan_page.electrical_tree import collector_tree
from kwartier.adapters.plan_page.reading import column, read_plan
from tests.adapters.plan_page.plan_case import make_case


def test_children_may_be_nested_named_or_null() -> None:
    leaf = {"name": "leaf", "line_current": 16}
    middle = {"name": "middle", "children": [leaf, None], "line_current": 32}
    configuration = {
        "collector_list": [
            {"name": "named", "children": None},
            {"name": "root", "children": [middle, "named", "dangling", None]},
        ]
    }
    depths = {name: depth for name, (depth, _) in collector_tree(configuration).items()}
    assert depths == {"root": 0, "middle": 1, "leaf": 2, "named": 1}
    assert list(depths) == ["root", "middle", "leaf", "named"]


def test_a_cycle_of_collectors_ends() -> None:
    configuration = {"collector_list": [{"name": "a", "children": ["b"]}, {"name": "b", "children": ["a"]}]}
    assert list(collector_tree(configuration)) == ["a", "b"]


def test_a_short_or_absent_column_has_gaps_and_no_zeros() -> None:
    assert column([1, None], 3) == [1.0, None, None]
    assert column(None, 2) == [None, None]


def test_a_later_message_of_a_transaction_replaces_an_earlier_one() -> None:
    request, plan = make_case()
    first = request["transactions"][0]
    later = first | {"timestamp": "2025-03-03T07:00:00Z", "requestedEnergy": 9000}
    request["transactions"] = [later, *request["transactions"]]
    sessions = [session for session in read_plan(request, plan).sessions if session.transaction_id == "tx-1"]
    assert [session.requested_wh for session in sessions] == [9000.0]


def test_ended_transactions_are_left_out() -> None:
    request, plan = make_case()
    request["transactions"][0]["transactionState"] = "Ended"
    assert "tx-1" not in [session.transaction_id for session in read_plan(request, plan).sessions]


def test_snake_case_telemetry_is_read_as_well() -> None:
    request, plan = make_case()
    camel = read_plan(request, plan).sessions
    request["transactions"] = [_snake(transaction) for transaction in request["transactions"]]
    assert read_plan(request, plan).sessions == camel


def _snake(transaction: dict[str, Any]) -> dict[str, Any]:
    return {
        "".join(f"_{c.lower()}" if c.isupper() else c for c in key): value
        for key, value in transaction.items()
    }


def test_a_session_gets_the_energy_of_the_steps_that_name_it() -> None:
    request, plan = make_case()
    sessions = {session.transaction_id: session for session in read_plan(request, plan).sessions}
    for transaction_id, session in sessions.items():
        assert session.remaining_wh is not None
        assert session.planned_wh == pytest.approx(session.remaining_wh - plan["unserved_wh"][transaction_id])


def test_the_operators_current_limit_holds_only_in_its_steps() -> None:
    request, plan = make_case()
    request["limits"] = [
        {
            "collector": "board_a",
            "start": "2025-03-03T07:05:00Z",
            "end": "2025-03-03T07:20:00Z",
            "current_a": 20.0,
        }
    ]
    boards = {board.name: board for board in read_plan(request, plan).collectors}
    # Step 0 is 06:52:10–07:00, steps 1 and 2 are the quarters from 07:00: both share time with the limit.
    assert boards["board_a"].limit_a[:4] == [63.0, 20.0, 20.0, 63.0]
    assert boards["board_b"].limit_a[:4] == [63.0] * 4


def test_a_device_without_a_type_is_a_charging_pole() -> None:
    kinds = {device.name: device.kind for device in read_plan(*make_case()).devices}
    assert kinds["pole_1"] == "pole"
    assert (kinds["building"], kinds["roof_pv"], kinds["bess"]) == ("load", "pv", "battery")


def test_a_dc_pole_is_shown_against_its_power() -> None:
    request, plan = make_case()
    devices = request["site"]["configurations"]["site_configuration"]["device_list"]
    devices.append({"name": "dc", "type": "dc_charging_pole", "collector": "main", "max_power": 50000})
    plan["devices"]["dc"] = {"power_w": [25000.0] * 97}
    pole = read_plan(request, plan).devices[-1]
    assert (pole.name, pole.kind, pole.share(3)) == ("dc", "pole", 0.5)
