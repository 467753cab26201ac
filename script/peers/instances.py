"""The two problems that everybody gets, as the facts that a peer's driver reads and as our plan requests.

*Hub*: a battery, solar power, load and ten cars on one connection, 96 quarter-hours. *Caltech*: the 54 poles of
acnportal's Caltech network, a car on each. Drawn by rule from a seed, not measured.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]

STEPS, STEP = 96, timedelta(minutes=15)
START = datetime.fromisoformat("2025-03-17T06:00:00+00:00")
PHASE_V, PHASES = 230.0, ["L1", "L2", "L3"]
HUB_CARS = 10
POLE_A = 32.0
# Per phase. Loose: the limit is there and never binds. Tight: cars wait for each other in most hours.
HUB_LIMIT_A = {"loose": 250.0, "tight": 48.0}
# About the network's own transformer of 150 kW, and half of it: 420 A and 210 A, as our limits are whole amperes.
CALTECH_TRANSFORMER_KW = {"loose": 151.2, "tight": 75.6}
BATTERY = {
    "name": "battery",
    "charging_power_w": 25_000.0,
    "discharging_power_w": 25_000.0,
    "capacity_wh": 50_000.0,
    "charging_efficiency": 0.95,
    "discharging_efficiency": 0.95,
    "stored_wh": 25_000.0,
}
# The three pairs of lines by their angle in acnportal: A-B, B-C, C-A.
PAIR_BY_ANGLE_DEG = {30.0: "L1", -90.0: "L2", 150.0: "L3"}


@dataclass(frozen=True)
class Instance:
    """One problem: the facts, our request that says the same, and the request without the rule of 6 A."""

    facts: Json
    request: Json
    request_without_minimum: Json


def hub_instance(tightness: str, seed: int) -> Instance:
    """The hub; `tightness` is `loose` or `tight`, the cars and prices of a seed are the same for both."""
    random = Random(seed)  # noqa: S311  instances, not secrets
    limit_a = HUB_LIMIT_A[tightness]
    offtake = _offtake_eur_per_mwh(random)
    facts: Json = {
        "start": START.isoformat(),
        "offtake_eur_per_mwh": offtake,
        "injection_eur_per_mwh": [round(price - 75.0, 2) for price in offtake],
        "load_w": [round(6_000 + 5_000 * _bump(step, 12.0, 8.0)) for step in range(STEPS)],
        "solar_w": [round(-30_000 * _bump(step, 12.5, 5.0)) for step in range(STEPS)],
        "site_limit_w": 3 * PHASE_V * limit_a,
        "battery": BATTERY,
        "cars": [
            _car(random, f"pole_{number}", 3 * PHASE_V * POLE_A, (6_000, 40_000))
            for number in range(HUB_CARS)
        ],
    }
    return Instance(
        facts, _hub_request(facts, limit_a, direct=False), _hub_request(facts, limit_a, direct=True)
    )


def caltech_instance(tightness: str, seed: int, network: Json) -> Instance:
    """The Caltech site as acnportal describes it; `tightness` sizes its transformer."""
    random = Random(seed)  # noqa: S311  instances, not secrets
    transformer_kw = CALTECH_TRANSFORMER_KW[tightness]
    facts: Json = {
        "start": START.isoformat(),
        "transformer_kw": transformer_kw,
        "offtake_eur_per_mwh": _offtake_eur_per_mwh(random),
        "cars": [
            _car(random, name, station["voltage_v"] * POLE_A, (3_000, 14_000))
            for name, station in network["stations"].items()
        ],
    }
    request = _caltech_request(facts, network, round(transformer_kw * network["line_limit_a_per_kw"], 6))
    return Instance(facts, request, request)


def _offtake_eur_per_mwh(random: Random) -> list[float]:
    """Two waves a day around 140, with noise."""
    return [
        round(140 + 50 * math.sin(step / STEPS * 4 * math.pi) + random.uniform(-15, 15), 2)
        for step in range(STEPS)
    ]


def _bump(step: int, peak_hour: float, width_h: float) -> float:
    """0 to 1, highest at `peak_hour` (UTC), 0 further than `width_h` from it."""
    hour = (START.hour + step / 4) % 24
    return (
        max(0.0, math.cos((hour - peak_hour) / width_h * math.pi / 2))
        if abs(hour - peak_hour) < width_h
        else 0.0
    )


def _car(random: Random, pole: str, power_w: float, energy_wh: tuple[float, float]) -> Json:
    """A car that stays 4 to 12 hours and asks for at most 60 % of what full power gives; some have come before."""
    arrival_step = random.randrange(-12, 68)
    first_step = max(0, arrival_step)
    end_step = min(STEPS, arrival_step + random.randrange(16, 49))
    most_wh = power_w * (end_step - first_step) / 4
    return {
        "pole": pole,
        "first_step": first_step,
        "end_step": end_step,
        "power_w": power_w,
        "energy_wh": round(min(0.6 * most_wh, random.uniform(*energy_wh))),
    }


def _transaction(car: Json) -> Json:
    return {
        "assetId": car["pole"],
        "transactionId": f"tx-{car['pole']}",
        "timestamp": START.isoformat(),
        "transactionState": "Started",
        "startTime": (START + car["first_step"] * STEP).isoformat(),
        "departureTime": (START + car["end_step"] * STEP).isoformat(),
        "requestedEnergy": car["energy_wh"],
        "energyCharged": 0,
    }


def _request(facts: Json, name: str, site_configuration: Json, more: Json) -> Json:
    injection = facts.get("injection_eur_per_mwh", [0.0] * STEPS)
    return {
        "site": {
            "site_id": name,
            "name": name,
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "country": "BE",
            "configurations": {
                "site_configuration": site_configuration,
                "optimization_configuration": {"planning_horizon": "P1D"},
            },
        },
        "at": facts["start"],
        "prices": {
            "start": facts["start"],
            "offtake_eur_per_mwh": facts["offtake_eur_per_mwh"],
            "injection_eur_per_mwh": injection,
        },
        "transactions": [_transaction(car) for car in facts["cars"]],
    } | more


def _hub_request(facts: Json, limit_a: float, *, direct: bool) -> Json:
    """The hub on one three-phase board. `direct`: DC poles of the same power, to which no minimum current applies."""
    poles = [
        {"name": car["pole"], "collector": "grid"}
        | (
            {"type": "dc_charging_pole", "max_power": car["power_w"]}
            if direct
            else {
                "type": "charging_pole_3phase",
                "line_current": POLE_A,
                "pin_to_phase_mapping": {"pin_list": ["pin1", "pin2", "pin3"], "phase_list": PHASES},
            }
        )
        for car in facts["cars"]
    ]
    series = [
        {
            "name": name,
            "collector": "grid",
            "type": "forecasted_series_3phase",
            "line_current": 400,
            "forecast_type": kind,
        }
        for name, kind in (("roof", "pv"), ("building", "load"))
    ]
    board = {"name": "grid", "line_current": limit_a, "phase_voltage": PHASE_V}
    site = {"device_list": [*poles, *series, _battery_device()], "collector_list": [board]}
    return _request(
        facts,
        "hub",
        site,
        {
            "forecasts": {
                "roof": {"start": facts["start"], "power_w": facts["solar_w"]},
                "building": {"start": facts["start"], "power_w": facts["load_w"]},
            },
            "state": {"batteries": {"battery": {"state_of_charge": _battery_percent()}}},
        },
    )


def _battery_percent() -> float:
    return 100.0 * BATTERY["stored_wh"] / BATTERY["capacity_wh"]


def _battery_device() -> Json:
    """The battery, with a policy that brings it back to where it began, since not every peer values what is left."""
    end = START + STEPS * STEP
    return {
        "name": BATTERY["name"],
        "collector": "grid",
        "type": "battery_energy_storage_system",
        "maximum_charging_power": BATTERY["charging_power_w"],
        "maximum_discharging_power": BATTERY["discharging_power_w"],
        "operational_battery_capacity": BATTERY["capacity_wh"],
        "charging_efficiency": BATTERY["charging_efficiency"],
        "discharging_efficiency": BATTERY["discharging_efficiency"],
        "policies": [
            {
                "type": "schedule",
                "schedule": {"frequency": "once", "date_times": [end.isoformat()]},
                "minimum_state_of_charge": _battery_percent(),
                "maximum_state_of_charge": _battery_percent(),
            }
        ],
    }


def _caltech_request(facts: Json, network: Json, line_limit_a: float) -> Json:
    """The Caltech site as a three-wire network; its pods are boards on one pair of lines."""
    poles, pods = [], {}
    for name, station in network["stations"].items():
        pair, pod = PAIR_BY_ANGLE_DEG[station["angle_deg"]], station["pod"]
        board = pod.replace(" ", "_") if pod else "grid"
        if pod:
            pods[board] = {
                "name": board,
                "1P_3P": "1P",
                "line_current": network["pod_limits_a"][pod],
                "phase_permutations": {"parent": [pair], "child": ["L1"]},
            }
        poles.append(
            {
                "name": name,
                "collector": board,
                "type": "charging_pole_3phase",
                "line_current": POLE_A,
                "pin_to_phase_mapping": {"pin_list": ["pin1"], "phase_list": ["L1" if pod else pair]},
            }
        )
    voltage_v = next(iter(network["stations"].values()))["voltage_v"]
    root = {"name": "grid", "line_current": line_limit_a, "line_voltage": voltage_v, "children": list(pods)}
    site = {"device_list": poles, "collector_list": [root, *pods.values()]}
    return _request(facts, "caltech", site, {})
