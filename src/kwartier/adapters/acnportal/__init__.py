"""kwartier's planner as a scheduling algorithm of acnportal, the simulator of Caltech's Adaptive Charging Network.

`KwartierAlgorithm` stands where acnportal's own algorithms stand, and sees what they see: the interface. It comes with
the extra `acnportal` (`pip install kwartier[acnportal]`). docs/acnportal.md compares it with them.
"""

from kwartier.adapters.acnportal.algorithm import KwartierAlgorithm
from kwartier.adapters.acnportal.network import UnsayableNetworkError
from kwartier.adapters.acnportal.price_tariff import PriceTariff

__all__ = ["KwartierAlgorithm", "PriceTariff", "UnsayableNetworkError"]
