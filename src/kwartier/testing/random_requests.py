"""Random plan requests: sites of every shape, loose and tight, sound and overloaded, always a valid document.

`random_request(random)` draws everything from one `random.Random`, so a seed reproduces a site and a property-testing
library can hand in a source of its own and shrink what it draws.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

Json = dict[str, Any]
T = TypeVar("T")

# An ordinary day, the two days before the clock changes, the last days of months and years, a day of 2026.
START_DAYS = [
    datetime(2025, 3, 3, tzinfo=UTC),
    datetime(2025, 3, 29, tzinfo=UTC),
    datetime(2025, 10, 25, tzinfo=UTC),
    datetime(2025, 6, 29, tzinfo=UTC),
    datetime(2025, 12, 31, tzinfo=UTC),
    datetime(2026, 2, 28, tzinfo=UTC),
    datetime(2026, 7, 6, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
]
# Operators with every kind of peak term, two-rate and three-rate energy, and some of which no amounts are known.
OPERATORS: list[Json] = [
    {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"},
    {"dso": "Fluvius", "region": "Fluvius West", "connection_type": "LS net"},
    {"dso": "Fluvius", "region": "Kempen", "connection_type": "MS", "toegangsvermogen": 12},
    {"dso": "Fluvius", "region": "Limburg", "connection_type": "Trans-LS", "toegangsvermogen": 40},
    {"dso": "Fluvius", "region": "Antwerpen", "connection_type": "Post 26-36 kV", "toegangsvermogen": 0},
    {"dso": "Fluvius", "region": "Gaselwest", "connection_type": "LS net"},
    {"dso": "Sibelga", "region": "All", "connection_type": "BT"},
    {"dso": "Sibelga", "region": "All", "connection_type": "BT>56kVA"},
    {"dso": "Sibelga", "region": "All", "connection_type": "MT"},
    {"dso": "ORES", "region": "All", "connection_type": "MT avec terme capacitaire"},
    {"dso": "ORES", "region": "All", "connection_type": "BT - heures incitative"},
    {"dso": "RESA", "region": "All", "connection_type": "T-MT avec terme capacitaire"},
    {"dso": "RESA", "region": "All", "connection_type": "BT - heures pleines/creuses"},
    {"dso": "AIEG", "region": "All", "connection_type": "MT avec terme capacitaire"},
    {"dso": "AIESH", "region": "All", "connection_type": "MT sans terme capacitaire"},
]
PHASES = ["L1", "L2", "L3"]
PINS = ["pin1", "pin2", "pin3"]
PERMUTATIONS = [
    ["L1", "L2", "L3"],
    ["L2", "L3", "L1"],
    ["L3", "L1", "L2"],
    ["L2", "L1", "L3"],
    ["L1", "L3", "L2"],
    ["L3", "L2", "L1"],
]


def _chance(random: Random, probability: float) -> bool:
    return random.random() < probability


def _pick(random: Random, options: Sequence[T]) -> T:
    return options[random.randrange(len(options))]


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _collectors(random: Random, *, three_wire: bool, single_phase_root: bool) -> list[Json]:
    """A root and up to six boards below it, in three levels, as a flat list that names children."""
    voltage = {"line_voltage": 230} if three_wire else {"phase_voltage": 230}
    root: Json = {
        "name": "grid",
        "line_current": _pick(random, [0, 10, 25, 40, 63, 100, 250, 400]),
        "1P_3P": "1P" if single_phase_root else "3P",
        "children": [],
        **voltage,
    }
    boards = [root]
    for number in range(random.randrange(7)):
        parent = _pick(random, boards)
        board: Json = {
            "name": f"board_{number}",
            "line_current": _pick(random, [6, 16, 32, 63, 80, 160]),
            "children": [],
        }
        if parent["1P_3P"] == "1P" or _chance(random, 0.2):
            board["1P_3P"] = "1P"
            fed_by = "L1" if parent["1P_3P"] == "1P" else _pick(random, PHASES)
            board["phase_permutations"] = {"parent": [fed_by], "child": ["L1"]}
        else:
            board["1P_3P"] = "3P"
            if _chance(random, 0.6):
                board["phase_permutations"] = {"parent": _pick(random, PERMUTATIONS), "child": PHASES}
        parent["children"].append(board["name"])
        boards.append(board)
    return boards


def _pole(random: Random, name: str, board: Json) -> Json:
    if board["1P_3P"] == "1P":
        pins, phases = [_pick(random, PINS)], ["L1"]
    else:
        count = _pick(random, [1, 2, 3, 3, 3])
        pins, phases = PINS[:count], _pick(random, PERMUTATIONS)[:count]
    return {
        "name": name,
        "collector": board["name"],
        "type": "charging_pole_3phase",
        "line_current": _pick(random, [0, 5, 6, 10, 16, 32, 32, 32, 63]),
        "pin_to_phase_mapping": {"pin_list": pins, "phase_list": phases},
    }


def _battery(random: Random, name: str, board: Json, at: datetime) -> Json:
    policies: list[Json] = []
    if _chance(random, 0.4):
        low = random.randrange(0, 60)
        schedule: Json = {
            "frequency": "weekly",
            "day_of_week": ["Monday", "tuesday", "WEDNESDAY", "thursday", "friday", "saturday", "sunday"],
            "time": f"{random.randrange(24):02d}:{random.randrange(60):02d}",
            "timezone": "Europe/Brussels",
        }
        if _chance(random, 0.5):
            moments = [at + timedelta(minutes=random.randrange(-60, 2000)) for _ in range(2)]
            schedule = {"frequency": "once", "date_times": [_instant(moment) for moment in moments]}
        policies.append(
            {
                "type": "schedule",
                "schedule": schedule,
                "minimum_state_of_charge": low,
                "maximum_state_of_charge": random.randrange(low, 101),
            }
        )
    return {
        "name": name,
        "collector": board["name"],
        "type": "battery_energy_storage_system",
        "charging_efficiency": _pick(random, [0.8, 0.95, 1.0]),
        "discharging_efficiency": _pick(random, [0.85, 0.95, 1.0]),
        "maximum_charging_power": _pick(random, [2000, 10000, 50000]),
        "maximum_discharging_power": _pick(random, [2000, 10000, 50000]),
        "operational_battery_capacity": _pick(random, [1000, 10000, 100000]),
        "charging_priority": random.randrange(1, 11),
        "discharging_priority": random.randrange(1, 11),
        "policies": policies,
    }


def _devices(random: Random, boards: list[Json], at: datetime, largest_pole_count: int) -> list[Json]:
    devices = [
        _pole(random, f"pole_{i}", _pick(random, boards))
        for i in range(random.randrange(largest_pole_count + 1))
    ]
    three_phase = [board for board in boards if board["1P_3P"] == "3P"]
    if three_phase:
        devices += [
            {
                "name": f"dc_{i}",
                "collector": _pick(random, three_phase)["name"],
                "type": "dc_charging_pole",
                "max_power": _pick(random, [20000, 50000, 150000]),
            }
            for i in range(random.randrange(3))
        ]
    devices += [_battery(random, f"bess_{i}", _pick(random, boards), at) for i in range(random.randrange(3))]
    devices += [
        {
            "name": f"series_{i}",
            "collector": _pick(random, boards)["name"],
            "type": "forecasted_series_3phase",
            "line_current": _pick(random, [10, 40, 160]),
            "forecast_type": _pick(random, ["pv", "load"]),
        }
        for i in range(random.randrange(4))
    ]
    return devices


def _session(random: Random, pole: str, number: int, at: datetime) -> Json:
    start = at + timedelta(minutes=random.randrange(-300, 1200))
    session: Json = {
        "assetId": pole,
        "transactionId": f"tx-{pole}-{number}",
        "timestamp": _instant(at),
        "transactionState": _pick(random, ["Started", "Updated", "Updated", "SuspendedEV", "Ended"]),
        "startTime": _instant(start),
    }
    if _chance(random, 0.85):
        session["departureTime"] = _instant(start + timedelta(minutes=random.randrange(-10, 1500)))
    if _chance(random, 0.85):
        session["requestedEnergy"] = _pick(random, [0, 200, 1500, 8000, 20000, 60000])
        session["energyCharged"] = _pick(random, [0, 0, 500, 5000])
    elif _chance(random, 0.5):
        session |= {"batteryCapacity": 50000, "stateOfCharge": random.randrange(101)}
    if _chance(random, 0.3):
        session["minimumEnergy"] = _pick(random, [1000, 5000, 30000])
    if _chance(random, 0.3):
        session["maxPower"] = _pick(random, [0, 1200, 3700, 7400, 11000, 22000])
    if _chance(random, 0.3):
        session["noChargingPhases"] = _pick(random, [1, 2, 3, "1", "3"])
    if _chance(random, 0.1):
        session["usedChargingPins"] = [_pick(random, PINS)]
    return session


def _transactions(random: Random, devices: list[Json], at: datetime, *, expected: bool) -> list[Json]:
    poles = [d["name"] for d in devices if d["type"] in ("charging_pole_3phase", "dc_charging_pole")]
    sessions = []
    for pole in poles:
        for number in range(_pick(random, [0, 1, 1, 1, 2] if not expected else [0, 0, 1])):
            session = _session(random, pole, number, at)
            if expected:
                session |= {"weight": _pick(random, [0.2, 0.7, 1.0]), "transactionState": "Started"}
                session["transactionId"] = "expected-" + session["transactionId"]
            sessions.append(session)
    return sessions


def _values(random: Random, count: int, low: float, high: float) -> list[float]:
    """A rough walk between two bounds, with flat stretches."""
    values: list[float] = []
    level = low + (high - low) * random.random()
    for _ in range(count):
        if _chance(random, 0.3):
            level = low + (high - low) * random.random()
        values.append(round(level, 2))
    return values


def _forecasts(
    random: Random, site_devices: list[Json], boards: list[Json], start: datetime, hours: int
) -> Json:
    single_phase = {board["name"] for board in boards if board["1P_3P"] == "1P"}
    forecasts: Json = {}
    for device in site_devices:
        if device["type"] != "forecasted_series_3phase" or _chance(random, 0.1):
            continue
        resolution, per_hour = _pick(random, [("PT5M", 12), ("PT15M", 4), ("PT30M", 2), ("PT1H", 1)])
        low, high = (
            (-30000.0, 0.0) if device["forecast_type"] == "pv" else (0.0, _pick(random, [2000.0, 20000.0]))
        )
        count = hours * per_hour
        power: Any = _values(random, count, low, high)
        if _chance(random, 0.5):
            phases = ["L1"] if device["collector"] in single_phase else PHASES[: random.randrange(1, 4)]
            power = {phase: _values(random, count, low / 3, high / 3) for phase in phases}
        forecasts[device["name"]] = {"start": _instant(start), "resolution": resolution, "power_w": power}
    return forecasts


def _contract(random: Random) -> Json | None:
    kind = random.randrange(5)
    if kind == 0:
        return None
    if kind == 1:
        return {
            "contract_type": "fixed",
            "fixed_offtake_cost_per_mwh": _pick(random, [-20, 0, 120]),
            "fixed_injection_cost_per_mwh": _pick(random, [-5, 0, 40, 150]),
        }
    if kind == 2:
        return {
            "contract_type": "day_night_be",
            "day_offtake_cost_per_mwh": 150.0,
            "night_offtake_cost_per_mwh": 90.0,
            "day_injection_cost_per_mwh": 30.0,
            "night_injection_cost_per_mwh": _pick(random, [20.0, 110.0]),
        }
    return {
        "contract_type": "dynamic",
        "offtake_coefficient": _pick(random, [1.0, 1.05]),
        "offtake_constant_cost_per_mwh": _pick(random, [0.0, 12.0]),
        "injection_coefficient": _pick(random, [1.0, 0.9]),
        "injection_constant_cost_per_mwh": _pick(random, [0.0, -8.0, 5.0]),
    }


def _peak_setting(random: Random) -> Json | None:
    if _chance(random, 0.4):
        return None
    setting: Json = {
        "active": _pick(random, [True, True, False]),
        "peak_limit": _pick(random, [None, 0, 2000, 10000]),
    }
    if _chance(random, 0.7):
        setting["peak_price"] = _pick(random, [0.5, 4.4, 100.0, 1e6])
    return setting


def _state(random: Random, devices: list[Json]) -> Json:
    batteries = {
        device["name"]: {"state_of_charge": _pick(random, [0.0, 12.5, 50.0, 100.0])}
        for device in devices
        if device["type"] == "battery_energy_storage_system" and _chance(random, 0.85)
    }
    state: Json = {"batteries": batteries}
    if _chance(random, 0.5):
        state["month_peaks"] = {"grid": {"offtake_w": 6000, "injection_w": 3000}}
        if _chance(random, 0.5):
            state["month_peaks"]["grid"]["offtake_w_per_phase"] = {"L1": 1000, "L2": 3000, "L3": 2000}
    if _chance(random, 0.4):
        state["quarter_so_far"] = {"grid": {"offtake_wh": _pick(random, [0, 400, 3000]), "injection_wh": 0}}
    return state


def _limits(random: Random, boards: list[Json], at: datetime) -> list[Json]:
    limits = []
    for _ in range(_pick(random, [0, 0, 0, 1, 2])):
        start = at + timedelta(minutes=random.randrange(-60, 900))
        kind = _pick(random, ["offtake_w", "injection_w", "current_a"])
        limits.append(
            {
                "collector": _pick(random, boards)["name"],
                "start": _instant(start),
                "end": _instant(start + timedelta(minutes=random.randrange(1, 600))),
                kind: _pick(random, [0, 5, 12]) if kind == "current_a" else _pick(random, [0, 4000, 20000]),
            }
        )
    return limits


def _options(random: Random, devices: list[Json]) -> Json:
    options: Json = {"resolution": _pick(random, ["PT15M", "PT15M", "mixed"])}
    if _chance(random, 0.25):
        poles = [device["name"] for device in devices if device["type"] == "charging_pole_3phase"]
        options["whole_ampere_poles"] = [name for name in poles if _chance(random, 0.7)]
    return options


def _tariff_state(random: Random) -> Json:
    """What the tariff remembers, each fact now and then."""
    state: Json = {}
    for field, values in (
        ("highest_peak_12m_w", [0, 7000, 25000, 200000]),
        ("access_power_kw", [0, 5, 30]),
        ("year_offtake_kwh", [0, 19999.9, 20000, 60000, 2e6]),
        ("expected_month_peak_w", [0, 4000, 15000]),
        ("maximum_tariff_binds", [True, False]),
    ):
        if _chance(random, 0.4):
            state[field] = _pick(random, values)
    return state


def _add_operator(random: Random, request: Json) -> None:
    """A grid operator for most sites, whose sheet then prices the peaks of half of them."""
    configurations = request["site"]["configurations"]
    if _chance(random, 0.35):
        return
    configurations["dso"] = _pick(random, OPERATORS)
    if _chance(random, 0.6):
        request["tariff_state"] = {"grid": _tariff_state(random)}
    setting = configurations["optimization_configuration"]["peak_minimization"]
    if setting is not None and _chance(random, 0.5):
        setting.pop("peak_price", None)


def random_request(random: Random, *, largest_pole_count: int = 12) -> Json:
    """A plan request as JSON: any mix of boards, devices, cars, prices, peaks, tariffs, limits and missing facts.

    Powers in W, energies in Wh, prices in EUR/MWh, as in the request document; the site has no ERROR finding. Most
    sites are small (`largest_pole_count` bounds them) and about a third are tight or overloaded.

    Example: `plan(PlanRequest.model_validate(random_request(Random(7))))`.
    """
    at = _pick(random, START_DAYS) + timedelta(seconds=_pick(random, [0, 900, 24730, 42990, 81001]))
    three_wire = _chance(random, 0.15)
    boards = _collectors(random, three_wire=three_wire, single_phase_root=_chance(random, 0.1))
    devices = _devices(random, boards, at, largest_pole_count)
    days = _pick(random, [1, 1, 1, 2])
    start = at.replace(hour=0, minute=0, second=0)
    hours = 24 * days + 24
    contract = _contract(random)
    request: Json = {
        "site": {
            "site_id": "random-site",
            "name": "Random site",
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "country": "BE",
            "configurations": {
                "site_configuration": {"device_list": devices, "collector_list": boards},
                "optimization_configuration": {
                    "peak_minimization": _peak_setting(random),
                    "negative_peak_minimization": _peak_setting(random),
                    "cost_minimization_active": _chance(random, 0.9),
                    "planning_horizon": f"P{days}D",
                },
                "contract": contract,
                "revenue": {"revenue_per_kwh_ac_charged": _pick(random, [None, 0.25])},
            },
        },
        "at": _instant(at),
        "forecasts": _forecasts(random, devices, boards, start, hours),
        "state": _state(random, devices),
        "transactions": _transactions(random, devices, at, expected=False),
        "limits": _limits(random, boards, at),
        "options": _options(random, devices),
    }
    if _chance(random, 0.3):
        request["expected_sessions"] = _transactions(random, devices, at, expected=True)
    if contract is not None and contract["contract_type"] == "dynamic":
        resolution, per_hour = _pick(random, [("PT15M", 4), ("PT1H", 1)])
        prices = _values(random, hours * per_hour, -60.0, 250.0)
        request["day_ahead"] = {"start": _instant(start), "resolution": resolution, "eur_per_mwh": prices}
    _add_operator(random, request)
    return request
