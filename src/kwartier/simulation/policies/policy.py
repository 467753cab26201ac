"""The one interface of all policies."""

from typing import Protocol

from kwartier.simulation.observation import Observation, Orders


class Policy(Protocol):
    """Runs a site: asked every five minutes, it says what devices do until it is asked again.

    It is made for one site and one period, may remember, and sees nothing but what it is shown: the site document, and
    observations.
    """

    def decide(self, seen: Observation) -> Orders:
        """The orders of this moment."""
        ...
