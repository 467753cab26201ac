"""The plan request that the description shows: one pole, one car, a cheap night."""

from typing import Any

EXAMPLE_REQUEST: dict[str, Any] = {
    "site": {
        "site_id": "yard",
        "name": "Yard",
        "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8]},
        "country": "BE",
        "configurations": {
            "site_configuration": {
                "device_list": [
                    {
                        "name": "pole_1",
                        "collector": "main",
                        "type": "charging_pole_3phase",
                        "line_current": 32,
                        "pin_to_phase_mapping": {
                            "pin_list": ["pin1", "pin2", "pin3"],
                            "phase_list": ["L1", "L2", "L3"],
                        },
                    }
                ],
                "collector_list": [{"name": "main", "line_current": 63, "line_voltage": 400}],
            },
            "optimization_configuration": {"planning_horizon": "P1D"},
            "contract": {
                "contract_type": "day_night_be",
                "day_offtake_cost_per_mwh": 150.0,
                "night_offtake_cost_per_mwh": 90.0,
                "day_injection_cost_per_mwh": 30.0,
                "night_injection_cost_per_mwh": 20.0,
            },
        },
    },
    "at": "2026-03-02T18:00:00+01:00",
    "transactions": [
        {
            "assetId": "pole_1",
            "transactionId": "tx-1",
            "timestamp": "2026-03-02T17:58:00+01:00",
            "transactionState": "Started",
            "startTime": "2026-03-02T17:58:00+01:00",
            "departureTime": "2026-03-03T07:30:00+01:00",
            "requestedEnergy": 22000,
        }
    ],
}
