"""How each controlled device loads each line of a site: worked out once per site document, used in every tick.

A *line* is one phase of one collector, or one conductor of a three-wire collector. An ampere of a device adds a fixed
complex current to it (docs/decisions/0003, "Voltage and current"): on four wires 1 on the phases of its pins, on three
wires the sum over the two pairs that meet in the conductor, 60 degrees apart.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from kwartier.control.fallback_share import LEAST_CURRENT_A, FallbackShare, fallback_share
from kwartier.site.devices import (
    BatteryEnergyStorageSystem,
    ChargingPole3Phase,
    DcChargingPole,
    ForecastedSeries3Phase,
)
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import SQRT3, Board, ElectricalTree, electrical_tree
from kwartier.units.phase import PhaseName

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

# At unity power factor the load of the pair before draws from a conductor 60 degrees behind the pair that begins there.
PREVIOUS_PAIR = complex(np.exp(-1j * np.pi / 3))
THREE_PINS_IN_A_DELTA = 1.0 / SQRT3

# Decided (contract.md, section 5): at most 5 min ahead, per site 1 to 30 min.
VALID_FOR_S, SHORTEST_VALIDITY_S, LONGEST_VALIDITY_S = 300.0, 60.0, 1800.0

Kind = Literal["ac", "dc", "battery"]
Controlled = ChargingPole3Phase | DcChargingPole | BatteryEnergyStorageSystem


@dataclass(frozen=True)
class Line:
    """One phase (or conductor) of a collector: its limit in both directions, A."""

    board: str
    phase: PhaseName
    limit_a: float
    is_conductor_of_pairs: bool


@dataclass(frozen=True)
class ControlledDevice:
    """A pole or battery with its bounds, A per pin; those of a DC pole or battery as a balanced load's.

    `lowest_a` is below zero for a battery that may discharge. `least_a` is the smallest current that is not zero.
    `phasor_weight` says what 1 A on each pin alone adds to each line of the site, shape (lines, pins); `voltage_v` is
    that of a single-phase load at its collector.
    """

    name: str
    board: str
    kind: Kind
    pins: tuple[str, ...]
    rating_a: float
    least_a: float
    lowest_a: float
    fallback_a: float
    voltage_v: float
    is_three_wire: bool
    phasor_weight: ComplexArray

    def weight(self, pins: frozenset[str] | None) -> FloatArray:
        """The size of what 1 A per pin adds to each line, shape (lines,); of unknown pins the largest."""
        if pins is None:
            return self._weight_of_all
        known = self._weight_by_pins.get(pins)
        if known is None:
            known = self._weight_by_pins.setdefault(pins, self._weight(pins))
        return known

    def watts_per_ampere(self, pins: frozenset[str] | None) -> float:
        """Power of 1 A per pin; of unknown pins the largest."""
        used = {*self.pins} if pins is None else {*self.pins} & pins
        if self.kind == "ac" and pins is None and self.is_three_wire and len(used) == 3:
            return (
                2.0 * self.voltage_v
            )  # two pins are two loads of V x I, three together take sqrt(3) x V x I
        return self.voltage_v * len(used) * self._pair_share(len(used))

    @cached_property
    def _weight_by_pins(self) -> dict[frozenset[str], FloatArray]:
        """What was asked for before: a car's pins do not change."""
        return {}

    @cached_property
    def _weight_of_all(self) -> FloatArray:
        counts = range(1, len(self.pins) + 1) if self.kind == "ac" else (len(self.pins),)
        subsets = [frozenset(some) for count in counts for some in combinations(self.pins, count)]
        return np.asarray(np.max([self._weight(some) for some in subsets], axis=0))

    def phasor_weights(self, pins: frozenset[str]) -> ComplexArray:
        """What 1 A on each of these pins adds to each line together, shape (lines,)."""
        columns = [index for index, pin in enumerate(self.pins) if pin in pins]
        return np.asarray(self.phasor_weight[:, columns].sum(axis=1) * self._pair_share(len(columns)))

    def _weight(self, pins: frozenset[str]) -> FloatArray:
        return np.asarray(np.abs(self.phasor_weights(pins)))

    def _pair_share(self, pin_count: int) -> float:
        return THREE_PINS_IN_A_DELTA if self.is_three_wire and pin_count == 3 else 1.0


@dataclass(frozen=True)
class Uncontrolled:
    """A series: what 1 A on each of its phases adds to each line, and between which currents each phase lies, A."""

    name: str
    board: str
    low_a: float
    high_a: float
    voltage_v: float
    phasor_weight: ComplexArray


@dataclass(frozen=True)
class ControlSite:
    """A site as the control sees it. All arrays over lines are in the order of `lines`."""

    configuration: SiteConfiguration
    tree: ElectricalTree
    lines: tuple[Line, ...]
    devices: tuple[ControlledDevice, ...]
    uncontrolled: tuple[Uncontrolled, ...]
    fallback: FallbackShare
    valid_for_s: float

    @property
    def renewed_after_s(self) -> float:
        """Setpoints are renewed each minute (contract.md, section 5), five times in a shorter validity."""
        return min(60.0, self.valid_for_s / 5.0)

    @property
    def sign_of_life_s(self) -> float:
        """A device that has measured or acknowledged nothing for two renewals is out of reach."""
        return 2.0 * self.renewed_after_s

    @cached_property
    def limit_a(self) -> FloatArray:
        """The limit of each line, A."""
        return np.array([line.limit_a for line in self.lines])

    @cached_property
    def uncontrolled_high_a(self) -> FloatArray:
        """The most that the uncontrollable load can draw from each line, counted as if all were in phase, A."""
        return self._sum_of_series([max(0.0, one.high_a) for one in self.uncontrolled])

    @cached_property
    def uncontrolled_low_a(self) -> FloatArray:
        """The most that the site's own production can feed into each line, A, zero or negative."""
        return -self._sum_of_series([max(0.0, -one.low_a) for one in self.uncontrolled])

    @cached_property
    def boards_above(self) -> dict[str, frozenset[str]]:
        """The collectors from each one up to its root, itself included."""
        return {
            name: frozenset(board.name for board in self.tree.path_to_root(name)) for name in self.tree.boards
        }

    def _sum_of_series(self, sizes_a: list[float]) -> FloatArray:
        total = np.zeros(len(self.lines))
        for one, size_a in zip(self.uncontrolled, sizes_a, strict=True):
            total += size_a * np.abs(one.phasor_weight).sum(axis=1)
        return total


def control_site(configuration: SiteConfiguration, valid_for_s: float = VALID_FOR_S) -> ControlSite:
    """The control's view of a site configuration without ERROR findings; setpoints hold for so long, 60 to 1800 s."""
    if not SHORTEST_VALIDITY_S <= valid_for_s <= LONGEST_VALIDITY_S:
        raise ValueError(f"valid_for_s = {valid_for_s}: a setpoint holds for 60 to 1800 s")
    tree = electrical_tree(configuration)
    share = fallback_share(configuration)
    lines = tuple(
        Line(board.name, phase, board.limit_a, board.three_wire and not board.single_phase)
        for board in tree.boards.values()
        for phase in board.phases
    )
    devices = tuple(
        _controlled(device, tree, lines, share)
        for device in configuration.device_list
        if isinstance(device, ChargingPole3Phase | DcChargingPole | BatteryEnergyStorageSystem)
    )
    series = tuple(
        _series(device, tree, lines)
        for device in configuration.device_list
        if isinstance(device, ForecastedSeries3Phase)
    )
    return ControlSite(configuration, tree, lines, devices, series, share, valid_for_s)


def _controlled(
    device: Controlled, tree: ElectricalTree, lines: tuple[Line, ...], share: FallbackShare
) -> ControlledDevice:
    board = tree.boards[device.collector]
    pins, phases = _pins_of(device, board)
    # A balanced power of 1 A per pin: three times the phase voltage, on one phase once.
    watts_per_ampere = board.voltage_v * len(phases) / (SQRT3 if board.three_wire and len(phases) == 3 else 1)
    lowest_a = 0.0
    if isinstance(device, ChargingPole3Phase):
        kind: Kind = "ac"
        rating_a, least_a, fallback_a = (
            float(device.line_current),
            LEAST_CURRENT_A,
            share.pin_current_a(device),
        )
    elif isinstance(device, DcChargingPole):
        kind, least_a = "dc", 0.0
        rating_a = device.max_power / watts_per_ampere
        fallback_a = share.power_w_by_pole[device.name] / watts_per_ampere
    else:
        kind, least_a, fallback_a = "battery", 0.0, 0.0
        rating_a = device.maximum_charging_power / watts_per_ampere
        lowest_a = -device.maximum_discharging_power / watts_per_ampere
    return ControlledDevice(
        name=device.name,
        board=board.name,
        kind=kind,
        pins=pins,
        rating_a=rating_a,
        least_a=least_a,
        lowest_a=lowest_a,
        fallback_a=fallback_a,
        voltage_v=board.voltage_v,
        is_three_wire=board.three_wire,
        phasor_weight=_phasors(board, phases, tree, lines),
    )


def _pins_of(device: Controlled, board: Board) -> tuple[tuple[str, ...], tuple[PhaseName, ...]]:
    """The pins of a device and the phases of its collector that they hang on; a balanced load's pins are the phases."""
    if not isinstance(device, ChargingPole3Phase):
        return board.phases, board.phases
    mapping = device.pin_to_phase_mapping
    name_of: dict[str, PhaseName] = {phase: phase for phase in board.phases}
    return tuple(mapping.pin_list), tuple(name_of[phase] for phase in mapping.phase_list)


def _series(device: ForecastedSeries3Phase, tree: ElectricalTree, lines: tuple[Line, ...]) -> Uncontrolled:
    board = tree.boards[device.collector]
    size_a = float(device.line_current)
    low_a, high_a = (0.0, size_a) if device.forecast_type == "load" else (-size_a, 0.0)
    phasor_weight = _phasors(board, board.phases, tree, lines)
    return Uncontrolled(device.name, board.name, low_a, high_a, board.voltage_v, phasor_weight)


def _phasors(
    board: Board, phases: tuple[PhaseName, ...], tree: ElectricalTree, lines: tuple[Line, ...]
) -> ComplexArray:
    """What 1 A on each of some phases (three-wire: pairs) of a collector adds to each line, shape (lines, phases)."""
    above = {one.name: one for one in tree.path_to_root(board.name)}
    table = np.zeros((len(lines), len(phases)), dtype=np.complex128)
    for column, phase in enumerate(phases):
        point = board.root_phase_index[phase]
        for row, line in enumerate(lines):
            if line.board in above:
                table[row, column] = _share_of(above[line.board], line, point)
    return table


def _share_of(board: Board, line: Line, point: int) -> complex:
    """What 1 A at a point of the root adds to a line of a board on its way up."""
    if not line.is_conductor_of_pairs:
        return 1.0 if board.root_phase_index[line.phase] == point else 0.0
    conductor = board.root_line_index[line.phase]
    if conductor == point:
        return 1.0
    return PREVIOUS_PAIR if (conductor - 1) % 3 == point else 0.0
