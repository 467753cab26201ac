"""Plan a site now."""

from dataclasses import dataclass

from kwartier.planning.check import check_plan
from kwartier.planning.fallback import fallback_plan
from kwartier.planning.plan import Plan
from kwartier.planning.problem import InvalidRequest
from kwartier.planning.request import PlanOptions, PlanRequest
from kwartier.service.announce import announce
from kwartier.service.caller import Caller
from kwartier.service.gather_site_facts import gather_site_facts
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_assembly.assemble import AssembledRequest, assemble_plan_request
from kwartier.service.plan_record import PlanRecord
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy
from kwartier.service.replay_plan import noted
from kwartier.site.document import Site

# planner.md: the service's cycle plans in quarter-hours for 12 h, then in hours.
CYCLE_OPTIONS = PlanOptions(resolution="mixed")


@dataclass(frozen=True)
class SitePlanned:
    """The plan is stored. `is_new` is False where the very same request was planned before."""

    record: PlanRecord
    is_new: bool


@dataclass(frozen=True)
class CheckedPlan:
    """A plan with the check's verdict."""

    plan: Plan
    is_safe: bool


def plan_site(
    caller: Caller, site_id: str, options: PlanOptions, *, ports: Ports
) -> SitePlanned | UnknownSite | NotPlannable | PlannerBusy:
    """The plan from this second on, made of what is stored, checked, stored with its request, and announced."""
    site = plannable_site(caller, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    at = ports.clock.now().replace(microsecond=0)
    flagged = options.model_copy(
        update={
            "configurable_peak_price": options.configurable_peak_price and ports.flags.configurable_peak_price
        }
    )
    facts = gather_site_facts(caller.partner_id, site, at, flagged, ports=ports)
    assembled = assemble_plan_request(facts)
    try:
        made = ports.planner.plan(assembled.request)
    except InvalidRequest as refused:
        return NotPlannable(tuple(refused.findings))
    if isinstance(made, PlannerBusy):
        return made
    return _stored(caller, site, assembled, checked(assembled.request, made), ports)


def checked(request: PlanRequest, plan: Plan) -> CheckedPlan:
    """The plan where the check finds nothing wrong; else the fallback plan, with the check's verdict on that."""
    violations = check_plan(request, plan).violations
    if not violations:
        return CheckedPlan(plan, is_safe=True)
    fallback = fallback_plan(request, f"the check refused the plan: {violations[0].message}")
    return CheckedPlan(fallback, is_safe=not check_plan(request, fallback).violations)


def _stored(
    caller: Caller, site: Site, assembled: AssembledRequest, made: CheckedPlan, ports: Ports
) -> SitePlanned:
    now = ports.clock.now()
    record = PlanRecord(
        partner_id=caller.partner_id,
        site_id=site.site_id,
        plan_id=made.plan.plan_id,
        planned_from=assembled.request.at,
        stored_at=now,
        status=made.plan.status,
        is_safe=made.is_safe,
        request_json=assembled.request.model_dump_json().encode(),
        notes=assembled.notes,
        plan_json=noted(made.plan, assembled.notes),
    )
    kept = ports.plans.keep(record)
    if kept is not record:
        return SitePlanned(kept, is_new=False)
    content = {"plan_id": kept.plan_id, "status": kept.status, "is_safe": kept.is_safe}
    announce(
        caller.partner_id,
        site.site_id,
        "plan_made",
        now,
        content,
        log=ports.events,
        channel=ports.channel,
    )
    return SitePlanned(kept, is_new=True)
