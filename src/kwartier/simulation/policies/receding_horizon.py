"""Receding horizon: plan the coming days, follow the plan for minutes, plan anew with what has been seen since."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kwartier.planning.costing import root_power_w
from kwartier.planning.problem import Problem
from kwartier.planning.replanning import Decision, Replanner
from kwartier.planning.schedule import Schedule
from kwartier.simulation.observation import Band, Observation, Orders
from kwartier.simulation.outlook.site_outlook import DAY_S, SiteOutlook
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S

FloatArray = npt.NDArray[np.float64]

# Within each quarter-hour the plan is made when five minutes of it are measured: what its load does is known then, and
# two thirds of its energy can still make up for it (closed_loop.md, point 1). Until then the last plan's step holds.
SEEN_AFTER_S = 300
KW = 1000.0
NO_LIMIT_W = 1e9
# Less than the standby losses of a battery's inverter.
NEGLIGIBLE_W = 10.0


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
            days = self.outlook.horizon_s(seen.at_s) / DAY_S
            self._decision = self._replanner.decide(request, horizon_days=days)
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
    return Orders(current_a, power_w, bands=_bands(problem, schedule, step, seen))


def _bands(problem: Problem, schedule: Schedule, step: int, seen: Observation) -> dict[str, Band]:
    """Where batteries keep each connection for the rest of a quarter-hour.

    While they run, so that its average becomes the planned one: a car that comes or leaves within it, or a load that is
    not what was forecast, then changes no meter. While they rest, the average may become the highest that is planned
    or billed already, as the guard has it.
    """
    net_w = root_power_w(problem, schedule)
    left_h = (QUARTER_S - seen.at_s % QUARTER_S) / 3600.0
    found = {}
    for row, root in enumerate(problem.tree.roots):
        mine = [problem.tree.boards[one.device.collector].root == root.name for one in problem.batteries]
        energy = seen.quarter[root.name]
        highest_wh = _highest_w(problem, root.name, net_w[row]) * QUARTER_H
        most_w = (highest_wh - energy.offtake_wh) / left_h
        if (np.abs(schedule.battery_w[np.array(mine, dtype=bool), step]) > NEGLIGIBLE_W).any():
            planned_wh = _planned_wh(problem, root.name, net_w[row], step)
            target_w = (planned_wh - energy.offtake_wh + energy.injection_wh) / left_h
            found[root.name] = Band(min(target_w, most_w), min(target_w, most_w))
        else:
            found[root.name] = Band(-NO_LIMIT_W, most_w)
    return found


def _planned_wh(problem: Problem, root: str, net_w: FloatArray, step: int) -> float:
    """What is planned of the whole quarter-hour of a step, Wh, with what it had seen when the plan was made."""
    so_far = problem.request.state.quarter_so_far.get(root)
    before_wh = so_far.offtake_wh - so_far.injection_wh if step == 0 and so_far is not None else 0.0
    return before_wh + float(net_w[step]) * float(problem.grid.hours_h[step])


def _highest_w(problem: Problem, root: str, net_w: FloatArray) -> float:
    """The highest quarter-hour average that is planned, or billed already, W."""
    floors_w = [
        term.floor_w
        for term in problem.peaks
        if term.root == root and term.sign > 0 and not term.begins_later and len(term.points) > 1
    ]
    return max([float(net_w.max()), *floors_w])
