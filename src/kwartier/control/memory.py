"""What a tick hands to the next one. Nothing of it must survive a restart: an empty memory is the start-up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from kwartier.control.setpoint import Rung


@dataclass(frozen=True)
class Told:
    """One setpoint that was sent and may be in force: A per pin or phase, when sent and until when, on both clocks."""

    current_a: float
    valid_from: datetime
    valid_until: datetime
    sent_clock_s: float
    until_clock_s: float
    rung: Rung
    reason: str
    plan_id: str | None


@dataclass(frozen=True)
class DeviceMemory:
    """What is remembered of a device.

    `told` holds the setpoints that may be in force, the newest last. `lowered_in_quarter_s` is the quarter-hour (epoch
    seconds) in which it was last lowered: it is not raised again in the same one. `served_clock_s` is when it last had
    current, `disobeying_since_s` since when it draws too much, `blocked_until_s` and `back_off_s` how long it is kept
    at zero after that. All but the quarter-hour on the clock that never jumps.
    """

    told: tuple[Told, ...] = ()
    lowered_in_quarter_s: int | None = None
    served_clock_s: float | None = None
    disobeying_since_s: float | None = None
    blocked_until_s: float | None = None
    back_off_s: float = 0.0

    @property
    def newest(self) -> Told | None:
        """The setpoint that was sent last."""
        return self.told[-1] if self.told else None


@dataclass(frozen=True)
class LineMemory:
    """The largest uncontrolled current on a line in this minute and in the one before, A; whether it is too high."""

    this_minute_a: float
    last_minute_a: float
    is_violated: bool = False


@dataclass(frozen=True)
class TickMemory:
    """Memory between ticks; `TickMemory()` is what a service that has just started remembers.

    `rung` is the one in force, `better_since_s` since when a better one was possible. `failsafe_since_s` is when the
    grid operator's failsafe value came into force. `minute_clock_s` is when the running minute of `lines` began.
    """

    rung: Rung = "floor"
    reason: str = "just started"
    better_since_s: float | None = None
    failsafe_since_s: float | None = None
    minute_clock_s: float | None = None
    devices: Mapping[str, DeviceMemory] = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[tuple[str, str], LineMemory] = field(default_factory=lambda: MappingProxyType({}))
    peaks_at_risk: frozenset[str] = frozenset()
