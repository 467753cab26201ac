"""Read stored plans."""

from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.page import Page, page_of
from kwartier.service.plan_record import PlanRecord, PlanSummary
from kwartier.service.planning_outcomes import UnknownPlan
from kwartier.service.ports.plan_store import PlanKey, PlanStore
from kwartier.service.ports.site_store import SiteStore


def read_plan(
    caller: Caller, site_id: str, plan_id: str | None, *, sites: SiteStore, plans: PlanStore
) -> PlanRecord | UnknownSite | UnknownPlan:
    """The plan of that id; None stands for the latest one."""
    if sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    if plan_id is None:
        return plans.latest(caller.partner_id, site_id) or UnknownPlan()
    return plans.get(caller.partner_id, site_id, plan_id) or UnknownPlan()


def list_plans(
    caller: Caller,
    site_id: str,
    *,
    before: PlanKey | None,
    page_size: int,
    sites: SiteStore,
    plans: PlanStore,
) -> Page[PlanSummary] | UnknownSite:
    """A page of the site's plans, the latest first."""
    if sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    return page_of(
        lambda limit_count: plans.list_before(caller.partner_id, site_id, before, limit_count), page_size
    )
