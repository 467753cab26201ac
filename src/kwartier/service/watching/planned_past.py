"""What was planned for quarter-hours that are over: of each the plan that was in force when it began."""

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from kwartier.service.plan_record import PlanSummary
from kwartier.service.ports.plan_store import PlanKey, PlanStore
from kwartier.units.quarter_hour import QUARTER_S, epoch_s

PAGE_COUNT = 100
# A plan for a quarter-hour is made up to a minute before it, or at once after a car came.
EARLY = timedelta(minutes=2)
MOST_REMEMBERED_COUNT = 20_000


@dataclass(frozen=True)
class PlannedQuarter:
    """One quarter-hour of a plan: W by device, percent by battery, A by board and phase, and of the grid (W)."""

    power_w_by_device: Mapping[str, float]
    percent_by_battery: Mapping[str, float]
    current_a_by_board: Mapping[str, Mapping[str, float]]
    grid_w: float


class PlannedPast:
    """Remembers what it has read: a plan is large, and what it said of a quarter-hour never changes."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, str, int], PlannedQuarter | None] = OrderedDict()
        self._lock = Lock()

    def quarters(
        self, partner_id: str, site_id: str, starts: Sequence[datetime], *, plans: PlanStore
    ) -> list[PlannedQuarter | None]:
        """What was planned for each of these quarter-hours, in their order; None where no plan was in force."""
        if not starts:
            return []
        summaries = [one for one in _since(partner_id, site_id, starts[0], plans) if one.is_safe]
        wanted: list[tuple[str, datetime] | None] = [_in_force(summaries, start) for start in starts]
        unknown: dict[str, list[datetime]] = {}
        for want in wanted:
            if want is not None and (partner_id, site_id, want[0], int(epoch_s(want[1]))) not in self._known:
                unknown.setdefault(want[0], []).append(want[1])
        for plan_id, missing in unknown.items():
            self._read(partner_id, site_id, plan_id, missing, plans)
        return [
            None if want is None else self._known.get((partner_id, site_id, want[0], int(epoch_s(want[1]))))
            for want in wanted
        ]

    def _read(
        self, partner_id: str, site_id: str, plan_id: str, starts: list[datetime], plans: PlanStore
    ) -> None:
        record = plans.get(partner_id, site_id, plan_id)
        document = {} if record is None else json.loads(record.plan_json)
        with self._lock:
            for start in starts:
                key = (partner_id, site_id, plan_id, int(epoch_s(start)))
                self._known[key] = _quarter(document, start)
            while len(self._known) > MOST_REMEMBERED_COUNT:
                self._known.popitem(last=False)


def _since(partner_id: str, site_id: str, first: datetime, plans: PlanStore) -> Iterator[PlanSummary]:
    """The plans that may have been in force from a moment on, the latest first."""
    before: PlanKey | None = None
    while page := plans.list_before(partner_id, site_id, before, PAGE_COUNT):
        for summary in page:
            yield summary
            if summary.planned_from <= first:
                return
        before = PlanKey(page[-1].planned_from, page[-1].plan_id)


def _in_force(summaries: Sequence[PlanSummary], start: datetime) -> tuple[str, datetime] | None:
    for summary in summaries:
        if summary.planned_from <= start + EARLY:
            return summary.plan_id, start
    return None


def _quarter(document: Mapping[str, Any], start: datetime) -> PlannedQuarter | None:
    """The step of a plan's document in which a quarter-hour begins, or that begins in it."""
    start_s = epoch_s(start)
    for number, step in enumerate(document.get("steps", ())):
        step_s = epoch_s(datetime.fromisoformat(step["start"]))
        is_in = step_s <= start_s < step_s + step["hours"] * 3600 or start_s <= step_s < start_s + QUARTER_S
        if is_in:
            return _planned(document, number)
    return None


def _planned(document: Mapping[str, Any], step: int) -> PlannedQuarter:
    devices = document["devices"]
    percent = {
        name: one["state_of_charge"][step]
        for name, one in devices.items()
        if one.get("state_of_charge") and one["state_of_charge"][step] is not None
    }
    return PlannedQuarter(
        {name: one["power_w"][step] for name, one in devices.items()},
        percent,
        {
            name: {phase: currents[step] for phase, currents in one["current_a"].items()}
            for name, one in document["collectors"].items()
        },
        document["offtake_w"][step] - document["injection_w"][step],
    )
