"""A plan as the service keeps it: the request it answers, the answer to the byte, and the check's verdict."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest

# Times of the solver's work, the only part of a plan that another run may give otherwise (planner.md).
TIMES = ("build_ms", "solve_ms", "other_ms")


@dataclass(frozen=True)
class PlanSummary:
    """A plan in a list: its id, the moment from which it plans, when it was stored, how it was solved."""

    plan_id: str
    planned_from: datetime
    stored_at: datetime
    status: str
    is_safe: bool


@dataclass(frozen=True)
class PlanRecord:
    """A stored plan. `request_json` and `plan_json` are the very texts; `notes` stand in the plan's warnings too.

    `previous_plan_id` names the plan in force that it was kept near to (planner.md), None where there was none.

    `is_safe` says that `check_plan` found no violation but those that the plan itself declares.
    """

    partner_id: str
    site_id: str
    plan_id: str
    planned_from: datetime
    stored_at: datetime
    status: str
    is_safe: bool
    request_json: bytes
    notes: tuple[str, ...]
    plan_json: bytes
    previous_plan_id: str | None = None

    @cached_property
    def request(self) -> PlanRequest:
        """The request."""
        return PlanRequest.model_validate_json(self.request_json)

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        return Plan.model_validate_json(self.plan_json)

    @property
    def summary(self) -> PlanSummary:
        """The plan as it stands in a list."""
        return PlanSummary(self.plan_id, self.planned_from, self.stored_at, self.status, self.is_safe)


def without_times(plan_json: bytes) -> bytes:
    """The plan's text with the times of the solver's work set to 0: the same request gives the same bytes."""
    document: dict[str, Any] = json.loads(plan_json)
    document["solve"] |= dict.fromkeys(TIMES, 0.0)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
