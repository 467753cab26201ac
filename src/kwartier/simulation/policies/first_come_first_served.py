"""First come, first served: full power in the order of arrival as far as a budget goes, batteries at rest."""

from dataclasses import replace

from kwartier.simulation.observation import Observation, Orders
from kwartier.simulation.policies.full_power import full_power
from kwartier.site.document import SiteConfiguration


class FirstComeFirstServed:
    """Implements `Policy`: where fuses are full, the car that came later waits."""

    def __init__(self, configuration: SiteConfiguration) -> None:
        self._configuration = configuration

    def decide(self, seen: Observation) -> Orders:
        """Full power at every pole with a car, the earliest first."""
        in_turn = sorted(seen.cars, key=lambda car: (car.start_time, car.transaction_id))
        priority = {car.asset_id: -rank for rank, car in enumerate(in_turn)}
        return replace(full_power(self._configuration, seen.cars), priority=priority)
