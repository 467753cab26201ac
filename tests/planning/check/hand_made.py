"""A charging hub and a plan for it, both written by hand: the tests' expected numbers come from this arithmetic.

The plan starts at 10:07:30Z on the last day of March 2025 (12:07:30 in Brussels): step 0 lasts 7.5 min, steps 1 to 95
are quarter-hours (step k starts at 10:15Z + (k - 1) x 15 min), step 96 lasts 7.5 min. April begins, in Brussels, with
step 48 (22:00Z).

Root `main` (230/400 V, 40 A) feeds `board` (32 A) with rotated phases: board L1, L2, L3 hang on main L2, L3, L1.

    house  on main   L1 2300 W (10 A), L3 1150 W (5 A); in step 60 the forecast has 9200 W, clipped to 5750 W
    roof   on main   0 W; -6900 W in step 2, -13 800 W in step 10, spread over three phases
    pole_1 on board  three pins, 690 W/A: tx-1 has 4000 Wh left: 10 A in steps 0 and 1 (862.5, 1725 Wh), then 5650 W
    pole_2 on board  pin1 on board L1 = main L2, 230 W/A: tx-2 has 250 Wh left, 6 A in step 0 (172.5 Wh), the last
                     77.5 Wh in step 1 at 6 A for a part of it, 310 W on average
    dc     on main   tx-3 from 11:05Z (two thirds of step 4): 6900 W in step 4 (10 350 W while charging), 11 500 W in
                     step 5, 4600 Wh of 6000 Wh
    bess   on main   10 kWh, 50 %: 2000 W in step 3 (+450 Wh at 0.9), -1600 W in step 6 (-500 Wh at 0.8), 49.5 % left
    e-1    at pole_1 expected with weight 0.5 from 15:00Z: 2760 W in step 20, 690 Wh of 0.5 x 2760 Wh
"""

import json
from datetime import datetime, timedelta
from typing import Any

from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest

STEPS = 97
Document = dict[str, Any]


def course(default: Any, changes: dict[int, Any] | None = None, steps: int = STEPS) -> list[Any]:
    """One value per step: the default, but for the named steps."""
    return [(changes or {}).get(step, default) for step in range(steps)]


def pole(name: str, collector: str, mapping: dict[str, str], rating_a: int = 16) -> Document:
    return {
        "name": name,
        "collector": collector,
        "type": "charging_pole_3phase",
        "line_current": rating_a,
        "pin_to_phase_mapping": {"pin_list": list(mapping), "phase_list": list(mapping.values())},
    }


def series(name: str, collector: str, rating_a: int = 100, kind: str = "load") -> Document:
    return {
        "name": name,
        "collector": collector,
        "type": "forecasted_series_3phase",
        "line_current": rating_a,
        "forecast_type": kind,
    }


def battery(name: str, collector: str, **fields: Any) -> Document:
    return {
        "name": name,
        "collector": collector,
        "type": "battery_energy_storage_system",
        "charging_efficiency": 0.9,
        "discharging_efficiency": 0.8,
        "maximum_charging_power": 4000.0,
        "maximum_discharging_power": 5000.0,
        "operational_battery_capacity": 10_000.0,
        **fields,
    }


def transaction(
    transaction_id: str, asset_id: str, start: str, departure: str | None, **fields: Any
) -> Document:
    return {
        "assetId": asset_id,
        "transactionId": transaction_id,
        "timestamp": "2025-03-31T10:07:00Z",
        "transactionState": "Started",
        "startTime": start,
        "departureTime": departure,
        **fields,
    }


def site(devices: list[Document], collectors: list[Document], **configurations: Any) -> Document:
    return {
        "site_id": "hub",
        "name": "Hub",
        "location": {"name": "Ghent", "coordinates": [51.05, 3.73, 8.0]},
        "country": "BE",
        "configurations": {
            "site_configuration": {"device_list": devices, "collector_list": collectors},
            "optimization_configuration": {"cost_minimization_active": True},
            **configurations,
        },
    }


def forecast(power_w: Any, start: str = "2025-03-31T10:00:00Z", resolution: str = "PT15M") -> Document:
    return {"start": start, "resolution": resolution, "power_w": power_w}


THREE_PINS = {"pin1": "L1", "pin2": "L2", "pin3": "L3"}
ROTATED = {"parent": ["L2", "L3", "L1"], "child": ["L1", "L2", "L3"]}

REQUEST: Document = {
    "site": site(
        [
            series("house", "main", rating_a=25),
            series("roof", "main", kind="pv"),
            pole("pole_1", "board", THREE_PINS),
            pole("pole_2", "board", {"pin1": "L1"}),
            {"name": "dc", "collector": "main", "type": "dc_charging_pole", "max_power": 11_500.0},
            battery(
                "bess",
                "main",
                policies=[
                    {
                        "type": "schedule",
                        "schedule": {"frequency": "once", "date_times": ["2025-03-31T10:52:30Z"]},
                        "minimum_state_of_charge": 60.0,
                    }
                ],
            ),
        ],
        [
            {"name": "main", "line_current": 40, "phase_voltage": 230, "line_voltage": 400, "children": ["board"]},
            {"name": "board", "line_current": 32, "phase_permutations": ROTATED},
        ],
        optimization_configuration={
            "peak_minimization": {"active": True, "peak_limit": 3000, "peak_price": 4.0},
            "negative_peak_minimization": {"active": True, "peak_limit": 1000},
        },
        contract={
            "contract_type": "fixed",
            "fixed_offtake_cost_per_mwh": 200.0,
            "fixed_injection_cost_per_mwh": 50.0,
        },
        revenue={"revenue_per_kwh_ac_charged": 0.3},
    ),
    "at": "2025-03-31T12:07:30+02:00",
    "forecasts": {
        "house": forecast({"L1": course(2300.0, {60: 9200.0}), "L3": course(1150.0)}),
        "roof": forecast(course(0.0, {2: -6900.0, 10: -13_800.0})),
    },
    "state": {
        "batteries": {"bess": {"state_of_charge": 50.0}},
        "month_peaks": {
            "main": {
                "offtake_w": 7500.0,
                "injection_w": 4500.0,
                "offtake_w_per_phase": {"L1": 3500.0, "L2": 1000.0, "L3": 3000.0},
            }
        },
        "quarter_so_far": {"main": {"offtake_wh": 100.0, "offtake_wh_per_phase": {"L1": 100.0}}},
    },
    "transactions": [
        transaction(
            "tx-1", "pole_1", "2025-03-31T10:00:00Z", "2025-03-31T14:00:00Z",
            requestedEnergy=5000.0, energyCharged=1000.0,
        ),
        transaction("tx-2", "pole_2", "2025-03-31T10:00:00Z", "2025-03-31T12:00:00Z", requestedEnergy=250.0),
        transaction(
            "tx-3", "dc", "2025-03-31T11:05:00Z", "2025-03-31T13:00:00Z",
            requestedEnergy=6000.0, minimumEnergy=2000.0,
        ),
    ],
    "expected_sessions": [
        transaction(
            "e-1", "pole_1", "2025-03-31T15:00:00Z", "2025-03-31T16:00:00Z", requestedEnergy=2760.0, weight=0.5
        )
    ],
}  # fmt: skip


def step_starts(at: str, second: str, count: int) -> list[Document]:
    """`at`, then quarter-hours from the second step's start: the grid of a plan, lengths included."""
    first, start = datetime.fromisoformat(at), datetime.fromisoformat(second)
    starts = [first, *(start + timedelta(minutes=15 * k) for k in range(count - 1))]
    ends = [*starts[1:], first + timedelta(days=1)]
    return [
        {"start": begin.isoformat(), "hours": (end - begin).total_seconds() / 3600}
        for begin, end in zip(starts, ends, strict=True)
    ]


CURRENT_1_A = course(0.0, {0: 10.0, 1: 10.0, 2: 5650 / 690})

PLAN: Document = {
    "plan_id": "by-hand",
    "site_id": "hub",
    "created_at": "2025-03-31T10:07:30Z",
    "status": "optimal",
    "steps": step_starts("2025-03-31T10:07:30+00:00", "2025-03-31T10:15:00+00:00", STEPS),
    "devices": {
        "house": {
            "power_w": course(3450.0, {60: 6900.0}),
            "power_w_per_phase": {
                "L1": course(2300.0, {60: 5750.0}),
                "L2": course(0.0),
                "L3": course(1150.0),
            },
        },
        "roof": {
            "power_w": course(0.0, {2: -6900.0, 10: -13_800.0}),
            "power_w_per_phase": {
                phase: course(0.0, {2: -2300.0, 10: -4600.0}) for phase in ("L1", "L2", "L3")
            },
        },
        "pole_1": {
            "power_w": course(0.0, {0: 6900.0, 1: 6900.0, 2: 5650.0}),
            "current_a": {"pin1": CURRENT_1_A, "pin2": CURRENT_1_A, "pin3": CURRENT_1_A},
            "transaction_id": course(None, dict.fromkeys(range(16), "tx-1")),
        },
        "pole_2": {
            "power_w": course(0.0, {0: 1380.0, 1: 310.0}),
            "current_a": {"pin1": course(0.0, {0: 6.0, 1: 6.0})},
            "transaction_id": course(None, dict.fromkeys(range(8), "tx-2")),
        },
        "dc": {
            "power_w": course(0.0, {4: 6900.0, 5: 11_500.0}),
            "transaction_id": course(None, dict.fromkeys(range(4, 12), "tx-3")),
        },
        "bess": {
            "power_w": course(0.0, {3: 2000.0, 6: -1600.0}),
            "state_of_charge": course(49.5, dict.fromkeys(range(3), 50.0) | dict.fromkeys(range(3, 6), 54.5)),
        },
    },
    "expected_sessions": [
        {"transaction_id": "e-1", "asset_id": "pole_1", "power_w": course(0.0, {20: 2760.0})}
    ],
    "collectors": {
        "main": {
            # house + roof + pole_1 in each phase + pole_2 in L2 + balanced dc and bess (690 W/A) + e-1 (4 A per pin).
            "current_a": {
                "L1": course(
                    10.0,
                    {0: 20.0, 1: 20.0, 2: 5650 / 690, 3: 10 + 2000 / 690, 4: 25.0, 5: 10 + 11_500 / 690}
                    | {6: 10 - 1600 / 690, 10: -10.0, 20: 14.0, 60: 25.0},
                ),
                "L2": course(
                    0.0,
                    {0: 16.0, 1: 16.0, 2: 5650 / 690 - 10, 3: 2000 / 690, 4: 15.0, 5: 11_500 / 690}
                    | {6: -1600 / 690, 10: -20.0, 20: 4.0},
                ),
                "L3": course(
                    5.0,
                    {0: 15.0, 1: 15.0, 2: 5650 / 690 - 5, 3: 5 + 2000 / 690, 4: 20.0, 5: 5 + 11_500 / 690}
                    | {6: 5 - 1600 / 690, 10: -15.0, 20: 9.0},
                ),
            },
            "power_w": course(
                3450.0,
                {0: 11_730.0, 1: 10_660.0, 2: 2200.0, 3: 5450.0, 4: 10_350.0, 5: 14_950.0}
                | {6: 1850.0, 10: -10_350.0, 20: 6210.0, 60: 6900.0},
            ),
        },
        "board": {
            "current_a": {
                "L1": course(0.0, {0: 16.0, 1: 16.0, 2: 5650 / 690, 20: 4.0}),
                "L2": course(0.0, {0: 10.0, 1: 10.0, 2: 5650 / 690, 20: 4.0}),
                "L3": course(0.0, {0: 10.0, 1: 10.0, 2: 5650 / 690, 20: 4.0}),
            },
            "power_w": course(0.0, {0: 8280.0, 1: 7210.0, 2: 5650.0, 20: 2760.0}),
        },
    },
    "offtake_w": course(
        3450.0,
        {0: 11_730.0, 1: 10_660.0, 2: 2200.0, 3: 5450.0, 4: 10_350.0, 5: 14_950.0}
        | {6: 1850.0, 10: 0.0, 20: 6210.0, 60: 6900.0},
    ),
    "injection_w": course(0.0, {10: 10_350.0}),
    "prices": {"offtake_eur_per_mwh": course(200.0), "injection_eur_per_mwh": course(50.0)},
    # Offtake: 24 h x 3450 W = 82 800 Wh; + 1035 + 1802.5 - 312.5 + 500 + 1725 + 2875 - 400 + 690 in steps 0-6 and 20;
    # + 862.5 in step 60, - 862.5 in step 10: 90 715 Wh at 0.20 EUR/kWh; injection 2587.5 Wh at 0.05: 18.013625 EUR.
    # Peaks: March's all in step 5 (11 500 / 3 W per phase and the house): 6133.3 - 3500 in L1 (the month's peak),
    # 3833.3 - 3000 in L2, 4983.3 - 3000 in L3, together 5450 W; April's in step 60, L1: 5750 - 3000. 8.2 kW x 4 EUR.
    # Revenue: 4000 + 250 + 690 Wh at 0.30. Terminal value: 0.8 x 4950 Wh at 0.20.
    "money": {
        "energy": 18.013625,
        "grid": 0.0,
        "levies": 0.0,
        "peaks": 32.8,
        "revenue": -1.482,
        "terminal_value": -0.792,
        "total": 48.539625,
    },
    # tx-1 at 16 A in step 0 (1380 Wh), 2620 Wh in step 1; tx-2 250 Wh in step 0; tx-3 7666.7 W in step 4, 11 500 W in
    # step 5, 1208.3 Wh in step 6; e-1 5520 W in step 20. Energy: 82 800 + 11 630 + 862.5 - 2 x 862.5 Wh taken, 862.5 +
    # 2587.5 Wh given. Peaks as above. Revenue: 4000 + 250 + 1380 Wh. Terminal value: 0.8 x 5000 Wh.
    "uncontrolled_money": {
        "energy": 18.541,
        "grid": 0.0,
        "levies": 0.0,
        "peaks": 32.8,
        "revenue": -1.689,
        "terminal_value": -0.8,
        "total": 48.852,
    },
    "unserved_wh": {"tx-1": 0.0, "tx-2": 0.0, "tx-3": 1400.0},
    "limit_violations": [],
    # Policy: in the middle of step 3 the battery is at 52.25 %, 7.75 % of 10 kWh below its band. Unpriced injection
    # peaks in step 10 above a third of 4500 W: 2300, 4600 and 3450 W less 1500 W each.
    "objective": {
        "excess_ah": 0.0,
        "minimum_energy_wh": 0.0,
        "requested_energy_wh": 1400.0,
        "worst_shortage_ratio": 1400 / 6000,
        "expected_energy_wh": 690.0,
        "policies_wh": 775.0,
        "unpriced_peak_kw": 5.85,
        "money_eur": 48.539625,
    },
    "solve": {},
    "warnings": [],
}


def hand_made_request() -> Document:
    """A copy of the request, to change."""
    return Document(json.loads(json.dumps(REQUEST)))


def hand_made_plan() -> Document:
    """A copy of the plan, to change."""
    return Document(json.loads(json.dumps(PLAN)))


def read(request: Document, plan: Document) -> tuple[PlanRequest, Plan]:
    """The two documents as `check_plan` takes them."""
    return PlanRequest.model_validate_json(json.dumps(request)), Plan.model_validate_json(json.dumps(plan))
