"""Uncontrolled: every car at full power from its arrival on, batteries at rest; where fuses are full, all alike."""

from kwartier.simulation.observation import Observation, Orders
from kwartier.simulation.policies.full_power import full_power
from kwartier.site.document import SiteConfiguration


class Uncontrolled:
    """Implements `Policy`."""

    def __init__(self, configuration: SiteConfiguration) -> None:
        self._configuration = configuration

    def decide(self, seen: Observation) -> Orders:
        """Full power at every pole with a car."""
        return full_power(self._configuration, seen.cars)
