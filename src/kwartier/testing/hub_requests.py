"""Charging hubs of a given size: the instances of the benchmark, the same for everyone who measures.

Thirteen collectors in three levels (a root, three boards, nine sub-boards), rotated phases, one session per pole, one
or two batteries, solar, building load, and peak terms in both directions. Built by rule, not measured.
"""

import math
from datetime import datetime, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]

PHASES = ["L1", "L2", "L3"]
ROTATIONS = [["L1", "L2", "L3"], ["L2", "L3", "L1"], ["L3", "L1", "L2"]]
MID_MONTH = datetime.fromisoformat("2025-03-17T06:00:00+00:00")
FIRST_OF_MONTH = datetime.fromisoformat("2025-03-01T06:00:00+00:00")
SUB_BOARDS = 9
PHASE_VOLTAGE_V = 400 / math.sqrt(3)
# What the busiest quarter-hour of the month so far took and gave, per pole and over all phases. A loose hub of one day
# reaches 1.0 to 1.5 kW per pole when nothing but the peak is minimised, so a month of such days lies at the upper end.
OFFTAKE_SO_FAR_W_PER_POLE = 1_500.0
INJECTION_SO_FAR_W_PER_POLE = 500.0


def _collectors(poles: int, tightness: float) -> list[Json]:
    """Boards sized for half of their poles at 32 A, times `tightness`; children by name."""
    per_sub = max(1, math.ceil(poles / SUB_BOARDS))
    sub_a = max(32, round(per_sub * 32 * 0.5)) * tightness
    root: Json = {
        "name": "grid",
        "line_current": round(max(63, poles * 32 * 0.25) * tightness) + 40,
        "line_voltage": 400,
        "children": [f"board_{i}" for i in range(3)],
    }
    boards = [root]
    for i in range(3):
        children = [f"sub_{i}_{j}" for j in range(3)]
        boards.append({"name": f"board_{i}", "line_current": round(sub_a * 2), "children": children})
        boards += [
            {
                "name": name,
                "line_current": round(sub_a),
                "phase_permutations": {"parent": ROTATIONS[(i + j) % 3], "child": PHASES},
            }
            for j, name in enumerate(children)
        ]
    return boards


def _poles(poles: int) -> list[Json]:
    return [
        {
            "name": f"pole_{number}",
            "collector": f"sub_{number % 3}_{number // 3 % 3}",
            "type": "charging_pole_3phase",
            "line_current": 32,
            "pin_to_phase_mapping": {
                "pin_list": ["pin1", "pin2", "pin3"],
                "phase_list": ROTATIONS[number % 3],
            },
        }
        for number in range(poles)
    ]


def _others(poles: int) -> list[Json]:
    batteries = [
        {
            "name": f"bess_{number}",
            "collector": f"board_{number}",
            "type": "battery_energy_storage_system",
            "maximum_charging_power": 50_000,
            "maximum_discharging_power": 50_000,
            "operational_battery_capacity": 100_000,
        }
        for number in range(1 if poles < 50 else 2)
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
    return batteries + series


def _sessions(random: Random, start: datetime, poles: int, days: int) -> list[Json]:
    """Each pole's car: a third single-phase, arriving over the first 18 hours of a random day, staying 3 to 13 hours.

    It asks for at most 0.7 of what full power gives in its stay. A car that is already there has charged evenly, so
    what is left still fits in the rest of its stay.
    """
    sessions = []
    for number in range(poles):
        arrival = start + timedelta(days=random.randrange(days), hours=random.uniform(-3, 18))
        stay_h = random.uniform(3, 13)
        single = number % 3 == 0
        most_wh = stay_h * (7_360 if single else 22_080)
        requested_wh = min(most_wh * 0.7, random.uniform(6_000, 45_000))
        gone_h = max(0.0, (start - arrival) / timedelta(hours=1))
        sessions.append(
            {
                "assetId": f"pole_{number}",
                "transactionId": f"tx-{number}",
                "timestamp": start.isoformat(),
                "transactionState": "Updated",
                "startTime": arrival.isoformat(),
                "departureTime": (arrival + timedelta(hours=stay_h)).isoformat(),
                "requestedEnergy": round(requested_wh),
                "energyCharged": round(requested_wh * gone_h / stay_h),
                "noChargingPhases": 1 if single else 3,
            }
        )
    return sessions


def _month_peaks(poles: int, root_current_a: float) -> Json:
    """The month's peaks so far, evenly over the phases, never above what the root's fuse lets through."""

    def both(w_per_pole: float, direction: str) -> Json:
        phase_w = round(min(poles * w_per_pole / 3, root_current_a * PHASE_VOLTAGE_V))
        return {
            f"{direction}_w": 3 * phase_w,
            f"{direction}_w_per_phase": dict.fromkeys(PHASES, phase_w),
        }

    return both(OFFTAKE_SO_FAR_W_PER_POLE, "offtake") | both(INJECTION_SO_FAR_W_PER_POLE, "injection")


def _day_curve(quarters: int, peak_hour: float, width_h: float) -> list[float]:
    """0 to 1 over each day, highest at `peak_hour` (UTC)."""
    hours = [(MID_MONTH.hour + quarter / 4) % 24 for quarter in range(quarters)]
    return [
        max(0.0, math.cos((hour - peak_hour) / width_h * math.pi / 2))
        if abs(hour - peak_hour) < width_h
        else 0.0
        for hour in hours
    ]


def _configurations(poles: int, days: int, tightness: float) -> Json:
    return {
        "site_configuration": {
            "device_list": _poles(poles) + _others(poles),
            "collector_list": _collectors(poles, tightness),
        },
        "optimization_configuration": {
            "peak_minimization": {"active": True, "peak_price": 4.5},
            "negative_peak_minimization": {"active": True, "peak_price": 0.5},
            "planning_horizon": f"P{days}D",
        },
        "contract": {
            "contract_type": "dynamic",
            "offtake_constant_cost_per_mwh": 15.0,
            "injection_constant_cost_per_mwh": -5.0,
        },
        "revenue": {"revenue_per_kwh_ac_charged": 0.25},
    }


def _prices_eur_per_mwh(random: Random, quarters: int) -> list[float]:
    """Two waves a day around 60, with noise."""
    return [
        round(60 + 50 * math.sin(quarter / 96 * 4 * math.pi) + random.uniform(-15, 15), 2)
        for quarter in range(quarters)
    ]


def hub_request(
    pole_count: int, days: int = 1, tightness: float = 1.0, seed: int = 1, *, first_of_month: bool = False
) -> Json:
    """A plan request (JSON) of a hub with that many AC poles over `days` of quarter-hours, 96 a day.

    `tightness` scales every board's limit: at 1 (half of the poles at full current) every car gets what it asks, at
    0.2 most rows bind and some do not. By default the month is half over and its peaks so far are a floor under which
    a plan need not stay; on the first of the month there is none, and the whole horizon is to be flattened, which is
    harder to solve. `seed` draws cars and prices. Powers in W, energies in Wh, EUR/MWh as in the request document.

    Example: `plan(PlanRequest.model_validate(hub_request(50)))`.
    """
    random = Random(seed)
    start = FIRST_OF_MONTH if first_of_month else MID_MONTH
    quarters = 96 * days
    sun = _day_curve(quarters, 13.0, 5.0)
    work = _day_curve(quarters, 12.0, 8.0)
    prices_eur_per_mwh = _prices_eur_per_mwh(random, quarters)
    scale_w = pole_count * 700.0
    batteries = [device["name"] for device in _others(pole_count) if device["type"].startswith("battery")]
    configurations = _configurations(pole_count, days, tightness)
    root_current_a = configurations["site_configuration"]["collector_list"][0]["line_current"]
    state: Json = {"batteries": {name: {"state_of_charge": 50.0} for name in batteries}}
    if not first_of_month:
        state["month_peaks"] = {"grid": _month_peaks(pole_count, root_current_a)}
    return {
        "site": {
            "site_id": "hub",
            "name": f"Hub of {pole_count} poles",
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "country": "BE",
            "configurations": configurations,
        },
        "at": start.isoformat(),
        "day_ahead": {"start": start.isoformat(), "eur_per_mwh": prices_eur_per_mwh},
        "forecasts": {
            "roof": {"start": start.isoformat(), "power_w": [round(-scale_w * value) for value in sun]},
            "building": {
                "start": start.isoformat(),
                "power_w": [round(2000 + scale_w / 2 * value) for value in work],
            },
        },
        "state": state,
        "transactions": _sessions(random, start, pole_count, days),
    }
