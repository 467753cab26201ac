"""`BoundedPlanner`: a supervised planner that takes only as much work as it can do by its deadline."""

from threading import BoundedSemaphore, Lock

from kwartier.adapters.highs.supervised_planner import SupervisedPlanner
from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest
from kwartier.service.ports.planner import PlannerBusy

# Who waits for a worker holds one of the service's threads; so many waits in a row are still answered in time.
WAITING_PER_WORKER_COUNT = 2


class BoundedPlanner:
    """Implements `kwartier.service.ports.Planner`. Its worker processes start with the first plan, or with `start`."""

    def __init__(self, *, deadline_s: float, at_once_count: int, memory_bytes: int = 2**30) -> None:
        self._deadline_s, self._at_once_count, self._memory_bytes = deadline_s, at_once_count, memory_bytes
        self._admitted = BoundedSemaphore(at_once_count * (1 + WAITING_PER_WORKER_COUNT))
        self._running = BoundedSemaphore(at_once_count)
        self._lock = Lock()
        self._planner: SupervisedPlanner | None = None

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        """The plan by the deadline, once it is its turn; busy at once where too many wait already."""
        if not self._admitted.acquire(blocking=False):
            return PlannerBusy(self._deadline_s)
        try:
            with self._running:
                return self.start().plan(request, previous=previous)
        finally:
            self._admitted.release()

    def start(self) -> SupervisedPlanner:
        """Start the workers where they have not been, without waiting for them."""
        with self._lock:
            if self._planner is None:
                self._planner = SupervisedPlanner(
                    deadline_s=self._deadline_s,
                    memory_bytes=self._memory_bytes,
                    worker_count=self._at_once_count + 1,  # one stands by
                )
            return self._planner

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            if self._planner is not None:
                self._planner.close()
