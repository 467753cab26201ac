"""Plans sites in a process that answers no requests."""

import signal
from threading import Event

import structlog

from kwartier.adapters.sql import schema
from kwartier.app.faults import UnusableSettings
from kwartier.app.logging import set_up_logging
from kwartier.app.month_floors import MonthFloorMaker
from kwartier.app.no_core import leave_no_core
from kwartier.app.planning_cycle import PlanningCycle
from kwartier.app.settings import Settings
from kwartier.app.wiring import wired

log = structlog.get_logger("kwartier.app")


def work(settings: Settings) -> None:
    """Plan the active sites until SIGTERM or SIGINT; plans that are being made end first.

    As many of these as one likes may share a database: each site is planned by one of them at a time. Raises
    UnusableSettings where the database has an older schema than this program: `kwartier serve` or `migrate` brings the
    newest; NewerSchema where it has a newer one.
    """
    leave_no_core()
    set_up_logging(settings.log_format, settings.log_level)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with wired(settings) as service:
        if not service.is_ready():
            schema.refuse_newer(schema.current_version(service.database))
            raise UnusableSettings(
                f"the database has schema {schema.current_version(service.database)}, this program needs "
                f"{schema.newest_version()}: run `kwartier migrate` first"
            )
        cycle = PlanningCycle(service.ports, settings.concurrent_plan_count)
        floors = MonthFloorMaker(service.ports)
        cycle.start()
        floors.start()
        log.info("planning", concurrent_plan_count=settings.concurrent_plan_count)
        stop.wait()
        floors.close()
        cycle.close()
