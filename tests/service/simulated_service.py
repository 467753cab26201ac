"""The whole service with sites that live, in one thread and virtual time; one seed draws everything (R52).

Sites measure, tell of cars and obey setpoints as `kwartier.simulation` has them. Between them and the service messages
are lost, late, repeated; a site is cut off in one direction or both; the planner fails; the database is away, or its
disk fails some writes; the clock is wrong; the service dies and begins anew. Then all of that ends, and everything must
be well again by itself.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from kwartier.control.setpoint import Setpoint
from kwartier.service.caller import Caller, Scope
from kwartier.service.dispatching.live_readings import ListeningWriter, LiveReadings
from kwartier.service.dispatching.site_dispatch import SiteDispatch
from kwartier.service.faults import ServiceFault
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ingest_measurements import PendingIngest, ingest_measurements
from kwartier.service.ingest_transaction import ingest_transaction
from kwartier.service.partner import Partner
from kwartier.service.plan_in_turn import due_sites, plan_in_turn
from kwartier.service.ports import Ports
from kwartier.service.ports.transaction_store import MessageKept
from kwartier.simulation.car import Car
from kwartier.simulation.simulated_site import SimulatedSite, SiteState, first_state
from kwartier.simulation.site_step import site_step
from kwartier.site.document import Site
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import Transaction
from kwartier.testing.contracts.examples import a_draft
from kwartier.testing.fakes.clock import FakeClock
from tests.control.sites import four_wire, pole, series
from tests.service.simulated_faults import Faults, FaultyDisk, FaultyPlanner, on_faulty_disk
from tests.services.described import ports_in_memory
from tests.services.ready_site import FIXED

STEP_S = 60.0
BEGIN = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # where the clock of the tests stands
ZONE = ZoneInfo("Europe/Brussels")


@dataclass
class LivingSite:
    """A site: what it is, its state, what its devices were told, and what it still has to say."""

    caller: Caller
    site_id: str
    simulated: SimulatedSite
    state: SiteState
    limit_a: float
    main_w: dict[str, float] = field(default_factory=dict)
    told: dict[str, Setpoint] = field(default_factory=dict)
    unsaid: list[Measurement | Transaction] = field(default_factory=list)
    acknowledged: set[tuple[str, datetime]] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        """Partner and site."""
        return self.caller.partner_id, self.site_id


class SimulatedService:
    """The world of a seed; `run` lets it go on, and the trace says all that happened."""

    def __init__(self, seed: int, site_count: int = 5, *, solves: bool = True) -> None:
        self.dice = Random(seed)
        self.planner, self.disk = FaultyPlanner(solves=solves), FaultyDisk(self.dice)
        in_memory = replace(ports_in_memory(), planner=self.planner, flags=FeatureFlags(control=True))
        self.ports: Ports = on_faulty_disk(in_memory, self.disk)
        self.sites = [self._site(number) for number in range(site_count)]
        self.faults, self.trace = Faults(), hashlib.sha256()
        self.step_count, self.down_steps = 0, 0
        self._boot()

    @property
    def clock(self) -> FakeClock:
        """The service's clock, which may be wrong."""
        assert isinstance(self.ports.clock, FakeClock)
        return self.ports.clock

    @property
    def now(self) -> datetime:
        """The true time."""
        return BEGIN + timedelta(seconds=STEP_S * self.step_count)

    def run(self, minutes: int, *, are_faults: bool) -> Iterator[LivingSite]:
        """Let time pass, a minute a step; each site after each of its steps."""
        for number in range(minutes):
            if number % 5 == 0:
                self._change(
                    Faults.drawn(self.dice, [s.site_id for s in self.sites]) if are_faults else Faults()
                )
            self.step_count += 1
            self.clock.advance(STEP_S)
            for site in self.sites:
                self._live(site)
            self._serve()
            yield from self.sites

    def _change(self, faults: Faults) -> None:
        self.clock.jump(faults.clock_error_s - self.faults.clock_error_s)
        self.faults, self.planner.mode = faults, faults.planner
        self.disk.ratio = faults.failing_write_ratio
        self.down_steps = faults.dies_for_steps

    def _site(self, number: int) -> LivingSite:
        partner = Partner(f"p{number % 2}", f"Company {number % 2}", BEGIN)
        self.ports.partners.add(partner)
        limit_a = self.dice.choice([25, 32, 40])
        poles = [f"pole_{index}" for index in range(self.dice.randint(1, 3))]
        document = {
            "site_id": f"site-{number}",
            "name": f"Site {number}",
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "country": "BE",
            "active": True,
            "configurations": {
                "site_configuration": {
                    "collector_list": [four_wire("main", limit_a)],
                    "device_list": [*(pole(name) for name in poles), series("house", "load", 10)],
                },
                "optimization_configuration": {"cost_minimization_active": True},
                "contract": FIXED,
            },
        }
        draft = replace(a_draft(partner, f"site-{number}"), document=document)
        assert self.ports.sites.create(draft) is not None
        configuration = Site.model_validate(document).configurations.site_configuration
        assert configuration is not None
        cars = [self._car(number, name) for name in poles]
        simulated = SimulatedSite(configuration, ZONE, lambda _: cars)
        caller = Caller(partner.partner_id, "test", Scope.WRITE)
        return LivingSite(caller, f"site-{number}", simulated, first_state(simulated, BEGIN), limit_a)

    def _car(self, number: int, name: str) -> Car:
        arrival = BEGIN + timedelta(minutes=self.dice.uniform(0.0, 40.0))
        stay = timedelta(hours=self.dice.uniform(1.0, 8.0))
        wanted_wh = self.dice.uniform(2_000.0, 30_000.0)
        return Car(f"car-{number}-{name}", name, arrival, arrival + stay, wanted_wh, 11_040.0, 3)

    def _boot(self) -> None:
        """A service that has just started: nothing of its memory is left."""
        self.live = LiveReadings(self.clock)
        self.writer = ListeningWriter(self.ports.measurement_writer, self.live)
        self.dispatches = {
            site.key: SiteDispatch(site.key, ports=self.ports, live=self.live) for site in self.sites
        }

    def _live(self, site: LivingSite) -> None:
        """A step of a site, and what it has to say of it."""
        done = site_step(site.simulated, site.state, self.now, site.told)
        site.state = done.state
        site.unsaid += [*done.measurements, *done.transactions]
        pins = next(one.pins for one in done.measurements if one.asset_id == "main") or {}
        site.main_w = {phase: pin.power_value or 0.0 for phase, pin in pins.items()}
        self._trace(site.site_id, site.main_w)

    def _serve(self) -> None:
        """What the service does in this step, where it is there."""
        if self.down_steps:
            self.down_steps -= 1
            if not self.down_steps:
                self._boot()
            return
        for site in self.sites:
            self._hear(site)
        if self.faults.is_store_away:
            return
        for due in list(due_sites(self.clock.now(), ports=self.ports)):
            self._try("planned", partial(plan_in_turn, due, ports=self.ports))
        for site in self.sites:
            self._try("controlled", self.dispatches[site.key].tick)
            self._try("told", partial(self._tell, site))

    def _try(self, job: str, work: Callable[[], object]) -> None:
        """A piece of the service's work; one that fails is put off, as the service's own threads do."""
        try:
            self._trace(job, type(work()).__name__)
        except ServiceFault as fault:
            self._trace(job, type(fault).__name__)

    def _hear(self, site: LivingSite) -> None:
        """What arrives of what a site has to say; the rest is said again, in whatever order, once or more often."""
        if self.faults.is_store_away or not self.faults.is_heard(site.site_id):
            return
        said = list(site.unsaid)
        self.dice.shuffle(said)
        for message in said:
            if self.dice.random() < self.faults.loss_ratio:
                continue
            self._take(site, message)
            if self.dice.random() < self.faults.repeat_ratio:
                self._take(site, message)

    def _take(self, site: LivingSite, message: Measurement | Transaction) -> None:
        """Take a message in; what is not acknowledged the site says again."""
        try:
            is_kept = self._is_kept(site, message)
        except ServiceFault:
            return
        if is_kept and message in site.unsaid:
            site.unsaid.remove(message)

    def _is_kept(self, site: LivingSite, message: Measurement | Transaction) -> bool:
        if isinstance(message, Transaction):
            kept = ingest_transaction(
                site.caller,
                site.site_id,
                message,
                transactions=self.ports.transactions,
                turns=self.ports.turns,
                clock=self.clock,
            )
            return isinstance(kept, MessageKept)
        pending = ingest_measurements(
            site.caller, [(site.site_id, message)], writer=self.writer, clock=self.clock
        )
        assert isinstance(pending, PendingIngest)
        is_kept = pending.outcomes()[0] in ("stored", "unchanged")
        if is_kept:
            site.acknowledged.add((message.asset_id, message.timestamp))
        return is_kept

    def _tell(self, site: LivingSite) -> None:
        """The broker: what waits goes out when it is its time, and waits where it does not arrive."""
        if not self.faults.is_told(site.site_id):
            return
        now, arrived = self.clock.now(), []
        for message in self.ports.outbox.list_waiting(*site.key):
            if not message.send_at <= now < message.not_after or self.dice.random() < self.faults.loss_ratio:
                continue
            arrived.append(message)
            if message.subject.kind == "setpoint":
                setpoint = Setpoint.model_validate_json(message.payload)
                assert setpoint.asset_id == message.subject.asset_id
                site.told[setpoint.asset_id] = setpoint
        self.ports.outbox.settle(site.caller.partner_id, arrived)
        # A plan tells how long it took to solve; a setpoint nothing but what is to be done.
        said = [one.payload for one in arrived if one.subject.kind == "setpoint"]
        self._trace(site.site_id, len(arrived), said)

    def _trace(self, *said: object) -> None:
        self.trace.update(repr(said).encode())
