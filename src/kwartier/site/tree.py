"""The electrical tree: which board hangs on which, and on which of the root's phases each of its phases hangs."""

from dataclasses import dataclass
from functools import cached_property

from kwartier.site.collector import Collector
from kwartier.site.document import SiteConfiguration
from kwartier.units.phase import PHASES, PhaseName

# 3x230 V networks without neutral: between the nominal 220 V and 240 V of old streets, with the 10 % band of EN 50160.
THREE_WIRE_LINE_VOLTAGE_V = (200, 260)
SQRT3 = 3**0.5


@dataclass(frozen=True)
class Board:
    """A collector with its place in the tree.

    `voltage_v` is the voltage of a single-phase load here: phase to neutral, or line to line on a three-wire network.
    `root_phase_index[name]` is the root phase (three-wire: the pair Li-Li+1) that this board's phase is, from 0;
    `root_line_index[name]` the root's line, the same but on a three-wire network.
    """

    name: str
    parent: str | None
    root: str
    limit_a: float
    voltage_v: float
    three_wire: bool
    single_phase: bool
    root_phase_index: dict[PhaseName, int]
    root_line_index: dict[PhaseName, int]

    @property
    def phases(self) -> tuple[PhaseName, ...]:
        """The board's own phase names: L1, L2, L3, or L1 alone."""
        return PHASES[:1] if self.single_phase else PHASES


@dataclass(frozen=True)
class ElectricalTree:
    """All boards, parents before children, in the order of the document."""

    boards: dict[str, Board]

    @cached_property
    def roots(self) -> tuple[Board, ...]:
        """The boards without a parent: each a grid connection of its own."""
        return tuple(board for board in self.boards.values() if board.parent is None)

    def path_to_root(self, name: str) -> list[Board]:
        """The board of that name and all boards above it, the root last."""
        path = [self.boards[name]]
        while (parent := path[-1].parent) is not None:
            path.append(self.boards[parent])
        return path


def _flatten(configuration: SiteConfiguration) -> tuple[dict[str, Collector], dict[str, str]]:
    """All collectors by name in document order, and each child's parent."""
    collectors: dict[str, Collector] = {}
    parent_by_child: dict[str, str] = {}
    pending: list[tuple[Collector, str | None]] = [(c, None) for c in reversed(configuration.collector_list)]
    while pending:
        collector, parent = pending.pop()
        collectors[collector.name] = collector
        if parent is not None:
            parent_by_child[collector.name] = parent
        for child in reversed(collector.children or []):
            if isinstance(child, Collector):
                pending.append((child, collector.name))
            elif child is not None:
                parent_by_child[child] = collector.name
    return collectors, parent_by_child


def load_voltage_v(collector: Collector) -> tuple[float, bool] | None:
    """Voltage of a single-phase load (V) and whether the network is three-wire; None where the collector gives none."""
    if collector.phase_voltage is not None:
        return float(collector.phase_voltage), False
    if collector.line_voltage is None:
        return None
    low, high = THREE_WIRE_LINE_VOLTAGE_V
    if low <= collector.line_voltage <= high:
        return float(collector.line_voltage), True
    return collector.line_voltage / SQRT3, False


def _pair_of_lines(lines: frozenset[int]) -> int:
    """The pair Li-Li+1 (cyclic) between two lines, all counted from 0."""
    return next(pair for pair in range(3) if lines == {pair, (pair + 1) % 3})


def _root_indices(collector: Collector, parent: Board) -> tuple[dict[PhaseName, int], dict[PhaseName, int]]:
    permutations = collector.phase_permutations
    renamed = dict(zip(permutations.child, permutations.parent, strict=True)) if permutations else {}
    own: tuple[PhaseName, ...] = PHASES[:1] if collector.collector_type == "1P" else PHASES
    parent_name: dict[PhaseName, PhaseName] = {name: renamed.get(name, name) for name in own}  # type: ignore[misc]
    if not parent.three_wire or len(own) == 1:
        phase_index = {name: parent.root_phase_index[parent_name[name]] for name in own}
        return phase_index, phase_index
    line_index = {name: parent.root_line_index[parent_name[name]] for name in own}
    pair_index = {
        name: _pair_of_lines(frozenset((line_index[name], line_index[PHASES[(i + 1) % 3]])))
        for i, name in enumerate(own)
    }
    return pair_index, line_index


def _root_board(collector: Collector) -> Board:
    single_phase = collector.collector_type == "1P"
    voltage = load_voltage_v(collector)
    if voltage is None:
        raise ValueError(f"collector {collector.name}: a root needs line_voltage or phase_voltage")
    index = {name: i for i, name in enumerate(PHASES[: 1 if single_phase else 3])}
    return Board(
        name=collector.name,
        parent=None,
        root=collector.name,
        limit_a=float(collector.line_current),
        voltage_v=voltage[0],
        three_wire=voltage[1],
        single_phase=single_phase,
        root_phase_index=index,
        root_line_index=index,
    )


def _child_board(collector: Collector, parent: Board) -> Board:
    given = load_voltage_v(collector)
    phase_index, line_index = _root_indices(collector, parent)
    return Board(
        name=collector.name,
        parent=parent.name,
        root=parent.root,
        limit_a=float(collector.line_current),
        voltage_v=given[0] if given else parent.voltage_v,
        three_wire=parent.three_wire,
        single_phase=collector.collector_type == "1P",
        root_phase_index=phase_index,
        root_line_index=line_index,
    )


def electrical_tree(configuration: SiteConfiguration) -> ElectricalTree:
    """The tree of a site configuration that has no ERROR finding.

    Raises ValueError or KeyError for a configuration that validation refuses (a cycle, a root without voltage).
    """
    collectors, parent_by_child = _flatten(configuration)
    boards: dict[str, Board] = {}

    def place(name: str, below: tuple[str, ...] = ()) -> Board:
        if name in boards:
            return boards[name]
        if name in below:
            raise ValueError(f"collector {name} lies below itself: {' > '.join((*below, name))}")
        parent = parent_by_child.get(name)
        collector = collectors[name]
        board = (
            _root_board(collector)
            if parent is None
            else _child_board(collector, place(parent, (*below, name)))
        )
        boards[name] = board
        return board

    for name in collectors:
        place(name)
    return ElectricalTree(boards)
