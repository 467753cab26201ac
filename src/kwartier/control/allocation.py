"""How room on many lines is given to many devices: by priority, in turn, in equal shares; 0 or at least 6 A."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

# Bounds may be met with equality.
TOLERANCE = 1e-9
# A rise by less would be taken back by the next ripple of a load.
LEAST_RISE_A = 1.0


@dataclass(frozen=True)
class Demand:
    """What devices may get at most (A, zero or more), the least that is not zero (A), and who comes first.

    `device_index_by_turn` holds device numbers, those that are served first in front; `priority` a number per device,
    the higher one is filled first. All arrays have one entry per device.
    """

    most_a: FloatArray
    least_a: FloatArray
    priority: npt.NDArray[np.int64]
    device_index_by_turn: Sequence[int]


def allocated_a(weight: FloatArray, room_size: FloatArray, demand: Demand) -> FloatArray:
    """The current of each device, A: `weight @ current <= room_size` in every row that a device with current is in.

    `weight` has shape (rows, devices) and no negative entry, `room_size` shape (rows,), each row in a unit of its
    own. First each device in turn gets its least current where every row has room for it, so that nobody waits while
    another one has more than that. Then the room that is left is filled class by class, the lowest currents first.
    """
    current_a = np.zeros(weight.shape[1])
    left = room_size.astype(float)
    for device in demand.device_index_by_turn:
        least_a, most_a = demand.least_a[device], demand.most_a[device]
        if most_a <= 0.0 or most_a < least_a - TOLERANCE:
            continue
        rows = weight[:, device] > 0.0
        if (left[rows] >= weight[rows, device] * least_a - TOLERANCE).all() and (left[rows] > 0.0).all():
            current_a[device] = least_a
            left -= weight[:, device] * least_a
    admitted = (current_a > 0.0) | ((demand.least_a == 0.0) & (demand.most_a > 0.0))
    for priority in np.unique(demand.priority)[::-1]:
        _fill(weight, left, current_a, demand.most_a, admitted & (demand.priority == priority))
    return current_a


def _fill(
    weight: FloatArray,
    left: FloatArray,
    current_a: FloatArray,
    most_a: FloatArray,
    growing: npt.NDArray[np.bool_],
) -> None:
    """Raise the lowest of some devices together until each has its most or meets a full row; changes its arguments."""
    growing = growing & (current_a < most_a - TOLERANCE)
    while growing.any():
        full = left <= TOLERANCE
        if full.any():
            growing &= ~(weight[full] > 0.0).any(axis=0)
            if not growing.any():
                return
        lowest_a = current_a[growing].min()
        rising = growing & (current_a <= lowest_a + TOLERANCE)
        above = growing & ~rising
        ends_a = [most_a[rising].min(), *([current_a[above].min()] if above.any() else [])]
        slope = weight[:, rising].sum(axis=1)
        sloped = slope > 0.0
        by_room_a = (left[sloped] / slope[sloped]).min() if sloped.any() else np.inf
        step_a = max(0.0, min(min(ends_a) - lowest_a, by_room_a))
        current_a[rising] += step_a
        left -= slope * step_a
        growing &= current_a < most_a - TOLERANCE


def raised_a(
    weight: FloatArray, room_size: FloatArray, from_a: FloatArray, demand: Demand, whole_a: FloatArray
) -> FloatArray:
    """Currents raised from `from_a` towards `demand.most_a`, device by device in turn, as far as the room allows, A.

    A rise by less than 1 A that does not reach all that is wanted, `whole_a`, is left out: it would be taken back soon.
    """
    current_a = from_a.copy()
    left = room_size - weight @ from_a
    for device in demand.device_index_by_turn:
        wanted_a = float(demand.most_a[device])
        rows = weight[:, device] > 0.0
        by_room_a = float((left[rows] / weight[rows, device]).min()) if rows.any() else np.inf
        reached_a = min(wanted_a, current_a[device] + max(0.0, by_room_a))
        rise_a = reached_a - current_a[device]
        is_whole = reached_a >= whole_a[device] - TOLERANCE
        if rise_a <= TOLERANCE or reached_a < demand.least_a[device] - TOLERANCE:
            continue
        if is_whole or rise_a >= LEAST_RISE_A:
            current_a[device] = reached_a
            left -= weight[:, device] * rise_a
    return current_a
