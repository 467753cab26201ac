from typing import Any

import pytest

from kwartier import PlanRequest, plan
from kwartier.control.planned_peak import PlannedPeak, planned_peaks
from tests.control import sites as s

AT = "2026-03-03T07:10:00Z"
FLUVIUS = {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"}


def request(peak: s.Json | None, **more: Any) -> PlanRequest:
    """A board with 9 kW of load at every moment, 2 kWh of it already in the open quarter-hour."""
    document = s.document(
        {"collector_list": [s.four_wire("main", 63)], "device_list": [s.series("oven", "load", 63)]}
    ).model_dump(mode="json", exclude={"validation_status", "connections", "partner_id", "active"})
    document["configurations"] |= {
        "optimization_configuration": {"peak_minimization": peak},
        "contract": {
            "contract_type": "fixed",
            "fixed_offtake_cost_per_mwh": 100.0,
            "fixed_injection_cost_per_mwh": 0,
        },
        **more.pop("configurations", {}),
    }
    return PlanRequest.model_validate(
        {
            "site": document,
            "at": AT,
            "forecasts": {"oven": {"start": "2026-03-03T07:00:00Z", "power_w": [9000.0] * 120}},
            "state": {"quarter_so_far": {"main": {"offtake_wh": 2000.0}}} | more,
        }
    )


def peaks_of(asked: PlanRequest) -> tuple[PlannedPeak, ...]:
    return planned_peaks(asked, plan(asked))


def test_a_priced_peak_per_phase_is_the_highest_planned_average_of_each_phase() -> None:
    found = peaks_of(request({"active": True, "peak_price": 4.5}))
    # The open quarter-hour: (2000 Wh / 3 + 3000 W x 5/60 h) / 0.25 h = 3667 W per phase, later ones 3000 W.
    assert {(one.root, one.phase) for one in found} == {("main", phase) for phase in s.PHASES}
    assert [one.highest_w for one in found] == pytest.approx([2000 / 3 / 0.25 + 1000] * 3)


def test_what_is_billed_already_may_be_used_again() -> None:
    found = peaks_of(
        request({"active": True, "peak_price": 4.5}, month_peaks={"main": {"offtake_w": 30_000.0}})
    )
    assert [one.highest_w for one in found] == [10_000.0] * 3


def test_the_sheet_of_the_grid_operator_counts_all_phases_together() -> None:
    (found,) = peaks_of(request({"active": True}, configurations={"dso": FLUVIUS}))
    assert (found.root, found.phase) == ("main", None)
    assert found.highest_w == pytest.approx((2000 + 9000 * 5 / 60) / 0.25)


def test_where_no_peak_counts_none_is_held() -> None:
    assert peaks_of(request(None)) == ()
