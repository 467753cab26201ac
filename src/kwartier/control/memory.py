"""What a tick hands to the next one. Nothing of it must survive a restart: an empty memory is the start-up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from kwartier.control.setpoint import Rung, Setpoint


@dataclass(frozen=True)
class Told:
    """One setpoint that was sent and may be in force: A per pin, the message, when sent and until when it holds.

    `accepted_clock_s` is when the device said that it follows it, None before. All on the clock that never jumps.
    """

    current_a: float
    setpoint: Setpoint
    sent_clock_s: float
    until_clock_s: float
    accepted_clock_s: float | None = None


@dataclass(frozen=True)
class QuarterMoves:
    """Changes of a device's current in one quarter-hour (its start, epoch seconds): the last one's sign, and turns."""

    start_s: int | None = None
    last_sign: int = 0
    turn_count: int = 0

    def now(self, quarter_s: int) -> "QuarterMoves":
        """The moves of a quarter-hour: none yet where it is another one."""
        return self if self.start_s == quarter_s else QuarterMoves(quarter_s)

    @property
    def may_rise(self) -> bool:
        """Whether a rise would be at most the second direction in this quarter-hour (R30)."""
        return self.last_sign >= 0 or self.turn_count == 0

    def after(self, change_a: float) -> "QuarterMoves":
        """The moves with one more change, A."""
        sign = (change_a > 0.0) - (change_a < 0.0)
        if sign == 0:
            return self
        turned = self.last_sign not in (0, sign)
        return QuarterMoves(self.start_s, sign, self.turn_count + int(turned))


@dataclass(frozen=True)
class DeviceMemory:
    """What is remembered of a device.

    `told` holds the setpoints that may be in force, the newest last; `first_told_s` is when it was first told
    anything, `changed_clock_s` when its current last changed, `acknowledged_clock_s` when it last accepted a
    setpoint. `quarter` says how often it went up and down in this quarter-hour. `served_clock_s` is when it last had
    current, `serving_since_s` since when without a break. `disobeying_since_s` is since when it draws too much,
    `blocked_until_s` and `back_off_s` say how long it is kept at zero for that, `obeyed_since_s` when that last
    ended. All but the quarter-hour on the clock that never jumps.
    """

    told: tuple[Told, ...] = ()
    changed_clock_s: float = 0.0
    first_told_s: float | None = None
    acknowledged_clock_s: float | None = None
    quarter: QuarterMoves = QuarterMoves()
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


def nobody_told(memory: "TickMemory") -> "TickMemory":
    """The memory of a site whose devices are told nothing: that they do otherwise is no fault of theirs."""
    devices = {
        name: replace(one, disobeying_since_s=None, blocked_until_s=None, back_off_s=0.0)
        for name, one in memory.devices.items()
    }
    return replace(memory, devices=devices)


@dataclass(frozen=True)
class LineMemory:
    """What else flows on a line, A (or at a root, W): the most in this minute and the one before, and a running mean.

    `is_violated` says whether the limit was exceeded.
    """

    this_minute_size: float
    last_minute_size: float
    mean_size: float
    is_violated: bool = False

    @property
    def highest_size(self) -> float:
        """The most of the last one to two minutes."""
        return max(self.this_minute_size, self.last_minute_size)


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
    `quarter_s` is the quarter-hour of the last tick (epoch seconds), `at` and `clock_s` its clocks, `minute_clock_s`
    when the running minute of `lines` began. Those have a line per collector and phase, and one per planned peak.
    `peaks_at_risk` are the roots and phases of which that was said in this quarter-hour.
    """

    rung: Rung | None = None
    better_since_s: float | None = None
    operator: OperatorMemory | None = None
    quarter_s: int | None = None
    clock_s: float | None = None
    at: datetime | None = None
    minute_clock_s: float | None = None
    devices: Mapping[str, DeviceMemory] = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[tuple[str, str], LineMemory] = field(default_factory=lambda: MappingProxyType({}))
    peaks_at_risk: frozenset[tuple[str, str | None]] = frozenset()
