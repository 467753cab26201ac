"""A charging network of acnportal as a site document: its stations as poles, its constraints as boards.

acnportal describes a network by rows: each bounds the size of a sum of the stations' currents, which have an angle.
Rows that say what a board's limit says become boards: stations on one pair of lines, or the three lines of a panel.
What no board can say, as the primary side of a delta-wye transformer, is left to `overload_ratios`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from kwartier.units.phase import PHASES, PhaseName

FloatArray = npt.NDArray[np.float64]
Json = dict[str, Any]

# The angles of acnportal's own sites: current between the lines A and B, B and C, C and A of a wye's secondary side.
PAIR_BY_ANGLE_DEG: dict[float, PhaseName] = {30.0: "L1", -90.0: "L2", 150.0: "L3"}
ROOT = "grid"


class UnsayableNetworkError(ValueError):
    """A network that a site document cannot describe at all; the message says which station, and what is allowed."""


class Infrastructure(Protocol):
    """What of acnportal's `InfrastructureInfo` describes the network: M constraints on N stations."""

    constraint_matrix: FloatArray
    constraint_limits: FloatArray
    phases: FloatArray
    voltages: FloatArray
    constraint_ids: list[str]
    station_ids: list[str]
    max_pilot: FloatArray


@dataclass(frozen=True)
class _Row:
    """A constraint whose stations all weigh one: those that count plus, those that count minus, and its limit, A."""

    name: str
    plus: frozenset[int]
    minus: frozenset[int]
    limit_a: float


@dataclass(frozen=True)
class _Board:
    """A board: its stations, its limit per phase, and the one pair of lines that it hangs on, None for all three."""

    name: str
    stations: frozenset[int]
    limit_a: float
    pair: PhaseName | None


def site_configuration(infrastructure: Infrastructure) -> Json:
    """Devices and collectors of the network, as a site document's `site_configuration`; the root comes first.

    Limits are whole amperes in a site document and are rounded down. Stations of one angle make a single-phase site.
    Raises UnsayableNetworkError where angles differ and one is none of the three pairs', or voltages differ.
    """
    pairs = station_pairs(infrastructure)
    everything = frozenset(range(len(pairs)))
    whole: PhaseName | None = PHASES[0] if len(set(infrastructure.phases.tolist())) == 1 else None
    boards = _nested(_boards(infrastructure, pairs))
    if not boards or boards[0].stations != everything or boards[0].pair != whole:
        boards = [_Board(ROOT, everything, float(ceil(np.sum(infrastructure.max_pilot))), whole), *boards]
    homes = [_smallest(boards, frozenset({number})) for number in range(len(pairs))]
    return {
        "device_list": [
            {
                "name": station,
                "collector": home.name,
                "type": "charging_pole_3phase",
                "line_current": floor(most_a),
                "pin_to_phase_mapping": {"pin_list": ["pin1"], "phase_list": ["L1" if home.pair else pair]},
            }
            for station, most_a, home, pair in zip(
                infrastructure.station_ids, infrastructure.max_pilot.tolist(), homes, pairs, strict=True
            )
        ],
        "collector_list": _collectors(boards, round(float(infrastructure.voltages[0]))),
    }


def overload_ratios(infrastructure: Infrastructure, currents_a: FloatArray) -> FloatArray:
    """The largest sum in each step over its limit, as a ratio, shape (n,); `currents_a` has shape (N, n)."""
    turned = currents_a * np.exp(1j * np.deg2rad(infrastructure.phases))[:, None]
    sums_a = np.abs(np.asarray(infrastructure.constraint_matrix) @ turned)
    ratios = sums_a / np.asarray(infrastructure.constraint_limits)[:, None]
    return np.asarray(ratios.max(axis=0, initial=0.0))


def station_pairs(infrastructure: Infrastructure) -> list[PhaseName]:
    """The root's phase of each station: on three wires the pair of lines that begins with it. Raises as above."""
    if len(set(np.round(infrastructure.voltages, 6).tolist())) > 1:
        raise UnsayableNetworkError(
            "the stations have different voltages; a site document has one per network"
        )
    angles_deg: list[float] = infrastructure.phases.tolist()
    if len(set(angles_deg)) == 1:
        return [PHASES[0]] * len(angles_deg)
    for station, angle_deg in zip(infrastructure.station_ids, angles_deg, strict=True):
        if angle_deg not in PAIR_BY_ANGLE_DEG:
            allowed = ", ".join(f"{one:g}" for one in PAIR_BY_ANGLE_DEG)
            raise UnsayableNetworkError(f"station {station}: angle {angle_deg:g} degrees; allowed: {allowed}")
    return [PAIR_BY_ANGLE_DEG[angle_deg] for angle_deg in angles_deg]


def _rows(infrastructure: Infrastructure) -> Iterator[_Row]:
    """The constraints whose stations all have the same weight, scaled to a weight of one."""
    matrix = np.asarray(infrastructure.constraint_matrix, dtype=np.float64)
    for name, row, limit_a in zip(
        infrastructure.constraint_ids, matrix, infrastructure.constraint_limits.tolist(), strict=True
    ):
        weights = np.abs(row[np.nonzero(row)])
        if len(weights) and np.allclose(weights, weights[0]):
            plus, minus = (frozenset(np.flatnonzero(sign * row > 0).tolist()) for sign in (1, -1))
            yield _Row(name, plus, minus, limit_a / float(weights[0]))


def _boards(infrastructure: Infrastructure, pairs: Sequence[PhaseName]) -> Iterator[_Board]:
    """What the rows say as boards: one that sums stations of one pair, and three that are the lines of a panel."""
    line_rows = []
    for row in _rows(infrastructure):
        stations = row.plus | row.minus
        of_pairs = {pairs[number] for number in stations}
        if len(of_pairs) == 1 and not (row.plus and row.minus):
            yield _Board(row.name, stations, row.limit_a, next(iter(of_pairs)))
        elif _is_line(row, pairs):
            line_rows.append(row)
    by_plus = {row.plus: row for row in line_rows}
    for first in line_rows:
        second = by_plus.get(first.minus)
        third = by_plus.get(second.minus) if second else None
        if second and third and third.minus == first.plus and pairs[next(iter(first.plus))] == PHASES[0]:
            least_a = min(first.limit_a, second.limit_a, third.limit_a)
            yield _Board(first.name, first.plus | second.plus | third.plus, least_a, None)


def _is_line(row: _Row, pairs: Sequence[PhaseName]) -> bool:
    """Whether it is the current of a line: one pair's less that of the pair before it."""
    plus, minus = ({PHASES.index(pairs[number]) for number in side} for side in (row.plus, row.minus))
    return len(plus) == len(minus) == 1 and (plus.pop() - minus.pop()) % 3 == 1


def _nested(boards: Iterator[_Board]) -> list[_Board]:
    """The boards, larger ones first, without those that share only a part of their stations with another."""
    kept: list[_Board] = []
    for board in sorted(boards, key=lambda one: (-len(one.stations), one.limit_a)):
        shared = [one.stations & board.stations for one in kept]
        if all(not some or some == board.stations for some in shared):
            kept.append(board)
    return kept


def _smallest(boards: Sequence[_Board], stations: frozenset[int]) -> _Board:
    """The smallest board that has all of them; the boards are sorted, larger ones first."""
    return [one for one in boards if stations <= one.stations][-1]


def _collectors(boards: list[_Board], voltage_v: int) -> list[Json]:
    """The boards as collectors, the root first."""
    root, *below = boards
    voltage = {"phase_voltage" if root.pair else "line_voltage": voltage_v}
    documents: dict[str, Json] = {root.name: _collector(root) | voltage}
    for number, board in enumerate(below, start=1):
        parent = _smallest(boards[:number], board.stations)
        documents[board.name] = _collector(board)
        documents[parent.name]["children"].append(board.name)
        if board.pair is not None:
            pair = "L1" if parent.pair else board.pair
            documents[board.name]["phase_permutations"] = {"parent": [pair], "child": ["L1"]}
    return list(documents.values())


def _collector(board: _Board) -> Json:
    kind = "1P" if board.pair else "3P"
    return {"name": board.name, "1P_3P": kind, "line_current": floor(board.limit_a), "children": []}
