"""What each pole may take when it hears nothing: the largest equal share that fits everywhere, proven on paper.

Decided (contract.md, section 5): all poles are occupied, the uncontrollable load is at its rating, batteries idle.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kwartier.site.devices import ChargingPole3Phase, DcChargingPole, Device, ForecastedSeries3Phase
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import Board, ElectricalTree, electrical_tree
from kwartier.units.phase import PHASES

# IEC 61851-1:2017, annex A.5: a pilot duty cycle for less than 6 A does not exist; then the pole gives nothing.
LEAST_CURRENT_A = 6.0
# Bounds may be met with equality.
_TOLERANCE_A = 1e-9

PHASES_OF_DC = 3


class Line(NamedTuple):
    """One conductor of a board, counted as the root's from 0."""

    board: str
    line_index: int


@dataclass(frozen=True)
class FallbackShare:
    """The share of every pole, A per pin, 0 where it would be less than 6 A; boards where even 0 A cannot be proven.

    A DC pole takes the same current on three phases; `power_w_by_pole` says what power that is, at most its own.
    """

    current_a: float
    power_w_by_pole: dict[str, float]
    unproven_boards: tuple[str, ...]

    def pin_current_a(self, pole: ChargingPole3Phase) -> float:
        """What an AC pole may take, A per pin."""
        share_a = min(self.current_a, float(pole.line_current))
        return share_a if share_a >= LEAST_CURRENT_A else 0.0


def fallback_share(configuration: SiteConfiguration) -> FallbackShare:
    """The share for a site configuration without ERROR findings.

    Currents on a line are added up as if all were in phase: never less than what flows, on four wires and on three. A
    pole takes its rating where that is less than the share, and leaves the rest to the others.
    """
    tree = electrical_tree(configuration)
    ratings_a: defaultdict[Line, list[float]] = defaultdict(list)
    fixed_a: defaultdict[Line, float] = defaultdict(float)
    for device in configuration.device_list:
        for line in _lines(device, tree):
            if isinstance(device, ForecastedSeries3Phase):
                fixed_a[line] += device.line_current if device.forecast_type == "load" else 0.0
            else:
                ratings_a[line].append(_rating_a(device, tree))
    room_a = {line: tree.boards[line.board].limit_a - fixed_a[line] for line in {*ratings_a, *fixed_a}}
    shares_a = [largest_share_a(max(0.0, room_a[line]), ratings) for line, ratings in ratings_a.items()]
    largest_a = min(shares_a, default=0.0)
    share_a = largest_a if largest_a >= LEAST_CURRENT_A else 0.0
    powers_w = {
        device.name: PHASES_OF_DC
        * _phase_v(tree.boards[device.collector])
        * min(share_a, _rating_a(device, tree))
        for device in configuration.device_list
        if isinstance(device, DcChargingPole)
    }
    unproven = {line.board for line, free_a in room_a.items() if free_a < -_TOLERANCE_A}
    return FallbackShare(share_a, powers_w, tuple(sorted(unproven)))


def largest_share_a(room_a: float, ratings_a: Sequence[float]) -> float:
    """The largest current that all may take at once, each at most its rating, within the room; all in A.

    >>> largest_share_a(48.0, [16.0, 32.0]), largest_share_a(48.0, [16.0, 63.0, 63.0])
    (32.0, 16.0)
    """
    left_a = room_a
    for number, rating_a in enumerate(sorted(ratings_a)):
        sharing_count = len(ratings_a) - number
        if rating_a * sharing_count >= left_a:
            return left_a / sharing_count
        left_a -= rating_a
    return max(ratings_a, default=0.0)


def _rating_a(device: Device, tree: ElectricalTree) -> float:
    """The most a pole takes per pin, A; a DC pole's power on three phases."""
    if isinstance(device, ChargingPole3Phase):
        return float(device.line_current)
    if isinstance(device, DcChargingPole):
        return device.max_power / (PHASES_OF_DC * _phase_v(tree.boards[device.collector]))
    return 0.0


def _lines(device: Device, tree: ElectricalTree) -> Iterator[Line]:
    """Every conductor that a device loads, once for each ampere per pin that it takes there."""
    board = tree.boards[getattr(device, "collector", "")]
    if isinstance(device, ChargingPole3Phase):
        phases = [phase for phase in PHASES if phase in device.pin_to_phase_mapping.phase_list]
    elif isinstance(device, DcChargingPole | ForecastedSeries3Phase):
        phases = list(board.phases)
    else:
        phases = []  # batteries idle
    for phase in phases:
        for above in tree.path_to_root(board.name):
            for index in _conductors(board.root_phase_index[phase], is_three_wire=board.three_wire):
                yield Line(above.name, index)


def _conductors(phase_index: int, *, is_three_wire: bool) -> tuple[int, ...]:
    """The root's lines that a load on a phase uses: its own, or on three wires the two it lies between."""
    return (phase_index, (phase_index + 1) % 3) if is_three_wire else (phase_index,)


def _phase_v(board: Board) -> float:
    """Phase to neutral, or what stands for it on three wires."""
    return board.voltage_v / 3**0.5 if board.three_wire else board.voltage_v
