"""The port to what finds the least that a whole month could have cost."""

from collections.abc import Mapping
from typing import Protocol

from kwartier.planning.request import PlanRequest


class HindsightPeaks(Protocol):
    """Solves a month of which everything is known; seconds of work, none of which may delay a plan."""

    def highest_w(self, request: PlanRequest, horizon_days: float) -> Mapping[str, float] | str:
        """The highest quarter-hour of each connection's offtake in the optimum, W; in words why there is none.

        `horizon_days` is the length of the month in days of 24 h. Raises HindsightUnavailable where it can't be solved
        now.
        """
        ...

    def give_up(self) -> None:
        """End what runs, and begin nothing more; whoever waits for it gets HindsightUnavailable."""
        ...
