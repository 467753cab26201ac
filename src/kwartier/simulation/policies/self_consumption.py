"""Equal share with a battery that stores the sun's surplus and gives it back as soon as the site takes power."""

from dataclasses import replace

from kwartier.simulation.observation import Band, Observation, Orders
from kwartier.simulation.policies.equal_share import EqualShare
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import electrical_tree


class SelfConsumption:
    """Implements `Policy`: what most batteries on the market do by themselves, beside equal shares for cars."""

    def __init__(self, configuration: SiteConfiguration) -> None:
        self._share = EqualShare(configuration)
        self._roots = [root.name for root in electrical_tree(configuration).roots]

    def decide(self, seen: Observation) -> Orders:
        """Equal shares; the batteries hold the connection at zero as long as they can."""
        return replace(self._share.decide(seen), bands=dict.fromkeys(self._roots, Band(0.0, 0.0)))
