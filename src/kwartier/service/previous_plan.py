"""The plan in force when a site is planned again: setpoints change only where that gains something (planner.md)."""

from datetime import datetime, timedelta

from kwartier.control.ladder import CYCLE, GRACE
from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest
from kwartier.service.ports.plan_store import PlanStore


def previous_plan(partner_id: str, request: PlanRequest, *, plans: PlanStore) -> Plan | None:
    """The plan that devices follow at the request's moment; None where there is none to stay near to.

    None are a fallback, whose setpoints nobody wants; one that is past its cycle, which the ladder has left (control.
    ladder); and one of another document, where names may mean other devices.
    """
    found = plans.in_force(partner_id, request.site.site_id, request.at)
    if found is None or found.status == "fallback" or not _is_of_this_cycle(request, found.planned_from):
        return None
    return found.plan if found.request.site == request.site else None


def _is_of_this_cycle(request: PlanRequest, planned_from: datetime) -> bool:
    return timedelta(0) <= request.at - planned_from <= CYCLE + GRACE
