"""A site over time, in quarter-hours: the last day as it was measured and planned, and the plan in force to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kwartier.planning.plan import Money

Column = Sequence[float | None]
"""One value per quarter-hour of the timeline; None where nobody knows: missing is not zero."""


@dataclass(frozen=True)
class DeviceLine:
    """A device: mean power, W, as measured and as planned (for a series the planner's forecast); a battery's charge."""

    name: str
    kind: str
    forecast_type: str | None
    measured_w: Column
    planned_w: Column
    planned_percent: Column


@dataclass(frozen=True)
class BoardLine:
    """A board: the planned current of each phase, A, and the limit of each."""

    name: str
    limit_a: float
    planned_a: Mapping[str, Column]


@dataclass(frozen=True)
class SiteTimeline:
    """The quarter-hours from `starts[0]` on; `present_index` is the open one. Power is positive when consumed."""

    at: datetime
    starts: tuple[datetime, ...]
    present_index: int
    plan_id: str
    planned_at: datetime
    status: str
    devices: tuple[DeviceLine, ...]
    boards: tuple[BoardLine, ...]
    measured_grid_w: Column
    planned_grid_w: Column
    offtake_eur_per_mwh: Column
    injection_eur_per_mwh: Column
    reasons: Mapping[str, Sequence[str]]
    money: Money
    uncontrolled_money: Money
    short_wh: float
    warnings: tuple[str, ...]
