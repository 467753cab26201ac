"""Receding horizon: plan the coming days, follow the plan for minutes, plan anew with what has been seen since."""

from dataclasses import dataclass, field

from kwartier.planning.problem import Problem
from kwartier.planning.replanning import Decision, Replanner
from kwartier.planning.schedule import Schedule
from kwartier.simulation.observation import Observation, Orders
from kwartier.simulation.outlook.site_outlook import SiteOutlook
from kwartier.units.quarter_hour import QUARTER_S

# Within each quarter-hour the plan is made when five minutes of it are measured: what its load does is known then, and
# two thirds of its energy can still make up for it (closed_loop.md, point 1). Until then the last plan's next step holds.
SEEN_AFTER_S = 300
KW = 1000.0


@dataclass
class RecedingHorizon:
    """Implements `Policy`: kwartier's planner in a loop, with `outlook` for all that it counts on."""

    outlook: SiteOutlook
    plan_count: int = 0
    _replanner: Replanner = field(default_factory=Replanner)
    _decision: Decision | None = None
    _planned: frozenset[str] = frozenset()

    def decide(self, seen: Observation) -> Orders:
        """What the newest plan says of this moment; a new one where it is time for it or a car has come."""
        there = frozenset(car.transaction_id for car in seen.cars)
        if self._decision is None or self._is_due(seen, there):
            request = self.outlook.request(seen)
            self._decision = self._replanner.decide(request)
            self._planned = there
            self.plan_count += 1
        return orders_at(self._decision.problem, self._decision.schedule, seen)

    def _is_due(self, seen: Observation, there: frozenset[str]) -> bool:
        inside_s = seen.at_s % QUARTER_S
        if self.outlook.knowledge.is_complete:
            return inside_s == 0.0
        return inside_s == SEEN_AFTER_S or not there <= self._planned


def orders_at(problem: Problem, schedule: Schedule, seen: Observation) -> Orders:
    """What a schedule says of a moment, for the cars that are there."""
    step = int(problem.grid.boundary_s.searchsorted(seen.at_s, side="right")) - 1
    step = min(step, problem.grid.step_count - 1)
    there = {car.transaction_id: car.asset_id for car in seen.cars}
    current_a: dict[str, float] = {}
    power_w: dict[str, float] = {}
    for index, session in enumerate(problem.sessions):
        if not session.expected and session.transaction_id in there:
            level = float(schedule.level[index, step])
            if session.is_ac:
                current_a[session.asset_id] = level
            else:
                power_w[session.asset_id] = level * KW
    for index, battery in enumerate(problem.batteries):
        power_w[battery.device.name] = float(schedule.battery_w[index, step])
    return Orders(current_a, power_w)
