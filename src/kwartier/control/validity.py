"""How long a setpoint holds, when it is renewed, and which of those that were sent may still be in force.

A device whose setpoint ends goes to its fallback. Where the service is lost between two renewals, setpoints end at
different moments, and some devices are at their fallback while others still do as told. That must not add up to more
than a limit: so setpoints above the fallback end first, by one and a half renewals, and those below it last. Until the
last of the first have ended everybody draws at most what was told together; afterwards, at most the fallbacks,
which are proven. Nothing need be kept free for the time between.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from kwartier.control.booking import is_followed
from kwartier.control.facts import Acknowledgement, TickFacts
from kwartier.control.memory import DeviceMemory, Told
from kwartier.control.setpoint import Setpoint
from kwartier.control.wanted import Wanted
from kwartier.control.wiring import ControlledDevice, ControlSite

# A device's clock may be off by so much (R33: an alarm when it is more than 1 s).
CLOCK_ERROR_S = 1.0
# A setpoint that nobody has acknowledged is sent again after this time; a message takes far less.
SENT_AGAIN_AFTER_S = 10.0
EARLIER_BY_RENEWALS = 1.5
FIRST_S = 60.0
SAME_A = 1e-6


def remembered(
    site: ControlSite, facts: TickFacts, memory: Mapping[str, DeviceMemory]
) -> dict[str, DeviceMemory]:
    """The memory of each device without setpoints that have ended, were overtaken or refused."""
    return {
        device.name: _confirmed(
            memory.get(device.name, DeviceMemory()), facts.acknowledged.get(device.name), facts.clock_s
        )
        for device in site.devices
    }


def _confirmed(memory: DeviceMemory, answer: Acknowledgement | None, clock_s: float) -> DeviceMemory:
    said = memory.told
    if any(clock_s > one.until_clock_s + CLOCK_ERROR_S for one in said):
        said = tuple(one for one in said if clock_s <= one.until_clock_s + CLOCK_ERROR_S)
    if answer is not None and not answer.is_accepted:
        said = tuple(one for one in said if one.setpoint.valid_from != answer.valid_from)
    elif answer is not None and any(_is_answered_now(one, answer) for one in said):
        said = tuple(
            replace(one, accepted_clock_s=clock_s) if _is_answered_now(one, answer) else one for one in said
        )
        memory = replace(memory, acknowledged_clock_s=clock_s)
    followed = [number for number, one in enumerate(said) if is_followed(one, clock_s)]
    kept = said[followed[-1] :] if followed else said
    return memory if kept is memory.told else replace(memory, told=kept)


def _is_answered_now(one: Told, answer: Acknowledgement) -> bool:
    return one.setpoint.valid_from == answer.valid_from and one.accepted_clock_s is None


def is_due(site: ControlSite, memory: DeviceMemory, current_a: float, wants: Wanted, clock_s: float) -> bool:
    """Whether a device must be told now: something new, a renewal, or again what it did not acknowledge."""
    newest = memory.newest
    if newest is None or abs(newest.current_a - current_a) > SAME_A or newest.setpoint.rung != wants.rung:
        return True
    # One that has not answered in its first minute may be of a kind that never does.
    is_silent_kind = (
        memory.acknowledged_clock_s is None and clock_s - (memory.first_told_s or clock_s) > FIRST_S
    )
    is_answered = newest.accepted_clock_s is not None or is_silent_kind
    return clock_s - newest.sent_clock_s >= (site.renewed_after_s if is_answered else SENT_AGAIN_AFTER_S)


def told(
    site: ControlSite, device: ControlledDevice, current_a: float, wants: Wanted, facts: TickFacts
) -> Told:
    """A setpoint from this instant on."""
    is_above_fallback = current_a > device.fallback_a + SAME_A
    earlier_s = EARLIER_BY_RENEWALS * site.renewed_after_s if is_above_fallback else 0.0
    holds_s = site.valid_for_s - earlier_s
    said = _setpoint(device, current_a, wants, facts.at, facts.at + timedelta(seconds=holds_s))
    return Told(current_a, said, sent_clock_s=facts.clock_s, until_clock_s=facts.clock_s + holds_s)


def _setpoint(
    device: ControlledDevice, current_a: float, wants: Wanted, valid_from: datetime, valid_until: datetime
) -> Setpoint:
    """A setpoint as it goes over the wire."""
    in_force = {"fallback_current": device.fallback_a, "max_current": current_a}
    if device.kind != "ac":
        watts_per_ampere = device.watts_per_ampere(None)
        in_force = {
            "fallback_power": device.fallback_a * watts_per_ampere,
            "power": current_a * watts_per_ampere,
        }
    return Setpoint(
        asset_id=device.name,
        plan_id=wants.plan_id,
        valid_from=valid_from,
        valid_until=valid_until,
        rung=wants.rung,
        reason=wants.reason,
        **in_force,
    )
