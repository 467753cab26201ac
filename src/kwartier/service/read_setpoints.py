"""Read what the devices of a site should do now."""

from dataclasses import dataclass

from kwartier.control.setpoints import SiteSetpoints, site_setpoints
from kwartier.planning.check import check_plan
from kwartier.planning.plan import Plan
from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_assembly.assemble import planned_form
from kwartier.service.plan_record import PlanRecord
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.dry_run_store import DryRunStore
from kwartier.service.ports.plan_store import PlanStore
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.ports.standing_store import StandingStore
from kwartier.service.set_dry_run import is_dry
from kwartier.site.document import Site


@dataclass(frozen=True)
class WouldBeTold:
    """What the devices would be told, were the site not only tried out."""

    setpoints: SiteSetpoints


def read_setpoints(
    caller: Caller,
    site_id: str,
    *,
    sites: SiteStore,
    plans: PlanStore,
    standings: StandingStore,
    dry_runs: DryRunStore,
    clock: Clock,
) -> SiteSetpoints | WouldBeTold | UnknownSite | NotPlannable:
    """What the control has told the devices; where none runs, the first steps of the plan in force, or the floor.

    In a dry run it is what they would be told.

    A document with ERROR findings has no setpoints: its limits cannot be trusted.
    """
    site = plannable_site(caller.partner_id, site_id, sites=sites)
    if not isinstance(site, Site):
        return site
    configuration = site.planned_configuration
    now = clock.now()
    record = plans.in_force(caller.partner_id, site_id, now)
    plan = None if record is None else plan_for(site, record)
    planned = site_setpoints(configuration, plan, now)
    standing = standings.get(caller.partner_id, site_id)
    told = None if standing is None else standing.in_force(now)
    found = planned if told is None else SiteSetpoints(tuple(told), planned.warnings)
    return WouldBeTold(found) if is_dry(caller.partner_id, site_id, dry_runs=dry_runs) else found


def plan_for(site: Site, record: PlanRecord) -> Plan | None:
    """The stored plan, where it holds for the site as it is now: for a changed document it is checked anew."""
    now = planned_form(site)
    request = record.request
    if request.site == now:
        return record.plan
    return (
        record.plan
        if not check_plan(request.model_copy(update={"site": now}), record.plan).violations
        else None
    )
