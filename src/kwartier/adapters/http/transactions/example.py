"""A transaction's message for the description of the interface."""

from typing import Any

EXAMPLE_MESSAGE: dict[str, Any] = {
    "siteId": "brussels-hub",
    "assetId": "pole_1",
    "transactionId": "1041",
    "timestamp": "2025-03-03T07:52:10+01:00",
    "transactionState": "Updated",
    "startTime": "2025-03-03T07:30:00+01:00",
    "departureTime": "2025-03-03T17:00:00+01:00",
    "requestedEnergy": 30_000.0,
    "energyCharged": 4_200.0,
    "noChargingPhases": 3,
    "usedChargingPins": ["pin1", "pin2", "pin3"],
    "idTag": "badge-77",
}
