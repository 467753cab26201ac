"""Controls the active sites between plans: at once when a meter says something new, and every few seconds."""

from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread

import structlog

from kwartier.app.guarded import guarded
from kwartier.app.planning_figures import PlanningFigures
from kwartier.control.setpoint import Rung
from kwartier.service.control_lease import CONTROL_LEASE, ControlLease
from kwartier.service.dispatching.live_readings import LiveReadings, SiteKey
from kwartier.service.dispatching.site_dispatch import Dispatched, LeaseLost, NotControlled, SiteDispatch
from kwartier.service.ports import Ports
from kwartier.service.revalidate_sites import sites_of
from kwartier.service.site_event import SiteEvent

log = structlog.get_logger("kwartier.app")

# A site is looked at once in so long, whatever happens; renewals and expiries need no more.
EVERY_S = 10.0
# After a reading others of the same moment follow; more often than this a site is not looked at.
LEAST_BETWEEN_S = 0.5
# New sites are found, and those that are gone let go, so often.
LOOK_FOR_SITES_S = 10.0


class ControlLoop:
    """One thread for all sites of the service. `told` is called with each site that has new setpoints in the outbox."""

    def __init__(
        self, ports: Ports, live: LiveReadings, told: Callable[[SiteKey], None], figures: PlanningFigures
    ) -> None:
        self._ports, self._live, self._on_told = ports, live, told
        self._clock = ports.clock
        self._asked: SimpleQueue[tuple[SiteKey, frozenset[str] | None]] = SimpleQueue()
        self._sites: dict[SiteKey, SiteDispatch] = {}
        self._figures, self._rungs = figures, dict[SiteKey, Rung]()
        self._holder_id, self._leases = ports.ids.new_id(), dict[str, ControlLease]()
        self._next_s: dict[SiteKey, float] = {}
        self._last_s: dict[SiteKey, float] = {}
        self._look_s = 0.0
        self._stop = Event()
        live.listen(lambda key, assets: self._asked.put((key, assets)))
        self._end_listening = ports.channel.listen(self._heard)
        self._thread = Thread(target=self._run, name="control", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the tick that runs; the setpoints in force end by themselves."""
        self._end_listening()
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        for lease in self._leases.values():
            guarded(
                partial(self._ports.control_leases.give_back, lease, self._ports.clock.now()), "give back"
            )

    def _heard(self, event: SiteEvent) -> None:
        if event.kind == "plan_made":
            self._asked.put(((event.partner_id, event.site_id), None))

    def _run(self) -> None:
        while not self._stop.is_set():
            now_s = self._clock.monotonic_s()
            if now_s >= self._look_s:
                self._look_s = now_s + LOOK_FOR_SITES_S
                guarded(self._look_for_sites, "look for sites")
            for key in [key for key, due_s in self._next_s.items() if due_s <= self._clock.monotonic_s()]:
                self._tick(key)
            self._wait()

    def _look_for_sites(self) -> None:
        active = {
            (record.partner_id, record.site_id)
            for partner in self._ports.partners.list_all()
            if self._holds(partner.partner_id)
            for record in sites_of(partner.partner_id, self._ports)
            if record.document.get("active")
        }
        for key in active - self._next_s.keys():
            self._next_s[key] = 0.0
        for key in self._next_s.keys() - active:
            self._forget(key)
        self._figures.stand(self._rungs.values())

    def _holds(self, partner_id: str) -> bool:
        """Take or renew the lease of a partner; who loses it forgets its sites, and books them anew when it is back."""
        now, before = self._ports.clock.now(), self._leases.get(partner_id)
        taken = self._ports.control_leases.take(partner_id, self._holder_id, now, now + CONTROL_LEASE)
        if taken is None:
            self._leases.pop(partner_id, None)
        else:
            self._leases[partner_id] = taken
        if before is not None and taken != before:
            log.warning("the control of a partner's sites was lost", partner_id=partner_id)
            for key in [key for key in self._next_s if key[0] == partner_id]:
                self._forget(key)
        return taken is not None

    def _tick(self, key: SiteKey) -> None:
        now_s = self._clock.monotonic_s()
        self._last_s[key], self._next_s[key] = now_s, now_s + EVERY_S
        # After a failure the setpoints in force end by themselves, and it is tried again.
        lease = self._leases.get(key[0])
        outcome = guarded(lambda: self._site(key).tick(lease), "control", partner_id=key[0], site_id=key[1])
        if isinstance(outcome, Dispatched):
            self._rungs[key] = outcome.standing.rung
            if outcome.setpoint_count:
                self._on_told(key)
        if isinstance(outcome, NotControlled | LeaseLost):
            self._forget_site(key)

    def _site(self, key: SiteKey) -> SiteDispatch:
        if key not in self._sites:
            self._sites[key] = SiteDispatch(key, ports=self._ports, live=self._live)
        return self._sites[key]

    def _forget(self, key: SiteKey) -> None:
        self._forget_site(key)
        self._next_s.pop(key, None)
        self._last_s.pop(key, None)

    def _forget_site(self, key: SiteKey) -> None:
        self._rungs.pop(key, None)
        site = self._sites.pop(key, None)
        if site is not None:
            site.close()

    def _wait(self) -> None:
        """Until a site is due or asked for; who is asked for is due when its last tick is not too near."""
        wait_s = min([self._look_s, *self._next_s.values()]) - self._clock.monotonic_s()
        try:
            asked = self._asked.get(timeout=self._clock.waiting_s(min(max(wait_s, 0.0), LEAST_BETWEEN_S)))
            while True:
                self._bring_forward(*asked)
                asked = self._asked.get_nowait()
        except Empty:
            return

    def _bring_forward(self, key: SiteKey, assets: frozenset[str] | None) -> None:
        """A site whose meters say something new, or that has a new plan (no assets), is looked at soon."""
        site = self._sites.get(key)
        if site is None or (assets is not None and site.meters.isdisjoint(assets)):
            return
        if assets is None:
            site.read_again()
        self._next_s[key] = min(self._next_s[key], self._last_s.get(key, 0.0) + LEAST_BETWEEN_S)
