"""One direction at a time: where an answer uses both at once, and two ways to decide between them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kwartier.planning.choices import Choices
from kwartier.planning.formulation import Formulation
from kwartier.planning.program import NO_COLUMN

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
SignArray = npt.NDArray[np.int8]

DirectionRule = Callable[[FloatArray], SignArray]

SMALL = 1e-6


@dataclass(frozen=True)
class Directions:
    """Which way batteries and roots go in the answers of one formulation."""

    formulation: Formulation

    def both_at_once(self, values: FloatArray) -> tuple[BoolArray, BoolArray]:
        """Where a battery charges and discharges at once (B, n); where a root takes and gives at once (R, n)."""
        storage = self.formulation.storage
        battery = np.minimum(values[storage.charge], values[storage.discharge]) > SMALL
        taken, given = self._taken_and_given(values)
        return battery, np.minimum(taken, given) > SMALL

    def any_both(self, values: FloatArray) -> bool:
        """Whether a battery charges and discharges at once, or a root takes and gives."""
        battery, root = self.both_at_once(values)
        return bool(battery.any() or root.any())

    def decide_batteries(
        self, choices: Choices, values: FloatArray, rule: DirectionRule, where: BoolArray | None = None
    ) -> Choices:
        """The same choices with the open directions of batteries decided where marked (B, n), or everywhere."""
        is_open = choices.charging == 0
        marked = is_open if where is None else is_open & where
        return replace(
            choices, charging=np.where(marked, rule(self._charging_share(values)), choices.charging)
        )

    def decide_roots(
        self, choices: Choices, values: FloatArray, rule: DirectionRule, where: BoolArray | None = None
    ) -> Choices:
        """The same choices with the open directions of roots decided where marked (R, n), or everywhere."""
        taken, given = self._taken_and_given(values)
        share = np.divide(taken, taken + given, out=np.ones_like(taken), where=taken + given > SMALL)
        concave = self.formulation.exchange.concave_offtake != NO_COLUMN
        is_open = choices.offtake == 0
        marked = is_open if where is None else is_open & where
        return replace(choices, offtake=np.where(marked, np.where(concave, rule(share), 0), choices.offtake))

    def _taken_and_given(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """kW of each root and step where injection pays more than offtake costs, else 0, each (R, n)."""
        exchange = self.formulation.exchange
        concave = exchange.concave_offtake != NO_COLUMN
        taken = np.where(concave, values[exchange.concave_offtake], 0.0)
        given = np.where(concave, values[exchange.concave_injection], 0.0)
        return taken, given

    def _charging_share(self, values: FloatArray) -> FloatArray:
        """Part of each step that a battery would spend charging if it did one thing after the other, (B, n)."""
        storage = self.formulation.storage
        upper = self.formulation.program.column_upper
        charge = values[storage.charge] / upper[storage.charge]
        discharge = values[storage.discharge] / upper[storage.discharge]
        both = charge + discharge
        return np.divide(charge, both, out=np.ones_like(both), where=both > SMALL)


def by_balance(charging_share: FloatArray) -> SignArray:
    """1 where a battery would charge at least half of the step, else -1."""
    return np.where(charging_share >= 0.5, 1, -1).astype(np.int8)


def in_turns(charging_share: FloatArray) -> SignArray:
    """1 or -1 per battery and step so that the steps spent charging add up to the shares as they go along.

    Wasting energy at a negative price is charging and discharging in turns; quarter-hours of the same hour have the
    same price, so turns of whole quarter-hours lose little against doing both at once.
    """
    directions = np.ones(charging_share.shape, dtype=np.int8)
    for battery, shares in enumerate(charging_share):
        owed = 0.0
        for step, share in enumerate(shares.tolist()):
            owed += share
            if owed >= 0.5 - SMALL:
                owed -= 1.0
            else:
                directions[battery, step] = -1
    return directions
