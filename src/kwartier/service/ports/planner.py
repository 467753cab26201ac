"""The port to the planner as a service runs it: bounded in time, and in how many plans are made at once."""

from dataclasses import dataclass
from typing import Protocol

from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest


@dataclass(frozen=True)
class PlannerBusy:
    """As many plans as may be are being made or wait; the same request may be taken after `retry_after_s`."""

    retry_after_s: float


class Planner(Protocol):
    """Plans by a deadline. Slow: never on an event loop."""

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        """The plan, of status "fallback" where there is no better in time; near `previous` where little is lost by it.

        Raises `kwartier.planning.problem.InvalidRequest` with every finding.
        """
        ...
