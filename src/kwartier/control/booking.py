"""What each device may be drawing: measured where it is measured, else the worst of what it was told and may do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.control.facts import DEVICE_AGE_S, DeviceReading, Occupied, TickFacts, is_usable
from kwartier.control.memory import DeviceMemory, Told
from kwartier.control.wiring import ControlledDevice, ControlSite

FloatArray = npt.NDArray[np.float64]

# IEC 61851-1:2017, annex A: a car follows a changed pilot signal within 5 s. As much again for the way to the pole.
FOLLOW_S = 5.0
EFFECT_S = 10.0
# Meters of class 1 (EN 50470-3) err by a hundredth; below an ampere poles draw for themselves.
OBEYED_RATIO = 1.05
OBEYED_A = 1.0
# A pin that carries less is not in use: what a contactor's coil and a pole's own electronics draw.
UNUSED_PIN_A = 0.5


@dataclass(frozen=True)
class Booking:
    """A device in this tick, A per pin.

    `measured_a` None: not measured. `surely_a` is what flows at least: what is measured, else nothing, or the largest
    discharge that may be going on unseen and hides as much load from a meter. `possible_a` is the most that may flow
    before anything new takes effect. `pinned_a` is what it is booked at whatever it is told: it cannot be reached, or
    does not do as told; None for a device that does. `credit_a_by_line` is what of each line's current is its own for
    sure, A, shape (lines,).
    """

    pins: frozenset[str] | None
    measured_a: float | None
    surely_a: float
    possible_a: float
    pinned_a: float | None
    credit_a_by_line: FloatArray


def bookings(site: ControlSite, facts: TickFacts, memory: Mapping[str, DeviceMemory]) -> tuple[Booking, ...]:
    """The booking of every device, in the order of the site."""
    return tuple(
        _booking(site, device, facts, memory.get(device.name, DeviceMemory())) for device in site.devices
    )


def pins_in_use(device: ControlledDevice, facts: TickFacts) -> frozenset[str] | None:
    """The pins that a device loads; None where any of them may be."""
    if device.kind != "ac":
        return frozenset(device.pins)
    occupied = None if facts.occupied is None else facts.occupied.get(device.name)
    return None if occupied is None else _known_pins(occupied, device)


def _known_pins(occupied: Occupied, device: ControlledDevice) -> frozenset[str] | None:
    known = None if occupied.pins is None else occupied.pins & {*device.pins}
    return known or None


def usable_reading(site: ControlSite, device: ControlledDevice, facts: TickFacts) -> DeviceReading | None:
    """What a device measures now; None where it is silent or too old."""
    reading = facts.devices.get(device.name)
    greatest_age_s = min(DEVICE_AGE_S, site.sign_of_life_s)
    return reading if reading is not None and is_usable(reading.age_s, greatest_age_s) else None


def measured_current_a(
    device: ControlledDevice, reading: DeviceReading | None, pins: frozenset[str] | None
) -> float | None:
    """What flows per pin, A, the largest of an AC pole's pins, negative for a battery that discharges."""
    if reading is None:
        return None
    if device.kind == "ac" and reading.current_a_by_pin:
        return max(reading.current_a_by_pin.values())
    if reading.power_w is None:
        return None
    used = (
        pins if pins is not None else frozenset(device.pins[:1])
    )  # on one pin a power is the largest current
    return reading.power_w / device.watts_per_ampere(used)


def _credit(
    device: ControlledDevice, reading: DeviceReading | None, pins: frozenset[str] | None
) -> FloatArray:
    """What of each line's current is surely the device's own, A; nothing where it does not tell on which pins."""
    nothing = np.zeros(len(device.phasor_weight))
    if reading is None:
        return nothing
    if device.kind == "ac" and reading.current_a_by_pin:
        by_pin = reading.current_a_by_pin
        if not device.is_three_wire:
            return np.asarray(device.phasor_weight.real @ [by_pin.get(pin, 0.0) for pin in device.pins])
        used_a = {pin: current_a for pin, current_a in by_pin.items() if current_a > UNUSED_PIN_A}
        # Between two lines unequal currents have no one direction: only what all pins carry counts.
        return device.weight(frozenset(used_a)) * min(used_a.values()) if used_a else nothing
    if reading.power_w is None or pins is None:
        return nothing
    return device.weight(pins) * (reading.power_w / device.watts_per_ampere(pins))


def _booking(site: ControlSite, device: ControlledDevice, facts: TickFacts, memory: DeviceMemory) -> Booking:
    pins, reading = pins_in_use(device, facts), usable_reading(site, device, facts)
    measured_a = measured_current_a(device, reading, pins)
    in_force_a = max([_in_force_a(device, memory, facts.clock_s), measured_a or 0.0])
    pinned_a = None
    if memory.blocked_until_s is not None:
        pinned_a = device.rating_a
    elif measured_a is None and _is_silent(facts.clock_s, memory, site.sign_of_life_s):
        pinned_a = max(in_force_a, device.fallback_a)
    elif measured_a is not None and _draws_too_much(measured_a, memory, facts.clock_s):
        pinned_a = measured_a
    # Before the first answer, what a service that ran before this one has told may still be in force.
    is_unknown = memory.acknowledged_clock_s is None and not _has_ended(site, facts, memory)
    possible_a = max(in_force_a, pinned_a or 0.0, device.rating_a if is_unknown else 0.0)
    surely_a = _least_a(device, memory, is_unknown=is_unknown) if measured_a is None else measured_a
    credit_a = _credit(device, reading, pins) if surely_a >= 0.0 else device.weight(pins) * surely_a
    return Booking(pins, measured_a, surely_a, possible_a, pinned_a, credit_a)


def is_followed(told: Told, clock_s: float) -> bool:
    """Whether a car has had the time to follow a setpoint that its pole accepted."""
    return told.accepted_clock_s is not None and clock_s - told.accepted_clock_s >= FOLLOW_S


def _in_force_a(device: ControlledDevice, memory: DeviceMemory, clock_s: float) -> float:
    """The most of what a device was told, A; its fallback too, unless it follows the oldest that may be in force."""
    told_a = [told.current_a for told in memory.told]
    is_at_told = bool(told_a) and is_followed(memory.told[0], clock_s)
    return max(told_a if is_at_told else [*told_a, device.fallback_a])


def _least_a(device: ControlledDevice, memory: DeviceMemory, *, is_unknown: bool) -> float:
    """The largest discharge that may flow unseen, A, zero or negative."""
    told_a = [told.current_a for told in memory.told]
    return min([0.0, *told_a, *([device.lowest_a] if is_unknown else [])])


def _has_ended(site: ControlSite, facts: TickFacts, memory: DeviceMemory) -> bool:
    """Whether all that was told before this memory began has ended."""
    return memory.first_told_s is not None and facts.clock_s - memory.first_told_s > site.valid_for_s


def _is_silent(clock_s: float, memory: DeviceMemory, sign_of_life_s: float) -> bool:
    """Whether a device that was told something has acknowledged nothing for a while."""
    if memory.newest is None:
        return False
    heard_s = (
        memory.told[0].sent_clock_s if memory.acknowledged_clock_s is None else memory.acknowledged_clock_s
    )
    return clock_s - heard_s > sign_of_life_s


def _draws_too_much(measured_a: float, memory: DeviceMemory, clock_s: float) -> bool:
    """Whether more flows than was told, after the time that a car has to follow."""
    newest = memory.newest
    if newest is None or clock_s - memory.changed_clock_s < EFFECT_S:
        return False
    return exceeds_told(measured_a, newest.current_a)


def exceeds_told(measured_a: float, told_a: float) -> bool:
    """Whether a device draws more than it was told, beyond what meters err; of a discharging one, feeds too little.

    >>> exceeds_told(16.5, 16.0), exceeds_told(17.5, 16.0), exceeds_told(-4.0, -10.0)
    (False, True, True)
    """
    return measured_a > told_a + max(OBEYED_A, abs(told_a) * (OBEYED_RATIO - 1.0))
