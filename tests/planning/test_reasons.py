"""Reasons say what really held a device: the word and the number are held against plans with other limits."""

import re
from copy import deepcopy
from typing import Any

import pytest

from kwartier import Plan, PlanRequest, plan
from kwartier.demo import demo_request_json
from kwartier.testing.hub_requests import hub_request

Json = dict[str, Any]


def one_pole(*, limit_a: int, prices: list[float]) -> Json:
    """A 32 A pole on a board of `limit_a`; hourly offtake prices from 00:00 UTC, repeated to 30 hours."""
    hourly = (prices * 30)[:30]
    return {
        "site": {
            "site_id": "s",
            "name": "s",
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "country": "BE",
            "configurations": {
                "site_configuration": {
                    "collector_list": [{"name": "board", "line_current": limit_a, "phase_voltage": 230}],
                    "device_list": [
                        {
                            "name": "pole",
                            "collector": "board",
                            "line_current": 32,
                            "pin_to_phase_mapping": {"pin_list": ["pin1"], "phase_list": ["L1"]},
                        }
                    ],
                },
                "optimization_configuration": {},
            },
        },
        "at": "2025-03-03T00:00:00Z",
        "prices": {
            "start": "2025-03-03T00:00:00Z",
            "resolution": "PT1H",
            "offtake_eur_per_mwh": hourly,
            "injection_eur_per_mwh": [0.0] * 30,
        },
        "transactions": [
            {
                "assetId": "pole",
                "transactionId": "t",
                "timestamp": "2025-03-03T00:00:00Z",
                "transactionState": "Updated",
                "startTime": "2025-03-03T00:00:00Z",
                "departureTime": "2025-03-03T04:00:00Z",
                "requestedEnergy": 6000,
            }
        ],
    }


def planned(document: Json) -> Plan:
    return plan(PlanRequest.model_validate(document))


def test_a_car_that_waits_for_a_price_says_which_and_how_much_cheaper() -> None:
    # 6 kWh at 7.36 kW take less than an hour: all of it in the second hour, 30 EUR/MWh cheaper, 01:00 UTC.
    answer = planned(one_pole(limit_a=63, prices=[100.0, 70.0, 90.0, 95.0]))
    assert answer.reasons["pole"][0] == "waits for 02:00: 30 EUR/MWh cheaper"


def test_a_car_whose_need_is_met_says_so() -> None:
    answer = planned(one_pole(limit_a=63, prices=[100.0, 70.0, 90.0, 95.0]))
    assert answer.reasons["pole"][8] == "its need is met"


def test_a_full_board_is_named_with_its_phase_and_limit() -> None:
    # At 10 A the cheap hour holds 2.3 of 6 kWh; the rest goes to the next cheapest hours.
    answer = planned(one_pole(limit_a=10, prices=[100.0, 70.0, 90.0, 95.0]))
    assert answer.reasons["pole"][4].startswith("held at 10 A: board, phase L1 is full (10 A)")


def test_the_worth_of_one_more_ampere_is_what_one_more_ampere_saves() -> None:
    # By hand: one ampere more in the 70-hour moves 0.23 kWh x 0.25 h out of the dearest hour that is used: 95 EUR/MWh
    # (6 kWh = 2.3 + 2.3 + 1.4), so 0.0575 kWh x 25 EUR/MWh = 0.14375 cent.
    document = one_pole(limit_a=10, prices=[100.0, 70.0, 90.0, 95.0])
    words = planned(document).reasons["pole"][4]
    match = re.search(r"worth ([0-9.e-]+) cent", words)
    assert match is not None
    assert float(match.group(1)) == pytest.approx(0.14375, rel=0.01)


def test_a_peak_that_holds_a_car_back_is_named_with_its_price() -> None:
    document = one_pole(limit_a=63, prices=[100.0, 70.0, 90.0, 95.0])
    peak = {"peak_minimization": {"active": True, "peak_price": 4.1}}
    document["site"]["configurations"]["optimization_configuration"] = peak
    answer = planned(document)
    # 6 kWh over four hours is 1.5 kW, 6.5 A: the peak term flattens the charge to that.
    assert answer.reasons["pole"][0] == "held at 6.52 A: more would raise this month's peak (4.1 EUR/kW)"


def test_a_paused_car_says_so() -> None:
    document = one_pole(limit_a=63, prices=[100.0])
    document["transactions"][0]["transactionState"] = "SuspendedEV"
    assert planned(document).reasons["pole"][:2] == ["the car has paused charging"] * 2


def test_every_step_with_a_car_or_a_battery_has_a_reason() -> None:
    answer = plan(PlanRequest.model_validate_json(demo_request_json()))
    for name, reasons in answer.reasons.items():
        owners = answer.devices[name].transaction_id or ["battery"] * len(reasons)
        assert [bool(reason) for reason in reasons] == [owner is not None for owner in owners], name


def test_a_limit_named_as_full_is_full() -> None:
    answer = planned(hub_request(10, tightness=0.3))
    named = 0
    for reasons in answer.reasons.values():
        for step, reason in enumerate(reasons):
            match = re.search(r": (\S+), phase (L\d) is full \(([0-9.]+) A\)", reason)
            if match is not None:
                board, phase, limit_a = match.group(1), match.group(2), float(match.group(3))
                # The name is the board's own phase, the limit its own; three digits are shown.
                assert abs(answer.collectors[board].current_a[phase][step]) == pytest.approx(
                    limit_a, rel=5e-3
                )
                named += 1
    assert named > 20


def test_a_wider_board_never_leaves_the_same_phase_as_the_reason() -> None:
    document = one_pole(limit_a=10, prices=[100.0, 70.0, 90.0, 95.0])
    wider = deepcopy(document)
    wider["site"]["configurations"]["site_configuration"]["collector_list"][0]["line_current"] = 63
    assert "is full" in " ".join(planned(document).reasons["pole"])
    assert "is full" not in " ".join(planned(wider).reasons["pole"])
