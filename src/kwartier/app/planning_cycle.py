"""Plans the sites whose moment has come, in a thread of its own."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Event, Thread

import structlog

from kwartier.app.guarded import guarded
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_in_turn import PlannedInTurn, TurnTaken, due_sites, plan_in_turn
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.planning_turn import DueSite, StaleTurn
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy

log = structlog.get_logger("kwartier.app")

# How often it looks who is due; an event waits at most so much longer than its debounce.
LOOK_EVERY_S = 1.0
# So many sites are handed out before it looks again: who asks does not wait for a whole fleet.
AT_ONCE_PER_WORKER_COUNT = 4


class PlanningCycle:
    """Runs until it is closed; several of them, in one process or many, share the sites by their turns."""

    def __init__(self, ports: Ports, worker_count: int) -> None:
        self._ports, self._worker_count = ports, worker_count
        self._stop = Event()
        self._thread = Thread(target=self._run, name="planning-cycle", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no further plan."""
        self._stop.set()

    def close(self) -> None:
        """End after the plans that are being made."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(self._worker_count, "planning") as pool:
            while not self._stop.is_set():
                due = guarded(self._look, "planning") or []
                for _ in pool.map(self._plan, due):
                    if self._stop.is_set():
                        break
                if not due:
                    self._stop.wait(self._ports.clock.waiting_s(LOOK_EVERY_S))

    def _look(self) -> list[DueSite]:
        at_most = self._worker_count * AT_ONCE_PER_WORKER_COUNT
        return list(islice(due_sites(self._ports.clock.now(), ports=self._ports), at_most))

    def _plan(self, due: DueSite) -> None:
        if not self._stop.is_set():
            said = {"partner_id": due.partner_id, "site_id": due.site_id}
            # After a failure the lease of the turn ends, and the site is due again.
            guarded(lambda: self._plan_one(due), "planning", **said)

    def _plan_one(self, due: DueSite) -> None:
        outcome = plan_in_turn(due, ports=self._ports)
        said = {"partner_id": due.partner_id, "site_id": due.site_id}
        match outcome:
            case PlannedInTurn(record):
                log.debug("site planned", plan_id=record.plan_id, status=record.status, **said)
            case NotPlannable():
                log.debug("site not plannable", **said)
            case StaleTurn():
                log.warning("plan came too late", **said)
            case TurnTaken() | PlannerBusy() | UnknownSite():
                pass
