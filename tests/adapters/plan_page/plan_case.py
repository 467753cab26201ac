"""A plan request and a plan of a realistic site, built by rule: 6 poles on 2 boards, a battery, PV and a building."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

Case = tuple[dict[str, Any], dict[str, Any]]

_POLES = ("pole_1", "pole_2", "pole_3", "pole_4", "pole_5", "pole_6")
_BOARD_OF = {pole: "board_a" if index < 3 else "board_b" for index, pole in enumerate(_POLES)}
_PHASES = ("L1", "L2", "L3")
_VOLT = 230.0
_AT = datetime(2025, 3, 3, 6, 52, 10, tzinfo=UTC)

# Pole, session, hours after the plan's start of arrival and departure, kWh asked for, phases.
_SESSIONS = (
    ("pole_1", "tx-1", -1.5, 9.0, 24.0, 3),
    ("pole_2", "tx-2", -0.4, 8.2, 31.0, 3),
    ("pole_2", "tx-7", 10.6, 23.1, 18.0, 3),
    ("pole_3", "tx-3", 0.6, 3.1, 22.0, 1),
    ("pole_4", "tx-4", -0.1, 7.4, 16.0, 3),
    ("pole_5", "tx-5", 1.2, 9.6, 40.0, 3),
    ("pole_6", "tx-6", 11.0, 30.0, 45.0, 3),
)


def make_case(at: datetime = _AT, zone: str = "Europe/Brussels") -> Case:
    """The request at that moment and a plan for 24 h: each car charges in the cheapest steps of its window."""
    steps = _steps(at)
    hour = [_local_hour(step, zone) for step in steps]
    price = [
        70 + 45 * math.cos((h - 19) / 24 * 4 * math.pi) - 95 * math.exp(-(((h - 13.2) / 1.8) ** 2))
        for h in hour
    ]
    load_w = [9000 + 9000 * math.exp(-(((h - 11) / 4) ** 2)) + 900 * math.sin(7 * h) for h in hour]
    pv_w = [-38000 * math.exp(-(((h - 13) / 2.4) ** 2)) if 7 < h < 19 else 0.0 for h in hour]
    poles, unserved_wh = _charge(at, steps, price)
    battery = _battery(steps, hour)
    devices: dict[str, Any] = {
        "building": _series(load_w),
        "roof_pv": _series(pv_w),
        "bess": battery,
        **poles,
    }
    request = {
        "site": _site(),
        "at": at.isoformat(),
        "timezone": zone,
        "state": {"batteries": {"bess": {"state_of_charge": 55.0}}},
        "transactions": [_transaction(at, row) for row in _SESSIONS],
        "limits": [
            {
                "collector": "main",
                "start": (at + timedelta(hours=10)).isoformat(),
                "end": (at + timedelta(hours=13)).isoformat(),
                "offtake_w": 45000,
            }
        ],
    }
    return request, _plan(at, steps, price, devices, unserved_wh)


def _steps(at: datetime) -> list[dict[str, Any]]:
    """What is left of this quarter-hour, the whole ones, and the part that ends 24 h after `at`."""
    end = at + timedelta(hours=24)
    edges = [at]
    edge = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
    while edge < end:
        edges.append(edge)
        edge += timedelta(minutes=15)
    edges.append(end)
    return [
        {
            "start": start.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "hours": (stop - start).total_seconds() / 3600,
        }
        for start, stop in pairwise(edges)
    ]


def _local_hour(step: dict[str, Any], zone: str) -> float:
    local = datetime.fromisoformat(step["start"]).astimezone(ZoneInfo(zone))
    return local.hour + local.minute / 60


def _series(power_w: list[float]) -> dict[str, Any]:
    return {
        "power_w": power_w,
        "power_w_per_phase": {phase: [value / 3 for value in power_w] for phase in _PHASES},
    }


def _charge(
    at: datetime, steps: list[dict[str, Any]], price: list[float]
) -> tuple[dict[str, Any], dict[str, float]]:
    """Fills each session's cheapest steps at 16 A (three phases) or 32 A (one), what remains is short."""
    count = len(steps)
    poles: dict[str, Any] = {
        pole: {
            "power_w": [0.0] * count,
            "current_a": {f"pin{pin}": [0.0] * count for pin in (1, 2, 3)},
            "transaction_id": [None] * count,
        }
        for pole in _POLES
    }
    unserved_wh = {}
    for pole, transaction, arrival, departure, energy_kwh, phases in _SESSIONS:
        start, stop = at + timedelta(hours=arrival), at + timedelta(hours=departure)
        begins = [datetime.fromisoformat(step["start"]) for step in steps]
        window = [
            index for index, begin in enumerate(begins) if start <= begin < stop - timedelta(minutes=15)
        ]
        need_wh = energy_kwh * 1000
        for index in sorted(window, key=lambda step: price[step]):
            current_a = 32.0 if phases == 1 else 16.0
            energy_wh = min(need_wh, current_a * phases * _VOLT * steps[index]["hours"])
            if energy_wh <= 0:
                break
            need_wh -= energy_wh
            poles[pole]["power_w"][index] = energy_wh / steps[index]["hours"]
            for pin in range(1, phases + 1):
                poles[pole]["current_a"][f"pin{pin}"][index] = current_a
        for index in window:
            poles[pole]["transaction_id"][index] = transaction
        unserved_wh[transaction] = need_wh
    return poles, unserved_wh


def _battery(steps: list[dict[str, Any]], hour: list[float]) -> dict[str, Any]:
    """Charges at noon, discharges in the evening."""
    power_w = [12000.0 if 12 <= h < 14 else -9000.0 if 18 <= h < 21 else 0.0 for h in hour]
    percent, state_of_charge = 55.0, []
    for step, value in zip(steps, power_w, strict=True):
        stored_w = value * 0.95 if value > 0 else value / 0.95
        percent += stored_w * step["hours"] / 60000 * 100
        state_of_charge.append(percent)
    return {"power_w": power_w, "state_of_charge": state_of_charge}


def _site() -> dict[str, Any]:
    mapping = {"pin_list": ["pin1", "pin2", "pin3"], "phase_list": list(_PHASES)}
    poles = [
        {"name": pole, "collector": _BOARD_OF[pole], "line_current": 32, "pin_to_phase_mapping": mapping}
        for pole in _POLES
    ]
    series = {"type": "forecasted_series_3phase", "collector": "main", "line_current": 80}
    battery = {
        "name": "bess",
        "type": "battery_energy_storage_system",
        "collector": "main",
        "operational_battery_capacity": 60000,
        "maximum_charging_power": 20000,
        "maximum_discharging_power": 20000,
    }
    boards = [{"name": name, "children": [None], "line_current": 63} for name in ("board_a", "board_b")]
    return {
        "site_id": "depot-7",
        "name": "Depot Zuid & Co",
        "location": {"name": "Ghent", "coordinates": [51.05, 3.73, 8]},
        "country": "BE",
        "configurations": {
            "site_configuration": {
                "device_list": [
                    {**series, "name": "building", "forecast_type": "load"},
                    {**series, "name": "roof_pv", "forecast_type": "pv"},
                    battery,
                    *poles,
                ],
                "collector_list": [
                    {
                        "name": "main",
                        "children": [boards[0], "board_b"],
                        "line_current": 100,
                        "phase_voltage": 230,
                    },
                    boards[1],
                ],
            }
        },
    }


def _transaction(at: datetime, row: tuple[str, str, float, float, float, int]) -> dict[str, Any]:
    pole, transaction, arrival, departure, energy_kwh, _ = row
    return {
        "assetId": pole,
        "transactionId": transaction,
        "timestamp": at.isoformat(),
        "transactionState": "Updated",
        "startTime": (at + timedelta(hours=arrival)).isoformat(),
        "departureTime": (at + timedelta(hours=departure)).isoformat(),
        "requestedEnergy": energy_kwh * 1000 + 2000,
        "energyCharged": 2000,
    }


def _plan(
    at: datetime,
    steps: list[dict[str, Any]],
    price: list[float],
    devices: dict[str, Any],
    unserved_wh: dict[str, float],
) -> dict[str, Any]:
    count = len(steps)
    boards: dict[str, dict[str, Any]] = {
        board: {
            "current_a": {
                phase: [sum(_pin_a(devices[pole], phase, step) for pole in members) for step in range(count)]
                for phase in _PHASES
            },
            "power_w": [sum(devices[pole]["power_w"][step] for pole in members) for step in range(count)],
        }
        for board, members in (("board_a", _POLES[:3]), ("board_b", _POLES[3:]))
    }
    total_w = [sum(device["power_w"][step] for device in devices.values()) for step in range(count)]
    fixed_w = [
        sum(devices[name]["power_w"][step] for name in ("building", "roof_pv", "bess"))
        for step in range(count)
    ]
    main_a = {
        phase: [
            fixed_w[step] / 3 / _VOLT + sum(board["current_a"][phase][step] for board in boards.values())
            for step in range(count)
        ]
        for phase in _PHASES
    }
    return {
        "plan_id": "3f9a2c71d0",
        "site_id": "depot-7",
        "created_at": at.isoformat(),
        "status": "optimal",
        "steps": steps,
        "devices": devices,
        "collectors": {"main": {"current_a": main_a, "power_w": total_w}, **boards},
        "offtake_w": [max(value, 0.0) for value in total_w],
        "injection_w": [max(-value, 0.0) for value in total_w],
        "prices": {
            "offtake_eur_per_mwh": [value + 12 for value in price],
            "injection_eur_per_mwh": [0.95 * value - 5 for value in price],
        },
        "money": {"energy": 21.4, "grid": 6.2, "levies": 3.05, "peaks": 4.8, "revenue": -9.0, "terminal_value": -1.1,
                  "total": 25.35},
        "uncontrolled_money": {"energy": 33.9, "grid": 6.4, "levies": 3.1, "peaks": 11.2, "revenue": -9.0,
                               "terminal_value": -0.6, "total": 45.0},
        "unserved_wh": unserved_wh,
        "limit_violations": [],
        "objective": {},
        "solve": {"rows": 5210, "columns": 4120, "nonzeros": 21030, "build_ms": 41.0, "solve_ms": 388.0, "gap": 0.0},
        "warnings": ["no forecast for «heat_pump»: taken as 0 W", "tx-3 leaves before its request can be met"],
        "reasons": {
            pole: ["charges now: the cheapest hours before departure" if power_w else "waits for a cheaper hour"
                   for power_w in devices[pole]["power_w"]]
            for pole in _POLES
        },
    }  # fmt: skip


def _pin_a(pole: dict[str, Any], phase: str, step: int) -> float:
    pin = f"pin{_PHASES.index(phase) + 1}"
    return float(pole["current_a"][pin][step])
