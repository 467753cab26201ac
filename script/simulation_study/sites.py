"""The three sites of the study: a charging hub, an office, and an apartment block's garage; sizes are ours."""

from collections.abc import Mapping
from typing import Any

from kwartier.site.document import Site

Json = dict[str, Any]
ROTATIONS = (["L1", "L2", "L3"], ["L2", "L3", "L1"], ["L3", "L1", "L2"])
PINS = ["pin1", "pin2", "pin3"]

# Belgian suppliers' business formulas of 2025 and 2026 lie near the market price plus 10 to 20 EUR/MWh, and pay for
# injection the market price less 5 to 15.
CONTRACT = {
    "contract_type": "dynamic",
    "offtake_constant_cost_per_mwh": 15.0,
    "injection_constant_cost_per_mwh": -10.0,
}

TARIFFS: Mapping[str, Json] = {
    "Flemish low voltage": {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"},
    "Flemish medium voltage": {
        "dso": "Fluvius",
        "region": "Imewo",
        "connection_type": "Medium Voltage Network 1-26 kV",
        "toegangsvermogen": 250.0,
    },
    "Walloon medium voltage": {
        "dso": "ORES",
        "region": "All",
        "connection_type": "MT avec terme capacitaire",
    },
}


def _poles(count: int, board: str, rating_a: int) -> list[Json]:
    return [
        {
            "name": f"pole_{number}",
            "collector": board,
            "type": "charging_pole_3phase",
            "line_current": rating_a,
            "pin_to_phase_mapping": {"pin_list": PINS, "phase_list": ROTATIONS[number % 3]},
        }
        for number in range(1, count + 1)
    ]


def _series(name: str, kind: str) -> Json:
    return {
        "name": name,
        "collector": "grid",
        "type": "forecasted_series_3phase",
        "line_current": 400,
        "forecast_type": kind,
    }


def _battery(power_w: int, capacity_wh: int) -> Json:
    return {
        "name": "battery",
        "collector": "grid",
        "type": "battery_energy_storage_system",
        "maximum_charging_power": power_w,
        "maximum_discharging_power": power_w,
        "operational_battery_capacity": capacity_wh,
    }


def _boards(grid_a: int, charging_a: int) -> list[Json]:
    return [
        {"name": "grid", "line_current": grid_a, "line_voltage": 400, "children": ["charging"]},
        {"name": "charging", "line_current": charging_a},
    ]


# Ratings: A of the connection and of the charging board; W and Wh of the battery.
SITE_CONFIGURATIONS: Mapping[str, Json] = {
    "hub": {
        "device_list": [
            *_poles(20, "charging", 32),
            _battery(60_000, 120_000),
            _series("roof", "pv"),
            _series("building", "load"),
        ],
        "collector_list": _boards(250, 200),
    },
    "office": {
        "device_list": [
            *_poles(12, "charging", 32),
            _battery(50_000, 100_000),
            _series("roof", "pv"),
            _series("building", "load"),
        ],
        "collector_list": _boards(160, 100),
    },
    "garage": {
        "device_list": [
            *_poles(20, "charging", 32),
            _battery(20_000, 40_000),
            _series("roof", "pv"),
            _series("building", "load"),
        ],
        "collector_list": _boards(125, 80),
    },
}

# Peak of the building's load and of its roof, W.
LOAD_PEAK_W = {"hub": 12_000.0, "office": 45_000.0, "garage": 15_000.0}
ROOF_PEAK_W = {"hub": 20_000.0, "office": 80_000.0, "garage": 25_000.0}
# Profiles of SimBench: a workday business, another one, and homes.
LOAD_PROFILE = {"hub": "g1_a_pu", "office": "g0_a_pu", "garage": "h0_a_pu"}


def site_document(kind: str, tariff: str) -> Site:
    """The site document of a kind of site on a tariff."""
    return Site.model_validate(
        {
            "site_id": kind,
            "name": kind.capitalize(),
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "country": "BE",
            "configurations": {
                "site_configuration": SITE_CONFIGURATIONS[kind],
                "optimization_configuration": {
                    "peak_minimization": {"active": True},
                    "planning_horizon": "P2D",
                },
                "contract": CONTRACT,
                "dso": TARIFFS[tariff],
            },
        },
        strict=False,
    )
