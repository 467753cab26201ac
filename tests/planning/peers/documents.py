"""The pieces of a plan request that the adapters put together, and the plan for one, checked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kwartier.planning.check.plan_check import check_plan
from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest

Json = dict[str, Any]
Numbers = npt.NDArray[np.float64]

DATA = Path(__file__).parent / "data"
# A quarter-hour boundary; the cases name none, and no price of theirs depends on the calendar.
MIDNIGHT = datetime(2025, 1, 6, tzinfo=UTC)
WIDE_OPEN_A = 100_000
QUARTER_H = 0.25


@dataclass(frozen=True)
class Comparison:
    """What a case costs in the peer's own terms by their plan and by ours; the smaller number is the better one.

    `rounding` is half a unit of the last digit that the peer printed, 0 where they printed enough digits.
    """

    theirs: float
    ours: float
    unit: str
    rounding: float = 0.0

    @property
    def at_least_as_good(self) -> bool:
        """Whether ours is not worse than theirs by more than 0.1 %, or than their printed digits can tell."""
        return self.ours <= self.theirs + 1e-3 * abs(self.theirs) + self.rounding + 1e-9


def cases_of(file_name: str) -> Json:
    """A file of cases as it was published."""
    document: Json = json.loads((DATA / file_name).read_text(encoding="utf-8"))
    return document


def after(hours: float) -> str:
    """So many hours after midnight."""
    return (MIDNIGHT + timedelta(hours=hours)).isoformat()


def collector(name: str, children: Sequence[str] = (), line_current_a: float = WIDE_OPEN_A) -> Json:
    """A board on three phases and neutral, so wide that only what a case says limits it."""
    return {
        "name": name,
        "line_current": line_current_a,
        "phase_voltage": 230,
        "children": list(children),
    }


def series(name: str, on: str, kind: str = "load") -> Json:
    return {
        "name": name,
        "collector": on,
        "type": "forecasted_series_3phase",
        "line_current": WIDE_OPEN_A,
        "forecast_type": kind,
    }


def dc_pole(name: str, on: str, power_w: float) -> Json:
    """A pole without a least current: a load that may take any power up to its largest."""
    return {"name": name, "collector": on, "type": "dc_charging_pole", "max_power": power_w}


def battery(
    name: str,
    on: str,
    *,
    charge_w: float,
    discharge_w: float,
    capacity_wh: float,
    efficiencies: tuple[float, float],
) -> Json:
    return {
        "name": name,
        "collector": on,
        "type": "battery_energy_storage_system",
        "charging_efficiency": efficiencies[0],
        "discharging_efficiency": efficiencies[1],
        "maximum_charging_power": charge_w,
        "maximum_discharging_power": discharge_w,
        "operational_battery_capacity": capacity_wh,
    }


def site(devices: Sequence[Json], collectors: Sequence[Json], **optimisation: Any) -> Json:
    return {
        "site_id": "peer",
        "name": "Peer",
        "location": {"name": "Ghent", "coordinates": [51.05, 3.73, 8.0]},
        "country": "BE",
        "configurations": {
            "site_configuration": {"device_list": list(devices), "collector_list": list(collectors)},
            "optimization_configuration": {"cost_minimization_active": True, **optimisation},
        },
    }


def session(
    asset: str, start_h: float, departure_h: float, requested_wh: float, name: str | None = None
) -> Json:
    return {
        "assetId": asset,
        "transactionId": name or f"at-{asset}",
        "timestamp": after(0),
        "transactionState": "Started",
        "startTime": after(start_h),
        "departureTime": after(departure_h),
        "requestedEnergy": requested_wh,
    }


def limit(on: str, from_h: float, to_h: float, **quantity: float) -> Json:
    """A limit of the grid operator: `offtake_w` or `injection_w` of a collector between two moments."""
    return {"collector": on, "start": after(from_h), "end": after(to_h), **quantity}


def quarter_hours(values: Sequence[float] | Numbers, count: int, filler: float) -> list[float]:
    """A series from midnight, filled up to `count` quarter-hours."""
    known = [float(value) for value in values]
    return known + [filler] * (count - len(known))


def forecast(values: Sequence[float] | Numbers, count: int) -> Json:
    """Power in W per quarter-hour from midnight, 0 W after what is given."""
    return {"start": after(0), "power_w": quarter_hours(values, count, 0.0)}


def prices(offtake: Sequence[float], injection: Sequence[float]) -> Json:
    """EUR/MWh per quarter-hour from midnight."""
    return {"start": after(0), "offtake_eur_per_mwh": list(offtake), "injection_eur_per_mwh": list(injection)}


def checked_plan(request: Json) -> Plan:
    """The plan for a request; the check must find nothing against it."""
    document = PlanRequest.model_validate_json(json.dumps(request))
    made = plan(document)
    violations = check_plan(document, made).violations
    assert violations == [], violations
    return made


def hours_h(made: Plan) -> Numbers:
    """Length of each step."""
    return np.array([step.hours for step in made.steps])


def power_w(made: Plan, device: str) -> Numbers:
    """Power of a device per step."""
    return np.array(made.devices[device].power_w)
