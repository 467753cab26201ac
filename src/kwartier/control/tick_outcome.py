"""What comes out of a tick: `tick(site, facts, memory) -> TickOutcome`, a pure function."""

from dataclasses import dataclass

from kwartier.control.events import ControlEvent
from kwartier.control.memory import TickMemory
from kwartier.control.setpoint import Rung, Setpoint


@dataclass(frozen=True)
class TickOutcome:
    """The setpoints to send now (changed, or due for renewal), all that are in force, what happened, and the memory.

    `to_send` is part of `in_force`. `rung` is the site's; a device's own may be lower.
    """

    to_send: tuple[Setpoint, ...]
    in_force: tuple[Setpoint, ...]
    events: tuple[ControlEvent, ...]
    rung: Rung
    reason: str
    memory: TickMemory
