"""A planner without processes."""

from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest
from kwartier.service.ports.planner import PlannerBusy


class FakePlanner:
    """Implements `kwartier.service.ports.Planner` in the caller's thread; with `is_busy` it takes nothing."""

    def __init__(self) -> None:
        self.is_busy = False

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        """The plan, however long it takes."""
        return PlannerBusy(7.0) if self.is_busy else plan(request, previous=previous)
