"""A site at a moment: what its boards and devices measure, what they were told, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kwartier.control.setpoint import Rung, Setpoint
from kwartier.site.transaction import Transaction

# Older than this a value is shown as the last one known (contract.md, section 2: within 5 min all is well).
FRESH_S = 300.0


@dataclass(frozen=True)
class Reading:
    """What an asset measured last: power in W, positive when consumed; A per phase or pin; percent."""

    measured_at: datetime
    power_w: float
    current_a: Mapping[str, float]
    charge_percent: float | None

    def is_fresh(self, at: datetime) -> bool:
        """Whether it says what happens now."""
        return (at - self.measured_at).total_seconds() <= FRESH_S


@dataclass(frozen=True)
class BoardNow:
    """A board of the electrical tree, the root at depth 0; `limit_a` holds for each of its phases."""

    name: str
    depth: int
    limit_a: float
    phases: tuple[str, ...]
    reading: Reading | None


DeviceState = Literal["free", "charging", "waiting", "paused", "discharging", "resting", "running", "unknown"]


@dataclass(frozen=True)
class DeviceNow:
    """A device: what it measures, what it was told and why, and the car at it."""

    name: str
    kind: str
    board: str
    state: DeviceState
    reading: Reading | None
    setpoint: Setpoint | None
    car: Transaction | None
    forecast_type: str | None = None


@dataclass(frozen=True)
class PeakNow:
    """The average that the open quarter-hour is heading for where a peak is counted, and the peak that is planned, W.

    `phase` None: of all phases together.
    """

    phase: str | None
    expected_w: float
    planned_w: float


@dataclass(frozen=True)
class QuarterNow:
    """The open quarter-hour at a root: its energy so far and, at the present power, at its end; and its peaks."""

    root: str
    start: datetime
    used_wh: float
    expected_wh: float
    peaks: tuple[PeakNow, ...]


@dataclass(frozen=True)
class Alarm:
    """Something that somebody has to know: its kind, since when, and what it is about."""

    kind: str
    since: datetime | None
    content: Mapping[str, Any]
    is_severe: bool = False


@dataclass(frozen=True)
class SiteNow:
    """All of it. `rung` is None where the site is not controlled; `planned_at` where it has no plan."""

    at: datetime
    rung: Rung | None
    reason: str
    planned_at: datetime | None
    boards: tuple[BoardNow, ...]
    devices: tuple[DeviceNow, ...]
    quarters: tuple[QuarterNow, ...]
    alarms: tuple[Alarm, ...]

    @property
    def measured_at(self) -> datetime | None:
        """When an asset measured last; None where none ever has."""
        readings = [one.reading for one in self.boards] + [one.reading for one in self.devices]
        return max((one.measured_at for one in readings if one is not None), default=None)
