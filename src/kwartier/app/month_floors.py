"""Makes the floors of the months, one site at a time, behind the plans."""

from threading import Event, Thread

import structlog

from kwartier.app.guarded import guarded
from kwartier.service.month_floors.make_month_floor import (
    OF_NO_USE,
    FloorMade,
    due_sites,
    make_month_floor,
)
from kwartier.service.plan_in_turn import LEAD
from kwartier.service.ports import Ports
from kwartier.units.quarter_hour import QUARTER_S, epoch_s

log = structlog.get_logger("kwartier.app")

LOOK_EVERY_S = 60.0
# Around each quarter-hour's beginning the plans of all sites are made: nothing of this begins then.
QUIET_BEFORE_S, QUIET_AFTER_S = LEAD.total_seconds() + 30.0, 60.0


class MonthFloorMaker:
    """Runs until it is closed; several of them, in one process or many, share the sites."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._stop = Event()
        self._thread = Thread(target=self._run, name="month-floors", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Give up what is being made, and end."""
        self._stop.set()
        self._ports.hindsight_peaks.give_up()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            if not guarded(self._make_next, "month floor"):
                self._stop.wait(self._ports.clock.waiting_s(LOOK_EVERY_S))

    def _make_next(self) -> bool:
        """Whether there may be more to do at once."""
        inside_s = epoch_s(self._ports.clock.now()) % QUARTER_S
        if not QUIET_AFTER_S <= inside_s <= QUARTER_S - QUIET_BEFORE_S:
            return False
        due = next(due_sites(ports=self._ports), None)
        if due is None:
            return False
        made = make_month_floor(*due, ports=self._ports)
        if isinstance(made, FloorMade) and not self._stop.is_set():
            _tell(made)
        return True


def _tell(made: FloorMade) -> None:
    said = {"partner_id": made.partner_id, "site_id": made.site_id, "month": str(made.floor.month)}
    if made.floor.reason is None:
        log.info("month floor", highest_w_by_root=dict(made.floor.highest_w_by_root), **said)
    elif made.floor.reason in OF_NO_USE:
        log.debug("no month floor", reason=made.floor.reason, **said)
    else:
        log.info("no month floor", reason=made.floor.reason, **said)
