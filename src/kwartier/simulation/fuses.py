"""The fuses behind every policy: what of its orders fits the boards at this moment.

On a real site the guard (`kwartier.control`) holds them second by second, by what the meters show. A simulated step is
minutes long, so here the load of the step itself is known: the same room, without the seconds of delay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.control.allocation import Demand, allocated_a
from kwartier.control.wiring import ControlSite

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

TOLERANCE_A = 1e-6


@dataclass(frozen=True)
class Draw:
    """What a device would draw, A per pin (negative feeds).

    `phasor_weights` is what 1 A adds to each line, shape (lines,).
    """

    name: str
    current_a: float
    least_a: float
    priority: int
    phasor_weights: ComplexArray


@dataclass(frozen=True)
class Fitted:
    """The current of each draw that fits, A, in their order, and each line's current with them, shape (lines,)."""

    current_a: FloatArray
    line_a: FloatArray


def fitted(site: ControlSite, load_a: ComplexArray, draws: Sequence[Draw]) -> Fitted:
    """As much of the draws as the fuses allow beside `load_a`, the uncontrolled current of each line, shape (lines,).

    What feeds is not counted on where it would overload a line backwards; then it feeds nothing.
    """
    wanted_a = np.array([one.current_a for one in draws], dtype=np.float64)
    phasor_weights = np.array([one.phasor_weights for one in draws], dtype=np.complex128).reshape(
        len(draws), len(site.lines)
    )
    line_a = _line_a(load_a, wanted_a, phasor_weights)
    if not (line_a > site.limit_a + TOLERANCE_A).any():
        return Fitted(wanted_a, line_a)
    fed_a = np.minimum(wanted_a, 0.0)
    if (_line_a(load_a, fed_a, phasor_weights) > site.limit_a + TOLERANCE_A).any():
        fed_a = np.zeros_like(fed_a)
    base_a = load_a + fed_a @ phasor_weights
    by_turn = sorted(range(len(draws)), key=lambda index: (-draws[index].priority, index))
    demand = Demand(
        most_a=np.maximum(wanted_a, 0.0),
        least_a=np.array([one.least_a for one in draws]),
        priority=np.array([one.priority for one in draws], dtype=np.int64),
        device_index_by_turn=by_turn,
    )
    taken_a = allocated_a(np.abs(phasor_weights).T, np.maximum(_room_a(site, base_a), 0.0), demand)
    current_a = np.where(fed_a < 0.0, fed_a, taken_a)
    return Fitted(current_a, _line_a(load_a, current_a, phasor_weights))


def _line_a(load_a: ComplexArray, current_a: FloatArray, phasor_weights: ComplexArray) -> FloatArray:
    return np.abs(load_a + current_a @ phasor_weights) if len(current_a) else np.abs(load_a)


def _room_a(site: ControlSite, base_a: ComplexArray) -> FloatArray:
    """What may be drawn on each line: on four wires signed, on three the phases may add up in full."""
    pairs = np.array([line.is_conductor_of_pairs for line in site.lines])
    return np.where(pairs, site.limit_a - np.abs(base_a), site.limit_a - base_a.real)
