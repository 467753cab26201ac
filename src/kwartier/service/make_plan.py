"""Make a site's plan of what is stored: gathered, assembled, planned, checked; not kept yet."""

from dataclasses import dataclass, replace
from datetime import datetime

from kwartier.planning.check import check_plan
from kwartier.planning.fallback import fallback_plan
from kwartier.planning.loop_options import IN_THE_LOOP
from kwartier.planning.plan import Plan
from kwartier.planning.problem import InvalidRequest
from kwartier.planning.request import PlanOptions, PlanRequest
from kwartier.service.announce import announce
from kwartier.service.gather_site_facts import gather_site_facts
from kwartier.service.plan_assembly.assemble import AssembledRequest, assemble_plan_request
from kwartier.service.plan_record import PlanRecord
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy
from kwartier.service.previous_plan import previous_plan
from kwartier.service.replay_plan import noted
from kwartier.site.document import Site

CYCLE_OPTIONS = IN_THE_LOOP


@dataclass(frozen=True)
class CheckedPlan:
    """A plan with the check's verdict."""

    plan: Plan
    is_safe: bool


def make_plan(
    partner_id: str,
    site: Site,
    at: datetime,
    options: PlanOptions,
    *,
    near_plan_in_force: bool = False,
    ports: Ports,
) -> PlanRecord | NotPlannable | PlannerBusy:
    """The plan of a plannable site from `at` on, of what is stored now, with its request and the check's verdict.

    With `near_plan_in_force` setpoints stay where changing them gains too little to be worth a device's trouble.
    """
    flagged = options.model_copy(
        update={
            "configurable_peak_price": options.configurable_peak_price and ports.flags.configurable_peak_price
        }
    )
    facts = gather_site_facts(partner_id, site, at, flagged, ports=ports)
    assembled = assemble_plan_request(facts)
    previous = previous_plan(partner_id, assembled.request, plans=ports.plans) if near_plan_in_force else None
    try:
        made = ports.planner.plan(assembled.request, previous=previous)
    except InvalidRequest as refused:
        return NotPlannable(tuple(refused.findings))
    if isinstance(made, PlannerBusy):
        return made
    record = _record(partner_id, site.site_id, assembled, checked(assembled.request, made), ports.clock.now())
    return record if previous is None else replace(record, previous_plan_id=previous.plan_id)


def checked(request: PlanRequest, plan: Plan) -> CheckedPlan:
    """The plan where the check finds nothing wrong; else the fallback plan, with the check's verdict on that."""
    violations = check_plan(request, plan).violations
    if not violations:
        return CheckedPlan(plan, is_safe=True)
    fallback = fallback_plan(request, f"the check refused the plan: {violations[0].message}")
    return CheckedPlan(fallback, is_safe=not check_plan(request, fallback).violations)


def announce_plan(record: PlanRecord, *, ports: Ports) -> None:
    """Tell those who listen that a new plan is kept."""
    content = {"plan_id": record.plan_id, "status": record.status, "is_safe": record.is_safe}
    announce(
        record.partner_id,
        record.site_id,
        "plan_made",
        record.stored_at,
        content,
        log=ports.events,
        channel=ports.channel,
    )


def _record(
    partner_id: str, site_id: str, assembled: AssembledRequest, made: CheckedPlan, now: datetime
) -> PlanRecord:
    return PlanRecord(
        partner_id=partner_id,
        site_id=site_id,
        plan_id=made.plan.plan_id,
        planned_from=assembled.request.at,
        stored_at=now,
        status=made.plan.status,
        is_safe=made.is_safe,
        request_json=assembled.request.model_dump_json().encode(),
        notes=assembled.notes,
        plan_json=noted(made.plan, assembled.notes),
    )
