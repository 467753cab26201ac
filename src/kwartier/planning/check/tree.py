"""The electrical tree, walked here by names: which collector feeds which, and through which phases."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kwartier.planning.check.grid import FloatArray
from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.site.collector import Collector

# "three-wire 3x230 V": a line voltage between these without a phase voltage (decided in the site document).
THREE_WIRE_V = (200.0, 260.0)
LINES = ("L1", "L2", "L3")
NEXT = {"L1": "L2", "L2": "L3", "L3": "L1"}
PREVIOUS = {"L2": "L1", "L3": "L2", "L1": "L3"}

# Unity power factor: the load between lines i-1 and i draws from line i at -60 degrees to the one between i and i+1.
PREVIOUS_PAIR = np.exp(-1j * np.pi / 3)


@dataclass(frozen=True)
class Node:
    """One collector.

    `voltage_v` is what a single-phase load sees: phase to neutral, or line to line on a three-wire network, where
    phase "L1" of this class means the pair L1-L2 (L2: L2-L3, L3: L3-L1). `parent_phase` renames each to the parent's.
    """

    name: str
    parent: str | None
    phases: tuple[str, ...]
    parent_phase: dict[str, str]
    limit_a: float
    voltage_v: float
    three_wire: bool

    @property
    def has_lines_of_pairs(self) -> bool:
        """Whether the limited line currents are phasor sums of two pairs."""
        return self.three_wire and len(self.phases) == 3

    def line_currents_a(self, pair_current_a: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """What flows in each line: signed per phase; on a three-wire network the magnitude of the phasor sum."""
        if self.has_lines_of_pairs:
            return {
                line: np.abs(pair_current_a[line] + pair_current_a[PREVIOUS[line]] * PREVIOUS_PAIR)
                for line in LINES
            }
        if self.three_wire:
            return {phase: np.abs(current) for phase, current in pair_current_a.items()}
        return pair_current_a


@dataclass(frozen=True)
class Network:
    """All collectors of a site by name."""

    nodes: dict[str, Node]

    @property
    def roots(self) -> list[str]:
        """The grid connections: collectors that hang below none."""
        return [name for name, node in self.nodes.items() if node.parent is None]

    def climb(self, collector: str, phase: str) -> Iterator[tuple[str, str]]:
        """A collector's phase, and the phase it is on each collector above, up to the root."""
        node = self.nodes[collector]
        while True:
            yield node.name, phase
            if node.parent is None:
                return
            phase = node.parent_phase[phase]
            node = self.nodes[node.parent]


def build_network(collectors: list[Collector]) -> Network:
    """The tree of a site. Raises UnusableRequestError for one that is none: a cycle, two parents, a missing name."""
    by_name: dict[str, Collector] = {}
    parent_of: dict[str, str] = {}
    for collector in collectors:
        _read(collector, by_name, parent_of)
    nodes: dict[str, Node] = {}
    for name in by_name:
        _place(name, by_name, parent_of, nodes)
    if missing := set(parent_of) - set(by_name):
        raise UnusableRequestError(f"collectors {sorted(missing)} are named as children and exist nowhere")
    return Network(nodes)


def _read(collector: Collector, by_name: dict[str, Collector], parent_of: dict[str, str]) -> None:
    if collector.name in by_name:
        raise UnusableRequestError(f"two collectors are named {collector.name!r}")
    by_name[collector.name] = collector
    for child in collector.children or []:
        if child is None:
            continue
        name = child if isinstance(child, str) else child.name
        if name in parent_of:
            raise UnusableRequestError(f"collector {name!r} has two parents")
        parent_of[name] = collector.name
        if isinstance(child, Collector):
            _read(child, by_name, parent_of)


def _place(
    name: str, by_name: dict[str, Collector], parent_of: dict[str, str], nodes: dict[str, Node]
) -> None:
    """Add a collector's node, those above it first."""
    way_up = [name]
    while way_up[-1] in parent_of:
        above = parent_of[way_up[-1]]
        if above in way_up:
            raise UnusableRequestError(f"collector {name!r} hangs below itself")
        way_up.append(above)
    for each in reversed(way_up):
        if each not in nodes:
            parent = nodes[parent_of[each]] if each in parent_of else None
            nodes[each] = _node(by_name[each], parent)


def _node(collector: Collector, parent: Node | None) -> Node:
    phases = ("L1",) if collector.collector_type == "1P" else LINES
    voltage_v, three_wire = _voltage(collector, parent)
    return Node(
        name=collector.name,
        parent=parent.name if parent else None,
        phases=phases,
        parent_phase=_parent_phases(collector, phases, parent) if parent else {},
        limit_a=float(collector.line_current),
        voltage_v=voltage_v,
        three_wire=three_wire,
    )


def _voltage(collector: Collector, parent: Node | None) -> tuple[float, bool]:
    """Voltage of a single-phase load, and whether the network has three wires, which the root decides for all."""
    low_v, high_v = THREE_WIRE_V
    if collector.phase_voltage is not None:
        own = (float(collector.phase_voltage), False)
    elif collector.line_voltage is None:
        if parent is None:
            raise UnusableRequestError(f"collector {collector.name!r} is a root without a voltage")
        own = (parent.voltage_v, parent.three_wire)
    elif low_v <= collector.line_voltage <= high_v:
        own = (float(collector.line_voltage), True)
    else:
        own = (collector.line_voltage / 3**0.5, False)
    return own if parent is None else (own[0], parent.three_wire)


def _parent_phases(collector: Collector, phases: tuple[str, ...], parent: Node) -> dict[str, str]:
    """What a collector's phases (three-wire: pairs) are called on its parent."""
    renamed = {phase: phase for phase in phases}
    if (permutations := collector.phase_permutations) is not None:
        if len(permutations.child) != len(permutations.parent):
            raise UnusableRequestError(f"collector {collector.name!r}: phase_permutations differ in length")
        renamed |= dict(zip(permutations.child, permutations.parent, strict=True))
    renamed = {phase: renamed[phase] for phase in phases}
    if len(set(renamed.values())) < len(phases) or not set(renamed.values()) <= set(parent.phases):
        raise UnusableRequestError(f"the phases of collector {collector.name!r} do not fit {parent.name!r}")
    if parent.three_wire and len(phases) == 3:
        return {pair: _pair(renamed[pair], renamed[NEXT[pair]]) for pair in phases}
    return renamed


def _pair(line: str, other: str) -> str:
    """The pair between two lines, by its first line in the order L1-L2, L2-L3, L3-L1."""
    return line if NEXT[line] == other else other
