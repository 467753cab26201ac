"""What a schedule is worth: written as a plan of our request, and counted by the check that is not the planner."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from instances import BATTERY, Instance

from kwartier import Plan, PlanRequest, check_plan, plan

Json = dict[str, Any]

# The rules that a schedule itself can break. The others compare what our plan document says with what it adds up to.
RULES = {
    "session.rating": "pole rating",
    "session.window": "window",
    "session.energy": "energy",
    "session.minimum_current": "6 A minimum",
    "battery.power": "battery power",
    "battery.bounds": "battery bounds",
    "limit.current": "line limit",
    "limit.power": "site limit",
}
# A solver's tolerance over a whole car or battery; cents of cents.
ENERGY_TOLERANCE_WH = 1.0


@dataclass(frozen=True)
class Judged:
    """Money in EUR, and in words what the schedule breaks."""

    money_eur: float
    broken: frozenset[str]


class Judge:
    """Judges schedules of one instance, by its whole request."""

    def __init__(self, instance: Instance) -> None:
        self._facts = instance.facts
        self._request = PlanRequest.model_validate(instance.request)
        self._document = plan(self._request).model_dump(mode="json")

    @property
    def everybody_served(self) -> bool:
        """Whether every car can get what it asks for; no peer can say what should happen where not."""
        return not any(wh > ENERGY_TOLERANCE_WH for wh in self._document["unserved_wh"].values())

    def judge(self, schedule: Json) -> Judged:
        """Count a schedule: power in W per pole and battery, one entry per step."""
        document = self._document | {"devices": self._devices(schedule)}
        result = check_plan(self._request, Plan.model_validate(document))
        if result.money is None:
            raise RuntimeError(f"the schedule has no shape of a plan: {result.violations}")
        broken = {RULES[violation.rule] for violation in result.violations if violation.rule in RULES}
        return Judged(result.money.total, frozenset(broken | self._unmet(schedule)))

    def _devices(self, schedule: Json) -> Json:
        """Our plan's devices with the schedule's powers, and the currents that belong to them."""
        devices = dict(self._document["devices"])
        for car in self._facts["cars"]:
            power_w = schedule[car["pole"]]
            current_a = {
                pin: (np.array(power_w) / car["power_w"] * 32.0).tolist()
                for pin in devices[car["pole"]]["current_a"]
            }
            devices[car["pole"]] = devices[car["pole"]] | {"power_w": power_w, "current_a": current_a}
        if BATTERY["name"] in devices:
            devices[BATTERY["name"]] = devices[BATTERY["name"]] | {"power_w": schedule[BATTERY["name"]]}
        return devices

    def _unmet(self, schedule: Json) -> set[str]:
        """Cars that lack energy, and a battery that does not end where it began."""
        unmet = set()
        lacking = (car["energy_wh"] - sum(schedule[car["pole"]]) / 4 for car in self._facts["cars"])
        if max(lacking) > ENERGY_TOLERANCE_WH:
            unmet.add("needs")
        power_w = np.array(schedule.get(BATTERY["name"], [0.0]))
        factor = np.where(power_w > 0, BATTERY["charging_efficiency"], 1 / BATTERY["discharging_efficiency"])
        if abs(float(np.sum(power_w * factor))) / 4 > ENERGY_TOLERANCE_WH:
            unmet.add("battery's end")
        return unmet
