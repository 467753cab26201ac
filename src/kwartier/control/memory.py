"""What a tick hands to the next one. Nothing of it must survive a restart: an empty memory is the start-up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from kwartier.control.setpoint import Rung


@dataclass(frozen=True)
class Told:
    """One setpoint that was sent and may be in force: A per pin, when sent and until when, on both clocks.

    `accepted_clock_s` is when the device said that it follows it, None before.
    """

    current_a: float
    valid_from: datetime
    valid_until: datetime
    sent_clock_s: float
    until_clock_s: float
    rung: Rung
    reason: str
    plan_id: str | None
    accepted_clock_s: float | None = None


@dataclass(frozen=True)
class DeviceMemory:
    """What is remembered of a device.

    `told` holds the setpoints that may be in force, the newest last; `first_told_s` is when it was first told anything,
    `changed_clock_s` when its current last changed, `acknowledged_clock_s` when it last accepted a setpoint.
    `lowered_in_quarter_s` is the quarter-hour (epoch seconds) in which the guard last cut it: it is not raised again in
    the same one. `served_clock_s` is when it last had current, `serving_since_s` since when without a break.
    `disobeying_since_s` is since when it draws too much, `blocked_until_s` and `back_off_s` say how long it is kept at
    zero for that, `obeyed_since_s` when that last ended. All but the quarter-hour on the clock that never jumps.
    """

    told: tuple[Told, ...] = ()
    changed_clock_s: float = 0.0
    first_told_s: float | None = None
    acknowledged_clock_s: float | None = None
    lowered_in_quarter_s: int | None = None
    served_clock_s: float | None = None
    serving_since_s: float | None = None
    disobeying_since_s: float | None = None
    blocked_until_s: float | None = None
    back_off_s: float = 0.0
    obeyed_since_s: float | None = None

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
class OperatorMemory:
    """Whether the grid operator's failsafe value is in force, since when, and whether the start-up brought it."""

    is_failsafe: bool
    since_clock_s: float
    is_start_up: bool = False


@dataclass(frozen=True)
class TickMemory:
    """Memory between ticks; `TickMemory()` is what a service that has just started remembers.

    `rung` is the one in force (None before the first tick), `better_since_s` since when a better one was possible.
    `quarter_s` is the quarter-hour of the last tick (epoch seconds), `minute_clock_s` when the running minute of
    `lines` began. `peaks_at_risk` are the roots and phases of which that was said in this quarter-hour.
    """

    rung: Rung | None = None
    better_since_s: float | None = None
    operator: OperatorMemory | None = None
    quarter_s: int | None = None
    minute_clock_s: float | None = None
    devices: Mapping[str, DeviceMemory] = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[tuple[str, str], LineMemory] = field(default_factory=lambda: MappingProxyType({}))
    peaks_at_risk: frozenset[tuple[str, str | None]] = frozenset()
