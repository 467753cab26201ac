"""Counts the figures of a partner's sites in the background: those on the page first, then one after the other."""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from kwartier.adapters.dashboard.threads import in_thread
from kwartier.service.caller import Caller
from kwartier.service.faults import ServiceFault
from kwartier.service.ports import Ports
from kwartier.service.watching.site_figures import SiteFigures, site_figures

# Figures are good for so long; they are about quarter-hours.
GOOD_FOR_S = 60.0
# Between sites that are not on anybody's page; the planner needs the core more.
PAUSE_S = 0.05

Key = tuple[str, str]
log = structlog.get_logger("kwartier.dashboard")


class FigureCache:
    """The figures of all partners' sites that somebody has looked at; it belongs to the event loop."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._known: dict[Key, tuple[float, SiteFigures]] = {}

    def get(self, partner_id: str, site_id: str) -> SiteFigures | None:
        """The figures as they were counted last; None where they never were."""
        known = self._known.get((partner_id, site_id))
        return None if known is None else known[1]

    async def count(
        self,
        caller: Caller,
        wanted: Callable[[], Sequence[str]],
        others: Sequence[str],
        told: Callable[[], None],
    ) -> None:
        """Count what is not known or too old: `wanted` again and again, and of the `others` one after each."""
        left = iter(list(others))
        while True:
            due = [site_id for site_id in wanted() if self._is_due(caller.partner_id, site_id)]
            for site_id in due:
                await self._count(caller, site_id)
            if due:
                told()
            other = next((one for one in left if self._is_due(caller.partner_id, one)), None)
            if other is not None:
                await self._count(caller, other)
            await asyncio.sleep(PAUSE_S if other is not None else 1.0)

    def _is_due(self, partner_id: str, site_id: str) -> bool:
        known = self._known.get((partner_id, site_id))
        return known is None or time.monotonic() - known[0] >= GOOD_FOR_S

    async def _count(self, caller: Caller, site_id: str) -> None:
        try:
            found = await in_thread(lambda: site_figures(caller, site_id, ports=self._ports))
        except ServiceFault as fault:  # the row keeps its dashes; it is tried again a minute later
            log.warning("a site was not counted", reason=str(fault))
            found = SiteFigures(None, None, None, None)
        if isinstance(found, SiteFigures):
            self._known[caller.partner_id, site_id] = (time.monotonic(), found)
