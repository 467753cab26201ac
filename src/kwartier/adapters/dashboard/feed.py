"""Looks at a site for all who look on: once for everybody, half a second after the last time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from kwartier.adapters.dashboard.threads import in_thread
from kwartier.service.caller import Caller
from kwartier.service.faults import ServiceFault
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.watching.site_now import SiteNow
from kwartier.service.watching.site_watch import SiteWatch

# What is measured is shown within a second: half of it at most to notice, the rest to look, send and draw.
EVERY_S = 0.5

Receiver = Callable[[SiteNow], None]
log = structlog.get_logger("kwartier.dashboard")


class SiteFeed:
    """One watched site: its last look, and who is told of the next ones; it belongs to the event loop."""

    def __init__(self, watch: SiteWatch) -> None:
        self._watch = watch
        self._receivers: list[Receiver] = []
        self._last: SiteNow | None = None
        self._task: asyncio.Task[None] | None = None
        self._looking = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        """Whether somebody looks on."""
        return self._task is not None

    async def first(self) -> SiteNow | UnknownSite:
        """The last look where the site is being watched, else a new one."""
        if self._task is not None and self._last is not None:
            return self._last
        return await self._look()

    async def _look(self) -> SiteNow | UnknownSite:
        async with self._looking:
            return await in_thread(self._watch.look)

    def listen(self, receiver: Receiver) -> Callable[[], None]:
        """Have a function called, on the event loop, with every look that shows something new; the result ends it."""
        self._receivers.append(receiver)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

        def stop() -> None:
            if receiver in self._receivers:
                self._receivers.remove(receiver)

        return stop

    async def _run(self) -> None:
        while self._receivers:
            await asyncio.sleep(EVERY_S)
            try:
                seen = await self._look()
            except ServiceFault as fault:  # the page keeps what it shows; the next look may succeed
                log.warning("a site was not looked at", reason=str(fault))
                continue
            if isinstance(seen, UnknownSite):
                continue
            if self._last is None or replace(seen, at=self._last.at) != self._last:
                self._last = seen
                for receiver in tuple(self._receivers):
                    receiver(seen)
        self._task, self._last = None, None


class SiteFeeds:
    """The feed of each site that somebody looks at."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._feeds: dict[tuple[str, str], SiteFeed] = {}

    def of_site(self, caller: Caller, site_id: str) -> SiteFeed:
        """The feed of a site of the caller's partner, the same for everybody."""
        self._feeds = {key: feed for key, feed in self._feeds.items() if feed.is_running}
        key = caller.partner_id, site_id
        if key not in self._feeds:
            self._feeds[key] = SiteFeed(SiteWatch(caller, site_id, ports=self._ports))
        return self._feeds[key]
