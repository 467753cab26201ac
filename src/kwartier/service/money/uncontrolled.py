"""What a connection would have taken had every car charged on arrival and the batteries rested.

Cars get what they got, and batteries hold what they held: only when is another. Cars keep to the boards' limits by
power, the earliest first; how the phases share it is left out, which makes the difference smaller and not larger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ArrivedCar:
    """A session that took `energy_wh`: at most `power_w`, from `start_s` on (epoch seconds), below these boards."""

    start_s: float
    energy_wh: float
    power_w: float
    boards: tuple[str, ...]


def on_arrival_wh(
    cars: Sequence[ArrivedCar],
    first_s: int,
    other_wh: FloatArray,
    root: str,
    limit_w_by_board: dict[str, float],
) -> tuple[FloatArray, float]:
    """The energy of all cars in each quarter-hour from `first_s` on, Wh, shape (n,), had each begun at once.

    `other_wh` is what the connection took without cars and batteries, NaN where it is not known; it takes its part of
    the root's limit. The second result is what did not fit before the last quarter-hour, Wh.
    """
    count = len(other_wh)
    room_wh = {name: np.full(count, limit_w * QUARTER_H) for name, limit_w in limit_w_by_board.items()}
    if root in room_wh:
        room_wh[root] = np.maximum(0.0, room_wh[root] - np.maximum(0.0, np.nan_to_num(other_wh)))
    total_wh, waiting_wh = np.zeros(count), 0.0
    for car in sorted(cars, key=lambda one: one.start_s):
        left_wh = car.energy_wh
        place = max(0, int((car.start_s - first_s) // QUARTER_S))
        while left_wh > 0.0 and place < count:
            ends_s = first_s + (place + 1) * QUARTER_S
            there_h = min(QUARTER_H, max(0.0, ends_s - car.start_s) / 3600.0)
            room = min((room_wh[name][place] for name in car.boards if name in room_wh), default=np.inf)
            taken_wh = min(left_wh, car.power_w * there_h, room)
            for name in car.boards:
                if name in room_wh:
                    room_wh[name][place] = max(0.0, room_wh[name][place] - taken_wh)
            total_wh[place] += taken_wh
            left_wh -= taken_wh
            place += 1
        waiting_wh += left_wh
    return total_wh, waiting_wh
