"""The optimum of a past month, without processes."""

from collections.abc import Mapping

from kwartier.planning.problem import InvalidRequest, build_problem
from kwartier.planning.request import PlanRequest
from kwartier.simulation.whole_period import hindsight_of


class FakeHindsightPeaks:
    """Implements `kwartier.service.ports.HindsightPeaks` in the caller's thread."""

    def highest_w(self, request: PlanRequest, horizon_days: float) -> Mapping[str, float] | str:
        """The peaks, however long it takes."""
        try:
            return hindsight_of(build_problem(request, horizon_days=horizon_days)).highest_offtake_w
        except InvalidRequest as refused:
            return refused.findings[0].message

    def give_up(self) -> None:
        """Nothing runs."""
