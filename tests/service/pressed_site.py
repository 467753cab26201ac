"""A controlled site under pressure: cars that could take four times what its peak leaves, and a load that jumps.

Its peak is the grid operator's, of all phases together, or with a price of its own that of each phase.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kwartier.control.planned_peak import planned_peaks
from kwartier.service.caller import Caller, Scope
from kwartier.service.dispatching.live_readings import ListeningWriter, LiveReadings
from kwartier.service.dispatching.site_dispatch import SiteDispatch
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.keep_prices import PricesKept, SentPrices, keep_prices
from kwartier.service.measurement_row import measurement_row
from kwartier.service.plan_in_turn import due_sites, plan_in_turn
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.site.measurement import Measurement, PinName, PinReading
from kwartier.tariffs.day_ahead.market_day import day_start, market_day_of
from kwartier.testing.contracts.examples import a_draft
from tests.control.sites import PHASES, PINS, Json, four_wire, pole, series
from tests.service.test_plan_in_turn import ALPHA, clock_of
from tests.services.described import ports_in_memory
from tests.services.site_data import a_car, measured

KEY = ("alpha", "hall")
CALLER = Caller("alpha", "alpha.one", Scope.WRITE)
POLES = [f"pole_{number}" for number in range(4)]
STEP_S = 5.0
# The month's peak so far, which costs nothing more, and the load in it.
PEAK_W, LOAD_W = 20_000.0, 6_000.0
DOCUMENT: Json = {
    "site_id": "hall",
    "name": "Hall",
    "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
    "country": "BE",
    "active": True,
    "configurations": {
        "site_configuration": {
            "collector_list": [four_wire("main", 160)],
            "device_list": [*(pole(name) for name in POLES), series("house", "load", 40)],
        },
        "optimization_configuration": {
            "cost_minimization_active": True,
            "peak_minimization": {"active": True},
        },
        "contract": {"contract_type": "dynamic"},
        "dso": {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"},
    },
}


@dataclass(frozen=True)
class PressedQuarter:
    """A quarter-hour: the peak that its first plan counted on, and what it came to, W; of the phases one by one too."""

    planned_w: float
    reached_w: float
    planned_w_by_phase: dict[str, float] = field(default_factory=dict)
    reached_w_by_phase: dict[str, float] = field(default_factory=dict)


@dataclass
class PressedSite:
    """The site; `load_w` is its load so many seconds after a quarter-hour's begin, `jumps_on` where it exceeds LOAD_W.

    With a `peak_price` of its own each phase's peak counts.
    """

    load_w: Callable[[float], float]
    jumps_on: Sequence[str] = tuple(PHASES)
    peak_price: float | None = None
    charged_wh: dict[str, float] = field(default_factory=lambda: dict.fromkeys(POLES, 0.0))

    def __post_init__(self) -> None:
        self.ports = replace(ports_in_memory(), flags=FeatureFlags(control=True))
        self.ports.partners.add(ALPHA)
        document = deepcopy(DOCUMENT)
        document["configurations"]["optimization_configuration"]["peak_minimization"]["peak_price"] = (
            self.peak_price
        )
        assert self.ports.sites.create(replace(a_draft(ALPHA, "hall"), document=document)) is not None
        self.clock = clock_of(self.ports)
        self.live = LiveReadings(self.clock)
        self.writer = ListeningWriter(self.ports.measurement_writer, self.live)
        self.dispatch = SiteDispatch(KEY, ports=self.ports, live=self.live)
        self._keep_prices()
        now = self.clock.now()
        measured(self.ports, *KEY, now, power_w={"main": PEAK_W, "house": LOAD_W})
        for name in POLES:
            car = a_car(now, asset_id=name, transaction_id=f"tx-{name}", requested_energy=20_000.0)
            self.ports.transactions.keep(*KEY, car, now)

    def _keep_prices(self) -> None:
        """Two cheap hours, and dear ones after them: every plan fills the quarter-hours of the first to their peak."""
        now = self.clock.now()
        first = day_start(market_day_of(now) - timedelta(days=1))
        last = day_start(market_day_of(now) + timedelta(days=2))
        count = int((last - first) / timedelta(minutes=15))
        is_cheap = [
            0 <= (first + number * timedelta(minutes=15) - now).total_seconds() < 7_200
            for number in range(count)
        ]
        eur_per_mwh = [20.0 if cheap else 200.0 for cheap in is_cheap]
        sent = SentPrices(first, "PT15M", eur_per_mwh, None, "made up")
        assert isinstance(
            keep_prices(CALLER, "BE", sent, prices=self.ports.prices, clock=self.clock), PricesKept
        )

    def quarters(self, count: int) -> Iterator[PressedQuarter]:
        """Let quarter-hours pass, and look at each."""
        for _ in range(count):
            planned_w, at_s = dict[str | None, float](), 0.0
            used_wh = dict.fromkeys(PHASES, 0.0)
            while at_s < 900.0:
                for phase, power_w in self._step(at_s).items():
                    used_wh[phase] += power_w * STEP_S / 3600.0
                at_s += STEP_S
                planned_w = planned_w or self._planned_w()
            by_phase = {phase: highest_w for phase, highest_w in planned_w.items() if phase is not None}
            yield PressedQuarter(
                planned_w.get(None, sum(by_phase.values())),
                sum(used_wh.values()) / 0.25,
                by_phase,
                {phase: energy_wh / 0.25 for phase, energy_wh in used_wh.items()},
            )

    def _planned_w(self) -> dict[str | None, float]:
        record = self.ports.plans.in_force(*KEY, self.clock.now())
        if record is None:
            return {}
        return {one.phase: one.highest_w for one in planned_peaks(record.request, record.plan)}

    def _step(self, at_s: float) -> dict[str, float]:
        """Some seconds: what flows, what is told of it, what the service does; what flowed on each phase, W."""
        power_w = {name: dict.fromkeys(PHASES, self._car_w(name) / 3.0) for name in POLES}
        house_w = dict.fromkeys(PHASES, LOAD_W / 3.0)
        for phase in self.jumps_on:
            house_w[phase] += (self.load_w(at_s) - LOAD_W) / len(self.jumps_on)
        power_w["house"] = house_w
        power_w["main"] = {phase: sum(one[phase] for one in power_w.values()) for phase in PHASES}
        self.clock.advance(STEP_S)
        for name in POLES:
            self.charged_wh[name] += sum(power_w[name].values()) * STEP_S / 3600.0
        for name, values_w in power_w.items():
            self._measure(name, list(values_w.values()))
        self._plan()
        self.dispatch.tick()
        return power_w["main"]

    def _car_w(self, name: str) -> float:
        """A car takes what it is told, until it is full."""
        standing = self.ports.standings.get(*KEY)
        told = {one.asset_id: one for one in standing.setpoints} if standing is not None else {}
        current_a = (told[name].max_current or 0.0) if name in told else 0.0
        return current_a * 690.0 if self.charged_wh[name] < 20_000.0 else 0.0

    def _plan(self) -> None:
        for due in list(due_sites(self.clock.now(), ports=self.ports)):
            plan_in_turn(due, ports=self.ports)
            self.dispatch.read_again()

    def _measure(self, name: str, power_w: list[float]) -> None:
        names: list[PinName] = PINS if name in POLES else PHASES  # type: ignore[assignment]
        pins = {
            one: PinReading(current_value=value_w / 230.0, power_value=value_w)
            for one, value_w in zip(names, power_w, strict=True)
        }
        reading = Measurement(
            asset_id=name,
            timestamp=self.clock.now(),
            energy_value=0.0,
            power_value=sum(power_w),
            pins=pins,
        )
        row = measurement_row(*KEY, reading, int(self.clock.now().timestamp() * 1e6))
        assert not isinstance(self.writer.submit([row]), QueueFull)
