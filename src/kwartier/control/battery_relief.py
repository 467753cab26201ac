"""Batteries in the guard: a discharge counts once it is seen, helps to hold a peak, and never feeds a line full.

A discharge that was only told does not make room for a car: it may not come. It does count for a quarter-hour's energy,
where the next tick can make good what did not come.
"""

import numpy as np
import numpy.typing as npt

from kwartier.control.booking import Booking
from kwartier.control.facts import CHARGE_AGE_S, TickFacts, is_usable
from kwartier.control.rows import Rows
from kwartier.control.wiring import ControlledDevice, ControlSite
from kwartier.site.devices import BatteryEnergyStorageSystem

FloatArray = npt.NDArray[np.float64]


def confirmed_a(battery_a: FloatArray, booked: tuple[Booking, ...]) -> FloatArray:
    """The part of each discharge that flows already, A, zero or negative; nothing of one that is not measured."""
    flows_a = np.array([0.0 if one.measured_a is None else min(0.0, one.measured_a) for one in booked])
    return np.asarray(np.maximum(np.minimum(battery_a, 0.0), flows_a))


def relieved_a(
    site: ControlSite,
    facts: TickFacts,
    rows: Rows,
    booked: tuple[Booking, ...],
    most_a: FloatArray,
) -> FloatArray:
    """What each battery should do, A: what is wanted, and more discharge where a planned peak would be exceeded.

    Zero for all but batteries. A discharge is bounded by power, by what is stored for as long as a setpoint holds, and
    by the room to feed of every line. One that has grown in this quarter-hour does not shrink in it.
    """
    current_a = np.zeros(len(site.devices))
    batteries = [number for number, device in enumerate(site.devices) if device.kind == "battery"]
    asked_a = np.maximum(most_a, 0.0) + np.array([max(0.0, one.pinned_a or 0.0) for one in booked])
    over_w = [
        (row.weight, float(row.weight @ asked_a) - row.room_size)
        for row in rows.rows
        if row.kind == "quarter"
    ]
    feed_room = np.array([row.feed_room_size for row in rows.rows])
    for number in batteries:
        device = site.devices[number]
        discharge_a = max(0.0, -most_a[number])
        if booked[number].pinned_a is None:
            needed_a = [left_w / weight[number] for weight, left_w in over_w if weight[number] > 0.0]
            discharge_a = max(discharge_a, min(max([0.0, *needed_a]), _deliverable_a(site, facts, device)))
        weight = rows.weight[:, number]
        on = weight > 0.0
        discharge_a = min(
            discharge_a, max(0.0, float((feed_room[on] / weight[on]).min())) if on.any() else 0.0
        )
        feed_room = feed_room - weight * discharge_a
        over_w = [(row, left_w - row[number] * discharge_a) for row, left_w in over_w]
        current_a[number] = -discharge_a
    return current_a


def _deliverable_a(site: ControlSite, facts: TickFacts, device: ControlledDevice) -> float:
    """The discharge that what is stored sustains for as long as a setpoint holds, A; nothing where nobody knows it."""
    reading = facts.devices.get(device.name)
    if reading is None or reading.state_of_charge is None or not is_usable(reading.age_s, CHARGE_AGE_S):
        return 0.0
    listed = next(one for one in site.configuration.device_list if one.name == device.name)
    assert isinstance(listed, BatteryEnergyStorageSystem)  # noqa: S101  # by its kind
    stored_wh = listed.operational_battery_capacity * reading.state_of_charge / 100.0
    sustained_w = stored_wh * listed.discharging_efficiency / (site.valid_for_s / 3600.0)
    return min(-device.lowest_a, sustained_w / device.watts_per_ampere(None))
