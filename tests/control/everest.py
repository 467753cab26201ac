"""EVerest's energy manager cases as sites of ours: limits as boards, charging points as poles or as batteries.

Each case has limits that change with time. Every instant becomes a site of its own: what their energy manager decides
for one instant does not depend on the others.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from kwartier.control.facts import Occupied, OperatorFacts, OperatorLimit
from tests.control import sites as s
from tests.control.closed_loop import Loop, living, plan_of
from tests.planning.peers.documents import cases_of

FILE = "everest_energymanager_cases.json"
VOLTAGE_V = 230.0
BALANCED_W_PER_A = 3 * VOLTAGE_V
NOT_EXPRESSED = {
    "7_no_schedules": "a point of which no limit is known",
    "10_setpoint_external_limit_freqencytable": "power by the grid's frequency",
}
Json = dict[str, Any]


def names() -> list[str]:
    return list(cases_of(FILE)["cases"])


def expected_a(name: str) -> dict[str, list[float]]:
    """What their energy manager allows each charging point at each instant, A."""
    found: dict[str, list[float]] = {}
    for result in cases_of(FILE)["cases"][name]["expected_results"][0]:
        limits = [one["limits_to_root"] for one in result["schedule"]]
        found[result["uuid"]] = [limit["ac_max_current_A"]["value"] for limit in limits]
    return found


def instants(name: str) -> list[str]:
    """The moments at which their answer may change."""
    results = cases_of(FILE)["cases"][name]["expected_results"][0]
    return [one["timestamp"] for one in results[0]["schedule"]] if results else []


def loop_at(name: str, instant: str) -> Loop:
    """The site of a case at one of its instants, nothing flowing yet."""
    tree = _Tree(instant)
    tree.add(cases_of(FILE)["cases"][name]["request"], None)
    loop = living(s.site_of(tree.boards, tree.devices), Random(0))
    loop.occupied = {uuid: Occupied(uuid, frozenset(s.PINS)) for uuid in tree.charging}
    for one in loop.devices.values():
        one.pins = one.device.pins
    if tree.planned_a:
        planned_a = {
            device.name: [tree.planned_a.get(device.name, device.rating_a)] for device in loop.site.devices
        }
        loop.plan = plan_of(loop.site, loop.at, planned_a)
    loop.operator = OperatorFacts((), heartbeat_age_s=0.0, limits_age_s=0.0, limits=tuple(tree.exports))
    return loop


@dataclass
class _Tree:
    """A request of theirs at an instant, as a site document is made of it."""

    instant: str

    def __post_init__(self) -> None:
        self.boards: list[Json] = []
        self.devices: list[Json] = []
        self.charging: set[str] = set()
        self.planned_a: dict[str, float] = {}
        self.exports: list[OperatorLimit] = []

    def add(self, node: Json, parent: Json | None) -> None:
        """A node and all below it. Two nodes of one case may have the same name."""
        imported_a = self._limit_a(node["schedule_import"])
        exported_a = self._limit_a(node["schedule_export"])
        if node["node_type"] == "Evse":
            assert parent is not None
            self._add_point(node, parent, imported_a, exported_a)
            return
        board = s.four_wire(f"{node['uuid']} {len(self.boards)}", round(imported_a))
        if parent is not None:
            parent["children"].append(board["name"])
        self.boards.append(board)
        self.exports.append(OperatorLimit(board["name"], injection_w=exported_a * BALANCED_W_PER_A))
        for child in node["children"]:
            if node["schedule_setpoints"]:
                self.planned_a[child["uuid"]] = self._now(node["schedule_setpoints"])["setpoint"][
                    "ac_current_A"
                ]
            self.add(child, board)

    def _add_point(self, node: Json, parent: Json, imported_a: float, exported_a: float) -> None:
        name = node["uuid"]
        can_only_export = imported_a == 0.0 and exported_a > 0.0 and node["evse_state"] == "Charging"
        if can_only_export:
            self.planned_a[name] = -exported_a
        if name in self.planned_a:
            bess = s.battery(name, max(1.0, imported_a * BALANCED_W_PER_A), parent["name"])
            self.devices.append(bess | {"maximum_discharging_power": exported_a * BALANCED_W_PER_A})
            return
        self.devices.append(s.pole(name, parent["name"], rating_a=round(imported_a)))
        if node["evse_state"] == "Charging":
            self.charging.add(name)

    def _now(self, schedule: list[Json]) -> Json:
        """The entry in force: the last one that has begun, before the first the first."""
        begun = [entry for entry in schedule if entry["timestamp"] <= self.instant]
        return begun[-1] if begun else schedule[0]

    def _limit_a(self, schedule: list[Json]) -> float:
        """The lower of the limits towards the leaves and towards the root, A."""
        if not schedule:
            return 0.0
        entry = self._now(schedule)
        sides = [entry[side].get("ac_max_current_A") for side in ("limits_to_leaves", "limits_to_root")]
        return min(float(side["value"]) for side in sides if side is not None)
