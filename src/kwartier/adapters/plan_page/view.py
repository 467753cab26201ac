"""What the page shows: the plan's grid, devices, boards, sessions and site totals, typed.

Unknown values stay None and are drawn as a gap or a dash, never as zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

Column = list[float | None]


@dataclass(frozen=True)
class Steps:
    """The plan's grid: UTC starts and lengths, of unequal length."""

    starts: tuple[datetime, ...]
    hours: tuple[float, ...]

    @cached_property
    def ends(self) -> tuple[datetime, ...]:
        """The end of each step, UTC."""
        return tuple(
            start + timedelta(hours=hours) for start, hours in zip(self.starts, self.hours, strict=True)
        )

    def __len__(self) -> int:
        return len(self.starts)

    def touched_steps(self, start: datetime, end: datetime) -> list[int]:
        """The steps that share some time with `start`–`end`."""
        bounds = zip(self.starts, self.ends, strict=True)
        return [index for index, (begin, stop) in enumerate(bounds) if begin < end and stop > start]


@dataclass(frozen=True)
class Device:
    """A device and its planned columns, one entry per step. `kind` is pole, battery, pv, load or other."""

    name: str
    kind: str
    board: str
    rating_a: float | None
    rating_w: float | None
    capacity_wh: float | None
    power_w: Column
    current_a: Mapping[str, Column]
    state_of_charge: Column
    stored_now_percent: float | None
    transaction_ids: Sequence[Any]
    reasons: Sequence[str]

    def share(self, step: int) -> float | None:
        """Planned current (AC) or power (DC) of the pole over its rating, 0–1; None when either is unknown."""
        pins = [column[step] for column in self.current_a.values()]
        known = [abs(current_a) for current_a in pins if current_a is not None]
        if known and self.rating_a:
            return max(known) / self.rating_a
        power_w = self.power_w[step]
        if self.rating_w and power_w is not None:
            return abs(power_w) / self.rating_w
        return None


@dataclass(frozen=True)
class Collector:
    """A board of the electrical tree; `limit_a` holds per phase and step, both directions."""

    name: str
    depth: int
    current_a: Mapping[str, Column]
    limit_a: Column

    def worst(self) -> tuple[float, float, str, int] | None:
        """(share of the limit, |A|, phase, step) of the fullest moment, None where nothing is known."""
        candidates = [
            (abs(current_a) / limit_a, abs(current_a), phase, step)
            for phase, column in self.current_a.items()
            for step, (current_a, limit_a) in enumerate(zip(column, self.limit_a, strict=True))
            if current_a is not None and limit_a
        ]
        return max(candidates, key=lambda candidate: candidate[0], default=None)


@dataclass(frozen=True)
class Session:
    """A charging session as asked for and as planned; energies are of the whole transaction unless named so."""

    pole: str
    transaction_id: str
    arrival: datetime
    departure: datetime | None
    requested_wh: float | None
    charged_wh: float
    planned_wh: float | None
    short_wh: float | None

    @property
    def remaining_wh(self) -> float | None:
        """What was still to be charged when the plan was made."""
        return None if self.requested_wh is None else max(0.0, self.requested_wh - self.charged_wh)


@dataclass(frozen=True)
class Violation:
    """Consecutive steps in which a collector (or one phase of it) is beyond its limit.

    `worst` and `limit` are magnitudes in `unit`, A or W.
    """

    collector: str
    phase: str | None
    steps: tuple[int, ...]
    worst: float
    limit: float
    unit: str


@dataclass(frozen=True)
class PlanView:
    """Everything the page shows, in the order in which it shows it."""

    site_name: str
    steps: Steps
    devices: tuple[Device, ...]
    collectors: tuple[Collector, ...]
    sessions: tuple[Session, ...]
    violations: tuple[Violation, ...]
    expected_power_w: Column
    offtake_w: Column
    injection_w: Column
    offtake_limit_w: Column
    injection_limit_w: Column
    offtake_eur_per_mwh: Column
    injection_eur_per_mwh: Column

    def of_kind(self, kind: str) -> list[Device]:
        """The devices of one kind."""
        return [device for device in self.devices if device.kind == kind]

    def net_w(self) -> Column:
        """Offtake minus injection of the whole site, W per step; None where both are unknown."""
        return [
            None if offtake_w is None and injection_w is None else (offtake_w or 0.0) - (injection_w or 0.0)
            for offtake_w, injection_w in zip(self.offtake_w, self.injection_w, strict=True)
        ]
