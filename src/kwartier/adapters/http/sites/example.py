"""The site that the description of the interface shows: an office with two poles, solar panels and a battery."""

from typing import Any

EXAMPLE_SITE: dict[str, Any] = {
    "site_id": "brussels-hub",
    "name": "Brussels Charging Hub",
    "location": {"name": "Brussels Office", "coordinates": [50.8503, 4.3517, 20]},
    "country": "BE",
    "active": True,
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
                },
                {"name": "fast_1", "collector": "main", "type": "dc_charging_pole", "max_power": 50_000},
                {
                    "name": "roof",
                    "collector": "main",
                    "type": "forecasted_series_3phase",
                    "line_current": 63,
                    "forecast_type": "pv",
                },
                {
                    "name": "battery",
                    "collector": "main",
                    "type": "battery_energy_storage_system",
                    "maximum_charging_power": 50_000,
                    "maximum_discharging_power": 50_000,
                    "operational_battery_capacity": 100_000,
                },
            ],
            "collector_list": [{"name": "main", "line_current": 250, "line_voltage": 400, "1P_3P": "3P"}],
        },
        "optimization_configuration": {
            "peak_minimization": {"active": True, "peak_limit": 20_000},
            "cost_minimization_active": True,
            "planning_horizon": "P2D",
        },
        "contract": {"contract_type": "dynamic", "offtake_constant_cost_per_mwh": 12.5},
    },
}
