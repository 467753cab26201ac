"""Whether devices do as they are told (R26): one that draws too much for a minute is kept at zero, longer each time.

An acknowledgement proves nothing: what is measured counts. Until the minute is over a device is booked at what it
draws, afterwards at its rating. There is one alarm per episode, however often it is tried again.
"""

from dataclasses import replace

from kwartier.control.booking import exceeds_told, measured_current_a, pins_in_use, usable_reading
from kwartier.control.events import DeviceDisobeys, DeviceObeysAgain
from kwartier.control.facts import TickFacts
from kwartier.control.memory import DeviceMemory
from kwartier.control.wiring import ControlledDevice, ControlSite

# R26: detected within 60 s; ticks may lie up to 5 s apart.
DISOBEYED_AFTER_S = 55.0
# R26: doubling back-off from 30 s to 1 h.
FIRST_BACK_OFF_S, LONGEST_BACK_OFF_S = 30.0, 3600.0

ObedienceEvent = DeviceDisobeys | DeviceObeysAgain


def obeyed(
    site: ControlSite, device: ControlledDevice, facts: TickFacts, memory: DeviceMemory
) -> tuple[DeviceMemory, ObedienceEvent | None]:
    """The memory of a device after this tick's measurement, and an event where an episode begins or ends."""
    reading = usable_reading(site, device, facts)
    measured_a = measured_current_a(device, reading, pins_in_use(device, facts))
    newest = memory.newest
    if measured_a is None or newest is None:
        return memory, None
    if not exceeds_told(measured_a, newest.current_a):
        return _obeying(device, memory, facts.clock_s)
    if memory.disobeying_since_s is None:
        return replace(memory, disobeying_since_s=facts.clock_s), None
    if memory.blocked_until_s is not None:
        return _still_blocked(memory, facts.clock_s), None
    if facts.clock_s - memory.disobeying_since_s < DISOBEYED_AFTER_S:
        return memory, None
    blocked = _blocked(memory, facts.clock_s)
    return blocked, DeviceDisobeys(device.name, newest.current_a, measured_a, blocked.back_off_s)


def _blocked(memory: DeviceMemory, clock_s: float) -> DeviceMemory:
    back_off_s = min(LONGEST_BACK_OFF_S, max(FIRST_BACK_OFF_S, 2.0 * memory.back_off_s))
    return replace(memory, blocked_until_s=clock_s + back_off_s, back_off_s=back_off_s)


def _still_blocked(memory: DeviceMemory, clock_s: float) -> DeviceMemory:
    is_over = memory.blocked_until_s is not None and clock_s >= memory.blocked_until_s
    return _blocked(memory, clock_s) if is_over else memory


def _obeying(
    device: ControlledDevice, memory: DeviceMemory, clock_s: float
) -> tuple[DeviceMemory, DeviceObeysAgain | None]:
    if memory.blocked_until_s is None:
        back_off_s = _kept_back_off_s(memory, clock_s)
        if memory.disobeying_since_s is None and back_off_s == memory.back_off_s:
            return memory, None
        return replace(memory, disobeying_since_s=None, back_off_s=back_off_s), None
    if clock_s < memory.blocked_until_s:
        return memory, None
    free = replace(memory, disobeying_since_s=None, blocked_until_s=None, obeyed_since_s=clock_s)
    return free, DeviceObeysAgain(device.name)


def _kept_back_off_s(memory: DeviceMemory, clock_s: float) -> float:
    """The back-off goes on doubling where a device disobeys again within an hour."""
    obeyed_s = 0.0 if memory.obeyed_since_s is None else clock_s - memory.obeyed_since_s
    return 0.0 if obeyed_s > LONGEST_BACK_OFF_S else memory.back_off_s
