"""Measurements for the description of the interface."""

from typing import Any

EXAMPLE_MEASUREMENT: dict[str, Any] = {
    "siteId": "brussels-hub",
    "assetId": "pole_1",
    "timestamp": "2025-03-03T07:52:10+01:00",
    "energyValue": 1_234_500.0,
    "powerValue": 11_040.0,
    "pins": {
        "pin1": {"currentValue": 16.0, "powerValue": 3_680.0, "voltageValue": 230.0},
        "pin2": {"currentValue": 16.0, "powerValue": 3_680.0, "voltageValue": 230.0},
        "pin3": {"currentValue": 16.0, "powerValue": 3_680.0, "voltageValue": 230.0},
    },
}
EXAMPLE_BATCH: list[dict[str, Any]] = [
    EXAMPLE_MEASUREMENT,
    {
        "siteId": "brussels-hub",
        "assetId": "battery",
        "timestamp": "2025-03-03T07:52:10+01:00",
        "energyValue": 98_000.0,
        "powerValue": -20_000.0,
        "currentStateOfCharge": 64.5,
    },
]
