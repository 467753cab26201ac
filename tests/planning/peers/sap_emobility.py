"""SAP's smart charging: fuses, stations with rotated phases, cars in ampere-hours. Its tests' assertions count.

Their current of a car is the sum over its phases, so an ampere-hour is 230 Wh. Their plan covers one day; a car without
a departure stays until its end.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kwartier.planning.plan import Plan
from tests.planning.peers import documents as doc

FILE = "sap_emobility_cases.json"
NOT_EXPRESSED = {
    "postman_OptimizeChargingProfiles": "no result is published to compare with",
}
WH_PER_AH = 230.0
PHASES = (1, 2, 3)
Json = dict[str, Any]


def names() -> list[str]:
    return [case["name"] for case in doc.cases_of(FILE)["cases"]]


def compare(name: str) -> doc.Comparison:
    """Ampere-hours that cars with a station lack when they leave, or at the end of the day; theirs as asserted."""
    return doc.Comparison(asserted_shortage_ah(name), outcome(name).shortage_ah, "Ah")


@dataclass(frozen=True)
class Outcome:
    """Our plan for a case: the hour of the day at which it begins, and what all its cars lack."""

    made: Plan
    at_h: float
    shortage_ah: float

    def current_a(self, car: int, pin: str) -> doc.Numbers:
        """Current of one pin of a car's station per step."""
        currents = self.made.devices[f"station_{car}"].current_a
        assert currents is not None
        return np.array(currents[pin])

    def grid_a(self, phase: str) -> doc.Numbers:
        """Current through the root fuse per step."""
        return np.array(self.made.collectors["root"].current_a[phase])


def outcome(name: str) -> Outcome:
    """Our plan for a case."""
    state = _case(name)["request"]["state"]
    made = doc.checked_plan(_request(state))
    lacking_ah = sum(made.unserved_wh.values()) / WH_PER_AH
    return Outcome(made, state["currentTimeSeconds"] / 3600, lacking_ah)


def asserted_shortage_ah(name: str) -> float:
    """All assigned cars are full, but for the case that asserts 8 A in each quarter-hour of the day."""
    if not name.startswith("Two_SinglePhaseCars"):
        return 0.0
    cars = _case(name)["request"]["state"]["cars"]
    return float(sum(_missing_ah(car) - 8.0 * 24.0 for car in cars))


def _case(name: str) -> Json:
    case: Json = next(one for one in doc.cases_of(FILE)["cases"] if one["name"] == name)
    return case


def _missing_ah(car: Json) -> float:
    return float(car["maxCapacity"] - car["startCapacity"])


def _request(state: Json) -> Json:
    fuse = state["fuseTree"]["rootFuse"]
    stations = {station["id"]: station for station in fuse["children"]}
    cars = {car["id"]: car for car in state["cars"]}
    pairs = [(cars[one["carID"]], stations[one["chargingStationID"]]) for one in state["carAssignments"]]
    root = doc.collector("root", [f"board_{car['id']}" for car, _ in pairs], fuse["fusePhase1"])
    return {
        "site": doc.site([_pole(*pair) for pair in pairs], [root, *(_board(*pair) for pair in pairs)]),
        "at": doc.after(state["currentTimeSeconds"] / 3600),
        "transactions": [
            doc.session(
                f"station_{car['id']}",
                car["timestampArrival"] / 3600,
                car.get("timestampDeparture", 86_400) / 3600,
                _missing_ah(car) * WH_PER_AH,
            )
            for car, _ in pairs
        ],
    }


def _connected(station: Json) -> list[int]:
    """The station's phases that are wired."""
    return [phase for phase in PHASES if station.get(f"phase{phase}Connected", True)]


def _board(car: Json, station: Json) -> Json:
    """A station's own fuse, its phases rotated against the grid's as `phaseToGrid` says."""
    connected = _connected(station)
    rotation = station.get("phaseToGrid", {})
    fed_by = [rotation.get(f"PHASE_{phase}", f"PHASE_{phase}").replace("PHASE_", "L") for phase in connected]
    return {
        "name": f"board_{car['id']}",
        "line_current": station["fusePhase1"],
        "1P_3P": "3P" if len(connected) == 3 else "1P",
        "phase_permutations": {
            "parent": fed_by,
            "child": [f"L{number}" for number in range(1, len(fed_by) + 1)],
        },
    }


def _pole(car: Json, station: Json) -> Json:
    """A station with the pins that both it and the car use."""
    used = [phase for phase in _connected(station) if car[f"canLoadPhase{phase}"]]
    return {
        "name": f"station_{car['id']}",
        "collector": f"board_{car['id']}",
        "type": "charging_pole_3phase",
        "line_current": min(station["fusePhase1"], car["maxCurrentPerPhase"]),
        "pin_to_phase_mapping": {
            "pin_list": [f"pin{phase}" for phase in used],
            "phase_list": [f"L{phase}" for phase in used],
        },
    }
