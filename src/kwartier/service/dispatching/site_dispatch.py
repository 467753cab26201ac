"""Controls one site: each tick looks at what is known now, and tells the devices what to do.

All memory is in the process; one process controls a site at a time. After a start the memory is empty, and the control
begins where that is safe: it books every device at its worst until it hears it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kwartier.control.events import ControlEvent, DeviceDisobeys, DeviceObeysAgain, ReplanWanted
from kwartier.control.facts import Acknowledgement, PlanInForce, TickFacts
from kwartier.control.ladder import CYCLE, GRACE
from kwartier.control.last_safe import carried_on
from kwartier.control.memory import TickMemory, nobody_told
from kwartier.control.planned_peak import PlannedPeak, planned_peaks
from kwartier.control.setpoint import Setpoint
from kwartier.control.tick import tick
from kwartier.control.tick_outcome import TickOutcome
from kwartier.control.wiring import ControlSite, control_site
from kwartier.planning.problem import InvalidRequest
from kwartier.service.announce import announce
from kwartier.service.control_lease import ControlLease
from kwartier.service.dispatching.event_words import event_words
from kwartier.service.dispatching.heard_ages import HeardAges
from kwartier.service.dispatching.live_readings import LiveReading, LiveReadings, SiteKey
from kwartier.service.dispatching.standing import SiteStanding
from kwartier.service.dispatching.tick_facts import Heard, tick_facts
from kwartier.service.gather_site_facts import gather_site_facts
from kwartier.service.make_plan import CYCLE_OPTIONS
from kwartier.service.plan_assembly.assemble import assemble_plan_request
from kwartier.service.plan_messages import setpoint_messages
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_turn import quarter_number
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.read_setpoints import plan_for
from kwartier.service.set_dry_run import is_dry
from kwartier.service.site_record import SiteRecord
from kwartier.site.document import Site
from kwartier.site.transaction import Transaction

# A stored reading is of use to the control when it is at most so old; a start looks no further back.
SEEDED_FROM = timedelta(minutes=20)
# The document, the plan and the cars are read again at most so often, and when somebody says that they changed. The
# operator's limits are read at each tick: they hold with the next command (R24).
READ_EVERY_S = 10.0
# A plan is asked for at most so often because reality has left it.
LEAST_BETWEEN_REPLANS = timedelta(seconds=60)


@dataclass(frozen=True)
class Dispatched:
    """What a tick told: how many setpoints went out, and the rung."""

    setpoint_count: int
    standing: SiteStanding


@dataclass(frozen=True)
class NotControlled:
    """The site is gone, not active, or its document has errors: its devices go to their fallbacks."""


@dataclass(frozen=True)
class LeaseLost:
    """Another process controls the partner's sites: nothing was told."""


@dataclass(frozen=True)
class _Followed:
    """The plan that is followed: whose it is, and the peaks that it counts on."""

    plan_id: str
    quarter: int
    in_force: PlanInForce
    peaks: tuple[PlannedPeak, ...]


class SiteDispatch:
    """One site's control; call `tick` at least every few seconds, from one thread at a time."""

    def __init__(self, key: SiteKey, *, ports: Ports, live: LiveReadings) -> None:
        self._partner_id, self._site_id = key
        self._ports, self._live = ports, live
        self._revision_number = 0
        self._document: Site | None = None
        self._site: ControlSite | None = None
        self._memory = TickMemory()
        self._is_dry = False
        self._running: tuple[Transaction, ...] = ()
        self._read_s: float | None = None
        self._followed: _Followed | None = None
        self._ages = HeardAges()
        self._unsent: tuple[Setpoint, ...] = ()
        self._asked_at: datetime | None = None
        self._wants_plan = False
        self._stood_at: datetime | None = None

    @property
    def meters(self) -> frozenset[str]:
        """The collectors: what one of them measures is looked at within a second."""
        return frozenset() if self._site is None else frozenset(self._site.tree.boards)

    def read_again(self) -> None:
        """The document, the plan or a car has changed: the next tick reads them."""
        self._read_s = None

    def tick(self, lease: ControlLease | None = None) -> Dispatched | NotControlled | LeaseLost:
        """Tell the devices what to do now; what changed is kept, sent and announced.

        With a lease nothing of it goes out where that has gone to another process.
        """
        now, clock_s = self._ports.clock.now(), self._ports.clock.monotonic_s()
        if self._read_s is None or clock_s - self._read_s >= READ_EVERY_S:
            self._read(now)
            self._read_s = clock_s
        if self._site is None:
            return NotControlled()
        facts = self._facts(self._site, now, clock_s)
        outcome = tick(self._site, facts, self._memory)
        self._memory = nobody_told(outcome.memory) if self._is_dry else outcome.memory
        return self._told(outcome, now, lease)

    def _facts(self, site: ControlSite, now: datetime, clock_s: float) -> TickFacts:
        """What is known now, with its age."""
        readings, followed = self._live.of_site((self._partner_id, self._site_id)), self._followed
        operator = self._ports.operator_limits.get(self._partner_id, self._site_id)
        heard = Heard(
            at=now,
            clock_s=clock_s,
            readings=readings,
            running=self._running,
            plan=None if followed is None else followed.in_force,
            peaks=() if followed is None else followed.peaks,
            operator=operator,
        )
        if operator is not None:
            heard = replace(
                heard,
                heartbeat_age_s=self._ages.age_s("heartbeat", operator.heard_at, now, clock_s),
                limits_age_s=self._ages.age_s("limits", operator.limits_at, now, clock_s),
            )
        return replace(tick_facts(site, heard), acknowledged=self._acknowledged(readings))

    def _read(self, now: datetime) -> None:
        """What the store knows of the site; without an active site free of errors there is nothing to control."""
        record = self._ports.sites.get(self._partner_id, self._site_id)
        if record is None or not record.document.get("active"):
            self._revision_number, self._site = 0, None
            self._watch()
            return
        self._understand(record)
        if self._is_dry != (
            now_dry := is_dry(self._partner_id, self._site_id, dry_runs=self._ports.dry_runs)
        ):
            # What the devices were told so far is as unknown as after a start.
            self._is_dry, self._memory = now_dry, TickMemory()
        told = self._ports.transactions.list_running(self._partner_id, self._site_id)
        self._running = tuple(one.latest for one in told if "missing_stop" not in one.irregularities)
        self._followed = self._follow(now)

    def _understand(self, record: SiteRecord) -> None:
        """What is worked out of a document is kept with its revision."""
        if record.revision_number == self._revision_number:
            return
        self._revision_number, self._followed = record.revision_number, None
        site = plannable_site(self._partner_id, self._site_id, sites=self._ports.sites)
        self._document = site if isinstance(site, Site) else None
        configuration = site.configurations.site_configuration if isinstance(site, Site) else None
        self._site = None if configuration is None else control_site(configuration)
        self._watch()

    def close(self) -> None:
        """The site is not controlled any more: nothing of it is kept."""
        self._site = None
        self._watch()

    def _watch(self) -> None:
        """Hear what the control looks at; what was said in the last minutes comes from the store."""
        site, key = self._site, (self._partner_id, self._site_id)
        names = (
            frozenset() if site is None else frozenset(site.tree.boards) | {one.name for one in site.devices}
        )
        roots = frozenset() if site is None else frozenset(root.name for root in site.tree.roots)
        self._live.watch(key, names, phased=roots)
        if names:
            self._seed(names)

    def _seed(self, names: frozenset[str]) -> None:
        partner_id, site_id, archive = self._partner_id, self._site_id, self._ports.measurements
        oldest_us = int((self._ports.clock.now() - SEEDED_FROM).timestamp() * 1e6)
        rows = [
            stored.row
            for asset in archive.list_assets(partner_id, site_id)
            if asset.asset_id in names and asset.last_measured_us >= oldest_us
            for stored in archive.list_after(
                partner_id,
                site_id,
                asset.asset_id,
                Span(asset.last_measured_us, asset.last_measured_us + 1),
                None,
                1,
            )
        ]
        now_us = int(self._ports.clock.now().timestamp() * 1e6)
        self._live.heard([row._replace(received_us=now_us) for row in rows])

    def _follow(self, now: datetime) -> _Followed | None:
        """The plan in force, read once; one too old is carried on where the check allows, once a quarter-hour."""
        record = self._ports.plans.in_force(self._partner_id, self._site_id, now)
        if record is None or self._document is None:
            return None
        is_old = now - record.stored_at > CYCLE + GRACE
        quarter, known = quarter_number(now) if is_old else 0, self._followed
        if known is not None and (known.plan_id, known.quarter) == (record.plan_id, quarter):
            return known
        plan = plan_for(self._document, record)
        if plan is None:
            return None
        decided = PlanInForce(plan, decided_at=record.stored_at)
        if is_old:
            return self._carried_on(_Followed(record.plan_id, quarter, decided, ()), now)
        return _Followed(record.plan_id, quarter, decided, planned_peaks(record.request, plan))

    def _carried_on(self, old: _Followed, now: datetime) -> _Followed | None:
        """An old plan for the present, None where it does not hold any more."""
        assert self._document is not None  # noqa: S101  # the site is known
        at = now.replace(microsecond=0)
        facts = gather_site_facts(self._partner_id, self._document, at, CYCLE_OPTIONS, ports=self._ports)
        request = assemble_plan_request(facts).request
        try:
            carried = carried_on(request, old.in_force)
            if isinstance(carried, PlanInForce):
                return replace(old, in_force=carried, peaks=planned_peaks(request, carried.plan))
        except InvalidRequest:  # the present cannot be planned: the site goes on to the next rung
            return None
        return None

    def _acknowledged(self, readings: Mapping[str, LiveReading]) -> dict[str, Acknowledgement]:
        """A device that was heard since it was told, and draws no more than that, has taken its setpoint."""
        found = {}
        for name, memory in self._memory.devices.items():
            told, reading = memory.newest, readings.get(name)
            if told is None or reading is None or reading.heard_clock_s <= told.sent_clock_s:
                continue
            found[name] = Acknowledgement(told.setpoint.valid_from)
        return found

    def _told(
        self, outcome: TickOutcome, now: datetime, lease: ControlLease | None
    ) -> Dispatched | LeaseLost:
        standing = SiteStanding(now, outcome.rung, outcome.reason, outcome.in_force)
        self._unsent = () if self._is_dry else self._still_to_send(outcome, now)
        if self._unsent or outcome.to_send:
            self._stood_at = None  # to be told anew, also where storing fails
        if self._unsent:
            messages = setpoint_messages(self._partner_id, self._site_id, self._unsent, now)
            is_held = self._ports.outbox.post(self._partner_id, messages, lease)
            self._unsent = ()
            if not is_held:
                return LeaseLost()
        if self._stood_at is None or now - self._stood_at >= timedelta(seconds=60):
            self._ports.standings.keep(self._partner_id, self._site_id, standing)
            self._stood_at = now
        for event in outcome.events:
            self._announce(event, now)
        if self._wants_plan:
            # Where the database is away, the next tick asks again.
            self._ports.turns.ask(self._partner_id, self._site_id, now)
            self._asked_at, self._wants_plan = now, False
        return Dispatched(0 if self._is_dry else len(outcome.to_send), standing)

    def _still_to_send(self, outcome: TickOutcome, now: datetime) -> tuple[Setpoint, ...]:
        """What this tick says, and what an earlier one could not store: the control counts on both as sent."""
        newer = {one.asset_id for one in outcome.to_send}
        left = (one for one in self._unsent if one.asset_id not in newer and one.valid_until > now)
        return (*left, *outcome.to_send)

    def _announce(self, event: ControlEvent, now: datetime) -> None:
        if isinstance(event, ReplanWanted):
            self._wants_plan = self._asked_at is None or now - self._asked_at >= LEAST_BETWEEN_REPLANS
            return
        if self._is_dry and isinstance(event, DeviceDisobeys | DeviceObeysAgain):
            return  # it was told nothing
        kind, content = event_words(event)
        announce(
            self._partner_id,
            self._site_id,
            kind,
            now,
            content,
            log=self._ports.events,
            channel=self._ports.channel,
        )
