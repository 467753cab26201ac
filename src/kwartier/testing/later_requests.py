"""A plan request some moments later: the same site, cars and quarter-hour, new figures from meters and forecasts."""

from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]

QUARTER_S = 900


def later_request(document: Json, random: Random, spread_share: float = 0.05) -> Json:
    """A plan request (JSON) like `document`, later in the same quarter-hour, with every figure moved a little.

    Forecasts and the energy of the running quarter-hour change by up to `spread_share` of themselves, states of charge
    by as much of the capacity, and cars have charged up to 1 kWh more. Series get one value more: the horizon ends
    later too. Example: `later_request(hub_request(50), Random(1))`.
    """
    later = deepcopy(document)
    at = datetime.fromisoformat(document["at"])
    left_s = QUARTER_S - (at.timestamp() % QUARTER_S)
    later["at"] = (at + timedelta(seconds=int(random.random() * (left_s - 1.0)))).isoformat()
    for series in later.get("forecasts", {}).values():
        series["power_w"] = _moved(series["power_w"], random, spread_share)
    for prices in (later.get("day_ahead"), later.get("prices")):
        for values in (prices or {}).values():
            if isinstance(values, list):
                values.append(values[-1])
    state = later.get("state", {})
    for battery in state.get("batteries", {}).values():
        if battery.get("state_of_charge") is not None:
            moved = battery["state_of_charge"] + 100.0 * random.uniform(-spread_share, spread_share)
            battery["state_of_charge"] = min(100.0, max(0.0, moved))
    for so_far in state.get("quarter_so_far", {}).values():
        for key in ("offtake_wh", "injection_wh"):
            so_far[key] = so_far.get(key, 0.0) * random.uniform(1.0 - spread_share, 1.0 + spread_share)
    for car in later.get("transactions", []):
        car["energyCharged"] = car.get("energyCharged", 0.0) + random.uniform(0.0, 1000.0)
    return later


def _moved(power_w: Any, random: Random, spread_share: float) -> Any:
    """A series in W, or one per phase, with every value multiplied and the last one repeated."""
    if isinstance(power_w, dict):
        return {phase: _moved(values, random, spread_share) for phase, values in power_w.items()}
    return [
        None if value is None else value * random.uniform(1.0 - spread_share, 1.0 + spread_share)
        for value in [*power_w, power_w[-1]]
    ]
