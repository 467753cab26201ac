"""What a meter on each board sees: the sum of everything below it, on its own phases."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kwartier.site.tree import ElectricalTree
from kwartier.units.phase import PhaseName


class DeviceFlow(NamedTuple):
    """What a device takes on the phases of its board, W, negative when it delivers."""

    board: str
    power_w: Mapping[PhaseName, float]


def board_powers_w(tree: ElectricalTree, flows: Iterable[DeviceFlow]) -> dict[str, dict[PhaseName, float]]:
    """W by board and by its own phase; where phases are exchanged on the way up, the sums follow the wires.

    On a network of three wires a phase stands for the pair of lines that begins with it.
    """
    sums_w = {board.name: dict.fromkeys(board.phases, 0.0) for board in tree.boards.values()}
    names = {
        board.name: {board.root_phase_index[phase]: phase for phase in board.phases}
        for board in tree.boards.values()
    }
    for flow in flows:
        below = tree.boards[flow.board]
        for phase, power_w in flow.power_w.items():
            root_index = below.root_phase_index[phase]
            for above in tree.path_to_root(flow.board):
                sums_w[above.name][names[above.name][root_index]] += power_w
    return sums_w
