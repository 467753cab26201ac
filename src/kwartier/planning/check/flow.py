"""Currents and powers summed up the tree: what flows through each phase of each collector."""

from dataclasses import dataclass

import numpy as np

from kwartier.planning.check.grid import FloatArray
from kwartier.planning.check.tree import Network, Node


@dataclass(frozen=True)
class PhaseShare:
    """What one unit of a load (1 A per pin, or 1 W) puts on one phase."""

    current_a: float
    power_w: float


def pins_split(node: Node, phases: tuple[str, ...]) -> dict[str, PhaseShare]:
    """What 1 A on each of these phases' pins puts on the phases (three-wire: pairs) of a collector.

    Three pins on a three-wire network take sqrt(3) x V x I together, which is I / sqrt(3) in each pair.
    """
    current_a = 1 / 3**0.5 if node.three_wire and len(phases) == 3 else 1.0
    return {phase: PhaseShare(current_a, current_a * node.voltage_v) for phase in phases}


def balanced_split(node: Node) -> dict[str, PhaseShare]:
    """What 1 W, spread evenly, puts on the phases (three-wire: pairs) of a collector."""
    power_w = 1 / len(node.phases)
    return {phase: PhaseShare(power_w / node.voltage_v, power_w) for phase in node.phases}


class Flow:
    """Current (A) and power (W) in each phase (three-wire: pair) of each collector, with all that hangs below it."""

    def __init__(self, network: Network, step_count: int) -> None:
        self.network = network
        self.current_a_by_collector: dict[str, dict[str, FloatArray]] = {
            name: {phase: np.zeros(step_count) for phase in node.phases}
            for name, node in network.nodes.items()
        }
        self.power_w_by_collector: dict[str, dict[str, FloatArray]] = {
            name: {phase: np.zeros(step_count) for phase in node.phases}
            for name, node in network.nodes.items()
        }

    def add(self, collector: str, split: dict[str, PhaseShare], load_number: FloatArray) -> None:
        """Add a load of so many units (A per pin, or W), on its collector and on all above."""
        for own_phase, share in split.items():
            for name, phase in self.network.climb(collector, own_phase):
                self.current_a_by_collector[name][phase] += share.current_a * load_number
                self.power_w_by_collector[name][phase] += share.power_w * load_number

    def total_w(self, collector: str) -> FloatArray:
        """Power of a collector, all phases together."""
        return np.asarray(sum(self.power_w_by_collector[collector].values()))
