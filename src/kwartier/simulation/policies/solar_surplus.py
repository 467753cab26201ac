"""Solar surplus: cars charge with what the sun gives beyond the load, and at full power when their time runs out."""

from kwartier.simulation.observation import Observation, Orders
from kwartier.simulation.policies.full_power import full_power, net_load_w
from kwartier.site.document import SiteConfiguration
from kwartier.site.transaction import Transaction
from kwartier.site.tree import electrical_tree
from kwartier.units.quarter_hour import epoch_s

# A rule that waits for the last moment must wait for a little less: meters and steps are minutes apart.
MARGIN_S = 900.0
LEAST_CURRENT_A = 6.0


class SolarSurplus:
    """Implements `Policy`: the rule of many home chargers, in the order of arrival; batteries at rest."""

    def __init__(self, configuration: SiteConfiguration) -> None:
        self._configuration = configuration
        boards = electrical_tree(configuration).boards
        self._voltage_v = {one.name: boards[one.collector].voltage_v for one in configuration.device_list}

    def decide(self, seen: Observation) -> Orders:
        """The surplus to the cars in turn; a car whose time is up gets all it can take."""
        hungry = [car for car in seen.cars if car.transaction_state != "SuspendedEV"]
        most = full_power(self._configuration, hungry)
        surplus_w = max(0.0, -(net_load_w(seen) or 0.0))
        current_a: dict[str, float] = {}
        power_w: dict[str, float] = {}
        for car in sorted(hungry, key=lambda one: (one.start_time, one.transaction_id)):
            pole, is_ac = car.asset_id, car.asset_id in most.current_a
            per_a = self._voltage_v[pole] * (car.no_charging_phases or 3) if is_ac else 1.0
            most_w = min(most.current_a[pole] * per_a if is_ac else most.power_w[pole], car.max_power or 1e9)
            given_w = most_w if is_late(car, seen.at_s, most_w) else min(most_w, surplus_w)
            if is_ac and given_w < LEAST_CURRENT_A * per_a:
                continue
            surplus_w = max(0.0, surplus_w - given_w)
            if is_ac:
                current_a[pole] = given_w / per_a
            else:
                power_w[pole] = given_w
        return Orders(current_a, power_w)


def is_late(car: Transaction, at_s: float, most_w: float) -> bool:
    """Whether it needs full power from now on to be ready; of one that tells no departure, always."""
    if car.departure_time is None or car.requested_energy is None:
        return True
    missing_wh = car.requested_energy - (car.energy_charged or 0.0)
    return epoch_s(car.departure_time) - at_s <= missing_wh / most_w * 3600.0 + MARGIN_S
