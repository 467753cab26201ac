"""Stored plans as they are listed, and with their requests."""

import json
from typing import Any

from pydantic import Field

from kwartier.adapters.http.page_of import PageOf
from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanOptions, PlanRequest
from kwartier.service.make_plan import CYCLE_OPTIONS
from kwartier.service.plan_record import PlanRecord, PlanSummary
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel

EXAMPLE_ORDER: dict[str, Any] = {"options": {"resolution": "mixed", "search_nodes": 200}}


class PlanOrder(WireModel):
    """How to plan; without a body as the service's own cycle does."""

    options: PlanOptions = Field(default=CYCLE_OPTIONS, description="Absent: hourly steps after 12 h.")


class PlanSummaryDocument(WireModel):
    """A plan in a list."""

    plan_id: str
    planned_from: Instant = Field(description="The moment from which it plans; its `created_at`.")
    stored_at: Instant
    status: str = Field(description="How it was solved: optimal, feasible or fallback.")
    is_safe: bool = Field(description="Whether the check, which shares no code with the planner, passed it.")


class PlanPage(PageOf[PlanSummaryDocument]):
    """A page of a site's plans, the latest first."""


class PlanWithRequest(WireModel):
    """A stored plan with everything that it was made from; planning `request` again gives `plan` again."""

    plan: Plan
    request: PlanRequest
    notes: list[str] = Field(description="What the service said about the request; also among the warnings.")
    previous_plan_id: str | None = Field(
        description="The plan in force then: the plan stays near it where changing a setpoint gains too little. To "
        "plan the request again, give this plan as `previous`."
    )


def summary_document(plan: PlanSummary) -> dict[str, Any]:
    """The JSON value of a plan in a list."""
    return {
        "plan_id": plan.plan_id,
        "planned_from": format_instant(plan.planned_from),
        "stored_at": format_instant(plan.stored_at),
        "status": plan.status,
        "is_safe": plan.is_safe,
    }


def with_request(record: PlanRecord) -> bytes:
    """The JSON text of a plan with its request, both to the byte as they are stored."""
    notes = json.dumps(list(record.notes), ensure_ascii=False, separators=(",", ":")).encode()
    previous = json.dumps(record.previous_plan_id).encode()
    texts = {
        "plan": record.plan_json,
        "request": record.request_json,
        "notes": notes,
        "previous_plan_id": previous,
    }
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), text) for name, text in texts.items()) + b"}"
