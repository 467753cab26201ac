"""Receding horizon: plan the coming days, follow the plan for minutes, plan anew with what has been seen since."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kwartier.planning.costing import root_power_w
from kwartier.planning.problem import Problem
from kwartier.planning.replanning import Replanner
from kwartier.planning.schedule import Schedule
from kwartier.planning.sessions import Session
from kwartier.simulation.observation import Band, Observation, Orders
from kwartier.simulation.outlook.site_outlook import DAY_S, SiteOutlook
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Within each quarter-hour the plan is made when five minutes of it are measured: what its load does is known then, and
# two thirds of its energy can still make up for it (closed_loop.md, point 1). Until then the last plan's step holds.
SEEN_AFTER_S = 300
KW = 1000.0
NO_LIMIT_W = 1e9
# Less than the standby losses of a battery's inverter.
NEGLIGIBLE_W = 10.0


@dataclass(frozen=True)
class FollowedPlan:
    """A decision as it is followed until the next one; what all of its steps share is worked out once."""

    problem: Problem
    schedule: Schedule

    @cached_property
    def _net_w(self) -> dict[str, FloatArray]:
        """Net average power of each connection, W, shape (n,)."""
        roots = [root.name for root in self.problem.tree.roots]
        return dict(zip(roots, root_power_w(self.problem, self.schedule), strict=True))

    @cached_property
    def _runs(self) -> dict[str, BoolArray]:
        """In which steps a battery of each connection runs, shape (n,)."""
        problem = self.problem
        roots = [problem.tree.boards[one.device.collector].root for one in problem.batteries]
        is_running = np.abs(self.schedule.battery_w) > NEGLIGIBLE_W
        return {
            root.name: is_running[np.array([one == root.name for one in roots], dtype=bool)].any(axis=0)
            for root in problem.tree.roots
        }

    @cached_property
    def _highest_w(self) -> dict[str, float]:
        """The highest quarter-hour average of each connection that is planned, or billed already, W."""
        return {root: self._highest_of(root, net_w) for root, net_w in self._net_w.items()}

    def _highest_of(self, root: str, net_w: FloatArray) -> float:
        floors_w = [
            term.floor_w
            for term in self.problem.peaks
            if term.root == root and term.sign > 0 and not term.begins_later and len(term.points) > 1
        ]
        return max([float(net_w.max()), *floors_w])

    @cached_property
    def _told(self) -> list[tuple[int, Session]]:
        """The cars that are told something, by their place in the schedule; those that are expected are not."""
        return [(index, one) for index, one in enumerate(self.problem.sessions) if not one.expected]

    def orders(self, seen: Observation) -> Orders:
        """What the schedule says of a moment, for the cars that are there."""
        problem, schedule = self.problem, self.schedule
        step = int(problem.grid.boundary_s.searchsorted(seen.at_s, side="right")) - 1
        step = min(step, problem.grid.step_count - 1)
        there = {car.transaction_id for car in seen.cars}
        current_a: dict[str, float] = {}
        power_w: dict[str, float] = {}
        for index, session in self._told:
            if session.transaction_id in there:
                level = float(schedule.level[index, step])
                if session.is_ac:
                    current_a[session.asset_id] = level
                else:
                    power_w[session.asset_id] = level * KW
        for battery, told_w in zip(problem.batteries, schedule.battery_w[:, step].tolist(), strict=True):
            power_w[battery.device.name] = told_w
        return Orders(current_a, power_w, bands=self._bands(step, seen))

    def _bands(self, step: int, seen: Observation) -> dict[str, Band]:
        """Where batteries keep each connection for the rest of a quarter-hour.

        While they run, so that its average becomes the planned one: a car that comes or leaves within it, or a load
        that is not what was forecast, then changes no meter. While they rest, the average may become the highest that
        is planned or billed already, as the guard has it.
        """
        left_h = (QUARTER_S - seen.at_s % QUARTER_S) / 3600.0
        found = {}
        for root, highest_w in self._highest_w.items():
            energy = seen.quarter[root]
            most_w = (highest_w * QUARTER_H - energy.offtake_wh) / left_h
            if self._runs[root][step]:
                planned_wh = self._planned_wh(root, step)
                target_w = (planned_wh - energy.offtake_wh + energy.injection_wh) / left_h
                found[root] = Band(min(target_w, most_w), min(target_w, most_w))
            else:
                found[root] = Band(-NO_LIMIT_W, most_w)
        return found

    def _planned_wh(self, root: str, step: int) -> float:
        """What is planned of the whole quarter-hour of a step, Wh, with what it had seen when the plan was made."""
        so_far = self.problem.request.state.quarter_so_far.get(root)
        before_wh = so_far.offtake_wh - so_far.injection_wh if step == 0 and so_far is not None else 0.0
        return before_wh + float(self._net_w[root][step]) * float(self.problem.grid.hours_h[step])


@dataclass
class RecedingHorizon:
    """Implements `Policy`: kwartier's planner in a loop, with `outlook` for all that it counts on."""

    outlook: SiteOutlook
    plan_count: int = 0
    _replanner: Replanner = field(default_factory=Replanner)
    _followed: FollowedPlan | None = None
    _planned: frozenset[str] = frozenset()

    def decide(self, seen: Observation) -> Orders:
        """What the newest plan says of this moment; a new one where it is time for it or a car has come."""
        there = frozenset(car.transaction_id for car in seen.cars)
        if self._followed is None or self._is_due(seen, there):
            request = self.outlook.request(seen)
            days = self.outlook.horizon_s(seen.at_s) / DAY_S
            decision = self._replanner.decide(request, horizon_days=days)
            self._followed = FollowedPlan(decision.problem, decision.schedule)
            self._planned = there
            self.plan_count += 1
        return self._followed.orders(seen)

    def _is_due(self, seen: Observation, there: frozenset[str]) -> bool:
        inside_s = seen.at_s % QUARTER_S
        if self.outlook.knowledge.is_complete:
            return inside_s == 0.0
        return inside_s == SEEN_AFTER_S or not there <= self._planned
