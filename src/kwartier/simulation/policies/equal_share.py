"""Equal share: what the connection has left is divided by the cars that stand there; batteries at rest."""

from kwartier.simulation.observation import Observation, Orders
from kwartier.simulation.policies.full_power import full_power, net_load_w
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import electrical_tree


class EqualShare:
    """Implements `Policy`: the static load management of many charging hubs.

    A car that cannot use its share leaves it unused until it is full; a share below what a car can charge with (6 A)
    is raised to it, and the fuses decide who waits.
    """

    def __init__(self, configuration: SiteConfiguration) -> None:
        self._configuration = configuration
        tree = electrical_tree(configuration)
        self._room_w = sum(root.limit_a * root.voltage_v * len(root.phases) for root in tree.roots)
        self._voltage_v = {name: board.voltage_v for name, board in tree.boards.items()}
        self._board = {one.name: one.collector for one in configuration.device_list}

    def decide(self, seen: Observation) -> Orders:
        """The same power for every car that is not full."""
        hungry = [car for car in seen.cars if car.transaction_state != "SuspendedEV"]
        most = full_power(self._configuration, hungry)
        load_w = net_load_w(seen)
        share_w = max(0.0, self._room_w - max(0.0, load_w or 0.0)) / max(1, len(hungry))
        phases = {car.asset_id: car.no_charging_phases or 3 for car in hungry}
        current_a = {
            pole: min(most_a, max(6.0, share_w / phases[pole] / self._voltage_v[self._board[pole]]))
            for pole, most_a in most.current_a.items()
        }
        return Orders(current_a, {pole: min(most_w, share_w) for pole, most_w in most.power_w.items()})
