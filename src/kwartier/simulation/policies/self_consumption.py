"""Equal share with a battery that stores the sun's surplus and gives it back as soon as the site takes power."""

from dataclasses import replace

from kwartier.simulation.observation import Observation, Orders
from kwartier.simulation.policies.equal_share import EqualShare
from kwartier.simulation.policies.full_power import batteries_of, net_load_w
from kwartier.site.document import SiteConfiguration
from kwartier.units.quarter_hour import QUARTER_S


class SelfConsumption:
    """Implements `Policy`: what most batteries on the market do by themselves, beside equal shares for cars.

    A battery's own controller holds the connection at zero within seconds. Here it knows the load of the running
    quarter-hour once that is measured, and what the cars took over the last step.
    """

    def __init__(self, configuration: SiteConfiguration) -> None:
        self._share = EqualShare(configuration)
        self._batteries = batteries_of(configuration)
        self._charged_wh: dict[str, float] = {}
        self._at_s: float | None = None

    def decide(self, seen: Observation) -> Orders:
        """Equal shares; each battery takes its part of the surplus, or gives its part of what is taken."""
        orders = self._share.decide(seen)
        cars_w = self._car_power_w(seen)
        load_w = net_load_w(seen)
        if load_w is None or not self._batteries:
            return orders
        net_w = load_w + cars_w
        total_w = sum(one.maximum_discharging_power for one in self._batteries)
        told_w = {
            one.name: min(
                one.maximum_charging_power,
                max(-one.maximum_discharging_power, -net_w * one.maximum_discharging_power / total_w),
            )
            for one in self._batteries
        }
        return replace(orders, power_w={**orders.power_w, **told_w})

    def _car_power_w(self, seen: Observation) -> float:
        """What the cars took since the last look, W."""
        charged_wh = {car.transaction_id: car.energy_charged or 0.0 for car in seen.cars}
        taken_wh = sum(wh - self._charged_wh.get(key, 0.0) for key, wh in charged_wh.items())
        passed_s = QUARTER_S if self._at_s is None else seen.at_s - self._at_s
        self._charged_wh, self._at_s = charged_wh, seen.at_s
        return taken_wh * 3600 / passed_s
