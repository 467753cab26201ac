"""The quarter-hours of a month that have not been: as planned, then as on the last day of their kind."""

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import numpy.typing as npt

from kwartier.forecasting.like_days import day_kind_numbers
from kwartier.planning.plan import Plan
from kwartier.tariffs import MeterSeries
from kwartier.units.local_quarters import local_days_and_quarters
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

# A day of the same weekday, one or some weeks ago; beyond four weeks the season is another one.
LOOKED_BACK_DAYS = 28
QUARTERS_PER_DAY = 96
MILLIWH_PER_WH = 1000.0


@dataclass(frozen=True)
class ComingQuarters:
    """A meter series to the end of a month, and what of it is made up: counts of quarter-hours by origin.

    `unknown_count` quarter-hours have no day to be taken from, and stay unknown.
    """

    meter: MeterSeries
    planned_count: int
    repeated_count: int
    unknown_count: int


def coming_quarters(
    meter: MeterSeries,
    month_indices: range,
    now_index: int,
    planned_wh: dict[int, float],
    zone: tzinfo,
    country: str | None,
) -> ComingQuarters:
    """The meter's quarter-hours up to `now_index` as they are, and the rest of the month from it on.

    `planned_wh` is the net energy of planned quarter-hours by index. A repeated day keeps its peaks, which a mean of
    several days would not. Quarter-hours of the past that were not measured stay unknown.
    """
    first = min(meter.first_quarter_index, month_indices.start) if meter.quarter_count else now_index
    whole = meter.part(range(first, month_indices.stop))
    net_wh = (whole.offtake_milliwh - whole.injection_milliwh) / MILLIWH_PER_WH
    is_known = whole.is_offtake_known & whole.is_injection_known
    coming = np.arange(max(now_index, month_indices.start), month_indices.stop)
    sources = _sources(coming, first, is_known, zone, country)
    planned = np.array([index in planned_wh for index in coming.tolist()], dtype=bool)
    repeated = ~planned & (sources >= 0)
    places = coming - first
    net_wh[places[repeated]] = net_wh[sources[repeated]]
    net_wh[places[planned]] = [planned_wh[index] for index in coming[planned].tolist()]
    is_known[places] = planned | repeated
    milliwh = np.rint(np.where(is_known, net_wh, 0.0) * MILLIWH_PER_WH).astype(np.int64)
    series = MeterSeries(first, np.maximum(milliwh, 0), np.maximum(-milliwh, 0), is_known, is_known)
    counts = int(planned.sum()), int(repeated.sum())
    return ComingQuarters(series, *counts, len(coming) - sum(counts))


def planned_root_wh(plan: Plan, root: str, from_index: int) -> dict[int, float]:
    """The net energy, Wh, of each whole quarter-hour of a plan from an index on; a longer step is spread evenly."""
    collector = plan.collectors.get(root)
    found: dict[int, float] = {}
    for step, power_w in zip(plan.steps, collector.power_w if collector else (), strict=bool(collector)):
        starts_s = epoch_s(step.start)
        first = -int(-starts_s // QUARTER_S)
        end = int((starts_s + step.hours * 3600.0) // QUARTER_S)
        found |= dict.fromkeys(range(max(first, from_index), end), power_w * QUARTER_H)
    return found


def _sources(
    coming: IntArray, first: int, is_known: BoolArray, zone: tzinfo, country: str | None
) -> IntArray:
    """The place of the quarter-hour that each coming one repeats, -1 where there is none, shape (n,).

    It is the latest known one at the same local time of a day of the same kind, else of any day.
    """
    if not len(coming):
        return coming
    end = int(coming[0]) - first
    begin = max(0, end - LOOKED_BACK_DAYS * QUARTERS_PER_DAY)
    past = np.flatnonzero(is_known[begin:end]) + begin
    latest: dict[tuple[int | None, int], int] = {}
    for kind, quarter, place in zip(
        *_kinds_and_quarters(past + first, zone, country), past.tolist(), strict=True
    ):
        latest[kind, quarter] = latest[None, quarter] = place
    return np.array(
        [
            latest.get((kind, quarter), latest.get((None, quarter), -1))
            for kind, quarter in zip(*_kinds_and_quarters(coming, zone, country), strict=True)
        ],
        dtype=np.int64,
    )


def _kinds_and_quarters(indices: IntArray, zone: tzinfo, country: str | None) -> tuple[list[int], list[int]]:
    """The kind of day (0 Monday to 6 Sunday and holidays) and the quarter of that day, for quarter-hour indices."""
    days, quarters = local_days_and_quarters(indices * QUARTER_S, zone)
    return day_kind_numbers(days, country).tolist(), quarters.tolist()
