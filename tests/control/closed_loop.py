"""A site in virtual time, second by second: devices that obey, lose messages, ramp, reboot or disobey, and a load.

Deterministic: one `random.Random(seed)` draws everything. True currents are counted by the tree and the sums of the
plan's check, which share no code with the control.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np

from kwartier.control.facts import (
    Acknowledgement,
    DeviceReading,
    MeterReading,
    Occupied,
    OperatorFacts,
    PlanInForce,
    QuarterTarget,
    TickFacts,
)
from kwartier.control.memory import TickMemory
from kwartier.control.setpoint import Setpoint
from kwartier.control.tick import tick
from kwartier.control.tick_outcome import TickOutcome
from kwartier.control.wiring import ControlledDevice, ControlSite
from kwartier.planning.check.flow import Flow, PhaseShare, balanced_split, pins_split
from kwartier.planning.check.grid import FloatArray
from kwartier.planning.check.tree import build_network
from kwartier.planning.plan import DevicePlan, Money, Objective, Plan, SolveFacts, Step
from kwartier.site.devices import ChargingPole3Phase
from kwartier.units.phase import PhaseName

START = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
# IEC 61851-1:2017, annex A: a car follows a changed pilot within 5 s; these take 1 to 4 s.
SLOWEST_FOLLOW_S = 4


@dataclass
class SimulatedDevice:
    """A pole with a car, or a battery: what it was told, until when, and what flows, A per pin."""

    device: ControlledDevice
    pins: tuple[str, ...]
    most_a: float
    follow_s: int
    told: Setpoint | None = None
    flows_a: float = 0.0
    pending: list[tuple[int, float]] = field(default_factory=list)
    is_obedient: bool = True

    def hear(self, setpoint: Setpoint) -> None:
        """Take a message that arrived."""
        self.told = setpoint

    def step(self, at: datetime, second: int) -> None:
        """Let what it was told, or the fallback, take effect after the time that the car needs."""
        if not self.is_obedient:
            return
        aim_a = self._aim_a(at)
        if not self.pending or self.pending[-1][1] != aim_a:
            self.pending.append((second + self.follow_s, aim_a))
        while self.pending and self.pending[0][0] <= second:
            self.flows_a = self.pending[0][1]
            if len(self.pending) == 1:
                break
            self.pending.pop(0)

    def _aim_a(self, at: datetime) -> float:
        device = self.device
        if self.told is None or at >= self.told.valid_until:
            said_a = device.fallback_a
        elif device.kind == "ac":
            said_a = self.told.max_current or 0.0
        else:
            said_a = (self.told.power or 0.0) / device.watts_per_ampere(None)
        return min(said_a, self.most_a) if said_a >= device.least_a or said_a < 0 else 0.0


@dataclass
class Loop:
    """A site that lives: `load_a` per series and phase, `delivers(name, second)` whether a message arrives."""

    site: ControlSite
    random: Random
    load_a: dict[str, dict[str, float]]
    devices: dict[str, SimulatedDevice]
    occupied: Mapping[str, Occupied] | None
    plan: PlanInForce | None = None
    jump_a: Mapping[str, Mapping[PhaseName, float]] = field(default_factory=dict)
    loss_ratio: float = 0.0
    unreachable: frozenset[str] = frozenset()
    is_service_up: bool = True
    meters_up: bool = True
    second: int = 0
    seconds_per_step: int = 1
    memory: TickMemory = field(default_factory=TickMemory)
    outcomes: list[TickOutcome] = field(default_factory=list)
    acknowledged: dict[str, Acknowledgement] = field(default_factory=dict)
    in_flight: list[Setpoint] = field(default_factory=list)
    quarter: tuple[QuarterTarget, ...] = ()
    draws_plans: bool = False
    operator: OperatorFacts | None = None
    stop: str | None = None
    wall_offset_s: float = 0.0
    meter_age_s: float = 0.0

    def __post_init__(self) -> None:
        self.network = build_network(self.site.configuration.collector_list)
        self.per_unit: dict[tuple[str, str], FloatArray] = {}

    @property
    def at(self) -> datetime:
        """The true time."""
        return START + timedelta(seconds=self.second)

    def currents_a(self) -> dict[tuple[str, str], float]:
        """The true current of every line, A; sizes on three wires."""
        self.per_unit = self.per_unit or self._per_unit()
        sizes = [self.devices[name].flows_a for name in self.devices]
        sizes += [current_a for series in self.load_a.values() for current_a in series.values()]
        found = {}
        for name, node in self.network.nodes.items():
            flows = {phase: np.atleast_1d(self.per_unit[name, phase] @ sizes) for phase in node.phases}
            for phase, current_a in node.line_currents_a(flows).items():
                found[name, phase] = float(current_a[0])
        return found

    def _per_unit(self) -> dict[tuple[str, str], FloatArray]:
        """What 1 A of each device and of each phase of a series puts on every phase of every collector."""
        units = [self._unit_of(one) for one in self.devices.values()]
        for series in self.site.uncontrolled:
            node = self.network.nodes[series.board]
            units += [(node.name, pins_split(node, (phase,)), 1.0) for phase in self.load_a[series.name]]
        columns = []
        for collector, split, size in units:
            flow = Flow(self.network, 1)
            flow.add(collector, split, np.array([size]))
            columns.append(flow.current_a_by_collector)
        return {
            (name, phase): np.array([float(column[name][phase][0]) for column in columns])
            for name, node in self.network.nodes.items()
            for phase in node.phases
        }

    def _unit_of(self, one: SimulatedDevice) -> tuple[str, dict[str, PhaseShare], float]:
        node = self.network.nodes[one.device.board]
        listed = next(d for d in self.site.configuration.device_list if d.name == one.device.name)
        if not isinstance(listed, ChargingPole3Phase):
            return node.name, balanced_split(node), one.device.watts_per_ampere(None)
        mapping = listed.pin_to_phase_mapping
        by_pin = dict(zip(mapping.pin_list, mapping.phase_list, strict=True))
        return node.name, pins_split(node, tuple(by_pin[pin] for pin in one.pins)), 1.0

    def power_w(self, root: str) -> float:
        """The true power of a root, W."""
        total = sum(d.flows_a * d.device.watts_per_ampere(frozenset(d.pins)) for d in self.devices.values())
        for series in self.site.uncontrolled:
            total += sum(self.load_a[series.name].values()) * series.voltage_v
        assert len(self.site.tree.roots) == 1
        assert root == self.site.tree.roots[0].name
        return total

    def facts(self) -> TickFacts:
        """What the service knows: everything measured at this second, meters aside where they are down."""
        meters, currents_a = {}, self.currents_a()
        if self.meters_up or self.meter_age_s:
            for name, board in self.site.tree.boards.items():
                by_phase = {
                    phase: current_a
                    for (collector, phase), current_a in currents_a.items()
                    if collector == name
                }
                power_w = self.power_w(name) if board.parent is None else None
                meters[name] = MeterReading(self.meter_age_s, by_phase, power_w)  # type: ignore[arg-type]
        return TickFacts(
            at=self.at + timedelta(seconds=self.wall_offset_s),
            clock_s=1000.0 + self.second,
            meters=meters,
            devices={
                name: DeviceReading(0.0, dict.fromkeys(one.pins, one.flows_a), self._device_w(one), 50.0)
                for name, one in self.devices.items()
                if name not in self.unreachable
            },
            occupied=self.occupied,
            acknowledged=dict(self.acknowledged),
            plan=self.plan,
            quarter=self.quarter,
            operator=self.operator,
            jump_a=self.jump_a,
            stop=self.stop,
        )

    def _device_w(self, one: SimulatedDevice) -> float:
        return one.flows_a * one.device.watts_per_ampere(frozenset(one.pins))

    def step(self) -> None:
        """One step, mostly a second: messages arrive, devices act, the service measures and tells."""
        self.second += self.seconds_per_step
        for setpoint in self.in_flight:
            name = setpoint.asset_id
            if name in self.unreachable or self.random.random() < self.loss_ratio:
                continue
            if name in self.devices:
                self.devices[name].hear(setpoint)
            if self.random.random() >= self.loss_ratio:
                self.acknowledged[name] = Acknowledgement(setpoint.valid_from)
        self.in_flight = []
        for one in self.devices.values():
            one.step(self.at, self.second)
        if self.is_service_up:
            if self.draws_plans and self.second % 900 == 1:
                self.plan = random_plan(self.site, self.random, self.at)
            outcome = tick(self.site, self.facts(), self.memory)
            self.memory = outcome.memory
            self.outcomes.append(outcome)
            self.in_flight = list(outcome.to_send)


def living(site: ControlSite, random: Random, *, all_occupied: bool = True) -> Loop:
    """A site with a car at every pole (or at some), nothing flowing yet, and no load."""
    devices, occupied = {}, {}
    for device in site.devices:
        count = random.choice([1, len(device.pins)]) if device.kind == "ac" else len(device.pins)
        if not all_occupied and device.kind != "battery" and random.random() < 0.3:
            continue
        pins = device.pins[:count]
        devices[device.name] = SimulatedDevice(
            device, pins, device.rating_a, random.randint(1, SLOWEST_FOLLOW_S)
        )
        if device.kind != "battery":
            occupied[device.name] = Occupied(f"tx-{device.name}", frozenset(pins))
    load_a: dict[str, dict[str, float]] = {
        one.name: {str(phase): 0.0 for phase in site.tree.boards[one.board].phases}
        for one in site.uncontrolled
    }
    return Loop(site, random, load_a, devices, occupied)


def random_plan(site: ControlSite, random: Random, at: datetime, steps: int = 8) -> PlanInForce:
    """A plan of a site that wants anything of anybody, also far too much: the guard must not trust it."""
    return plan_of(
        site,
        at,
        {
            device.name: [
                random.choice([0.0, device.rating_a, random.uniform(device.lowest_a or 6.0, device.rating_a)])
                for _ in range(steps)
            ]
            for device in site.devices
        },
    )


def plan_of(site: ControlSite, at: datetime, current_a: dict[str, list[float]]) -> PlanInForce:
    """A plan of quarter-hours from the one that `at` lies in, A per pin of each device."""
    begin = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    count = max(len(values) for values in current_a.values())
    devices = {}
    for device in site.devices:
        values = current_a[device.name]
        watts = device.watts_per_ampere(frozenset(device.pins))
        devices[device.name] = DevicePlan(
            power_w=[value * watts for value in values],
            current_a=dict.fromkeys(device.pins, values) if device.kind == "ac" else None,
        )
    plan = Plan(
        plan_id=f"plan of {begin:%H:%M}",
        site_id="depot",
        created_at=at,
        status="optimal",
        steps=[Step(start=begin + timedelta(minutes=15 * number), hours=0.25) for number in range(count)],
        devices=devices,
        collectors={},
        offtake_w=[],
        injection_w=[],
        prices=None,
        money=Money(),
        uncontrolled_money=Money(),
        unserved_wh={},
        limit_violations=[],
        objective=Objective(),
        solve=SolveFacts(),
        warnings=[],
    )
    return PlanInForce(plan, at)
