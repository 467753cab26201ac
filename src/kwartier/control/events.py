"""What a tick tells others: one event per episode, not one per tick."""

from dataclasses import dataclass

from kwartier.control.setpoint import Rung


@dataclass(frozen=True)
class RungChanged:
    """The site went up or down the safety ladder, and why."""

    before: Rung
    after: Rung
    reason: str


@dataclass(frozen=True)
class LimitViolated:
    """A measured current is above a collector's limit, A; `phase` as the collector names it."""

    collector: str
    phase: str
    current_a: float
    limit_a: float


@dataclass(frozen=True)
class PeakAtRisk:
    """The open quarter-hour will exceed its planned peak even with everything shed; averages in W.

    `phase` is the one that the peak is of, None for all of them netted.
    """

    root: str
    expected_w: float
    highest_w: float
    phase: str | None = None


@dataclass(frozen=True)
class DeviceDisobeys:
    """A device has drawn more than it was told for a minute; A per pin or phase. Blocked for so long."""

    asset_id: str
    told_a: float
    measured_a: float
    blocked_s: float


@dataclass(frozen=True)
class DeviceObeysAgain:
    """A device that was blocked does as it is told."""

    asset_id: str


@dataclass(frozen=True)
class OperatorFailsafe:
    """The grid operator's failsafe value came into force (or went), and why."""

    is_in_force: bool
    reason: str


@dataclass(frozen=True)
class ClockJumped:
    """The wall clock moved by so much against the one that never jumps (R33: more than a second is an alarm)."""

    jump_s: float


@dataclass(frozen=True)
class ReplanWanted:
    """Reality has left the plan: re-solving in place with what the open quarter-hour has used is worth its time."""

    reason: str


ControlEvent = (
    RungChanged
    | LimitViolated
    | PeakAtRisk
    | DeviceDisobeys
    | DeviceObeysAgain
    | OperatorFailsafe
    | ClockJumped
    | ReplanWanted
)
