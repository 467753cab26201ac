"""What the monitoring reads about plans, the rungs of the sites, and prices; nothing in it names a partner."""

import time
from collections import Counter as Counted
from collections.abc import Iterable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from kwartier.control.setpoint import Rung
from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest
from kwartier.service.ports import Planner
from kwartier.service.ports.planner import PlannerBusy

# Seconds; a site's plan takes a tenth of one, the deadline is 10 by default.
BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
RUNGS: tuple[Rung, ...] = ("optimal", "feasible", "last_safe", "share", "floor", "stop")


class PlanningFigures:
    """Counters and gauges, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        self._plans = counter("kwartier_plans_total", "Plans by how they ended.", ("outcome",))
        self._durations = Histogram(
            "kwartier_plan_duration_seconds",
            "From asking the planner to its answer, with the wait for a free one.",
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._rungs = gauge(
            "kwartier_sites_on_rung", "Controlled sites by rung of the safety ladder.", ("rung",)
        )
        self._price_age = gauge(
            "kwartier_prices_age_seconds",
            "How long the newest prices of a site with a dynamic contract have been known; the oldest of these.",
        )
        self._price_lack = gauge(
            "kwartier_prices_lacking",
            "Partners and bidding zones without today's prices, where a site needs them.",
        )

    def planned(self, outcome: str, duration_s: float) -> None:
        """Count one plan: its status, or why there is none."""
        self._plans.labels(outcome).inc()
        self._durations.observe(duration_s)

    def stand(self, rungs: Iterable[Rung]) -> None:
        """Say on which rungs all controlled sites stand."""
        found = Counted(rungs)
        for rung in RUNGS:
            self._rungs.labels(rung).set(found[rung])

    def price(self, oldest_age_s: float, lacking_count: int) -> None:
        """Say how old the prices are that sites are planned with."""
        self._price_age.set(oldest_age_s)
        self._price_lack.set(lacking_count)


class CountingPlanner:
    """Implements `kwartier.service.ports.Planner`: counts what another one does, and how long it takes."""

    def __init__(self, planner: Planner, figures: PlanningFigures) -> None:
        self._planner, self._figures = planner, figures

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        """The other one's plan."""
        start_s, outcome = time.monotonic(), "refused"
        try:
            made = self._planner.plan(request, previous=previous)
            outcome = made.status if isinstance(made, Plan) else "busy"
        finally:
            self._figures.planned(outcome, time.monotonic() - start_s)
        return made
