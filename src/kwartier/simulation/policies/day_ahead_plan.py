"""A fixed day-ahead plan: made once at midnight; batteries follow it, and the cars share what it gave to charging."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kwartier.planning.replanning import Decision, Replanner
from kwartier.simulation.observation import Observation, Orders
from kwartier.simulation.outlook.site_outlook import DAY_S, SiteOutlook
from kwartier.simulation.policies.full_power import full_power
from kwartier.simulation.policies.solar_surplus import LEAST_CURRENT_A, is_late
from kwartier.site.document import SiteConfiguration
from kwartier.site.transaction import Transaction
from kwartier.site.tree import electrical_tree
from kwartier.units.quarter_hour import from_epoch_s

FloatArray = npt.NDArray[np.float64]


@dataclass
class DayAheadPlan:
    """Implements `Policy`: what a schedule that nobody renews is worth.

    The plan counts on forecasts and on expected cars. In the day, the power that it gives to charging is shared in the
    order of departure; a car whose time runs out gets full power all the same.
    """

    configuration: SiteConfiguration
    outlook: SiteOutlook
    plan_count: int = 0
    _replanner: Replanner = field(default_factory=Replanner)
    _decision: Decision | None = None
    _day: object = None

    def decide(self, seen: Observation) -> Orders:
        """The plan of this morning, with the cars that are really there."""
        day = from_epoch_s(seen.at_s).astimezone(self.outlook.recorded.zone).date()
        if self._decision is None or day != self._day:
            days = self.outlook.horizon_s(seen.at_s) / DAY_S
            self._decision = self._replanner.decide(self.outlook.request(seen), horizon_days=days)
            self._day = day
            self.plan_count += 1
        problem, schedule = self._decision.problem, self._decision.schedule
        step = int(problem.grid.boundary_s.searchsorted(seen.at_s, side="right")) - 1
        budget_w = float(schedule.session_w[:, step].sum())
        orders = self._shared(seen, budget_w)
        told_w = {
            battery.device.name: float(schedule.battery_w[index, step])
            for index, battery in enumerate(problem.batteries)
        }
        return Orders(orders.current_a, {**orders.power_w, **told_w})

    def _shared(self, seen: Observation, budget_w: float) -> Orders:
        hungry = [car for car in seen.cars if car.transaction_state != "SuspendedEV"]
        most = full_power(self.configuration, hungry)
        current_a: dict[str, float] = {}
        power_w: dict[str, float] = {}
        for car in sorted(hungry, key=_urgency):
            pole, is_ac = car.asset_id, car.asset_id in most.current_a
            per_a = self._voltage_v(pole) * (car.no_charging_phases or 3) if is_ac else 1.0
            most_w = min(most.current_a[pole] * per_a if is_ac else most.power_w[pole], car.max_power or 1e9)
            given_w = most_w if is_late(car, seen.at_s, most_w) else min(most_w, budget_w)
            if is_ac and given_w < LEAST_CURRENT_A * per_a:
                continue
            budget_w = max(0.0, budget_w - given_w)
            if is_ac:
                current_a[pole] = given_w / per_a
            else:
                power_w[pole] = given_w
        return Orders(current_a, power_w)

    def _voltage_v(self, pole: str) -> float:
        boards = electrical_tree(self.configuration).boards
        collector = next(one.collector for one in self.configuration.device_list if one.name == pole)
        return boards[collector].voltage_v


def _urgency(car: Transaction) -> tuple[float, str]:
    departure_s = float("inf") if car.departure_time is None else car.departure_time.timestamp()
    return departure_s, car.transaction_id
