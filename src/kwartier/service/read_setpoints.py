"""Read what the devices of a site should do now."""

from dataclasses import dataclass
from datetime import datetime

from kwartier.control.setpoints import SiteSetpoints, site_setpoints
from kwartier.planning.check import check_plan
from kwartier.planning.plan import Plan
from kwartier.service.caller import Caller
from kwartier.service.feature_flags import FeatureFlags
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
from kwartier.units.instant import format_instant

SILENT = "the control has not been heard since {since}: the largest equal share that fits everywhere"


@dataclass(frozen=True)
class SetpointsRead:
    """What devices should do now, or would be told were the site not only tried out.

    `told_at` is when the control said last that these are in force; None where it was not the control that said so.
    """

    setpoints: SiteSetpoints
    told_at: datetime | None
    is_dry: bool


def read_setpoints(
    caller: Caller,
    site_id: str,
    *,
    sites: SiteStore,
    plans: PlanStore,
    standings: StandingStore,
    dry_runs: DryRunStore,
    clock: Clock,
    flags: FeatureFlags,
) -> SetpointsRead | UnknownSite | NotPlannable:
    """What the control has told the devices; where none runs, the first steps of the plan in force, or the floor.

    Where this process should hear the control of a site that it had, and does not, the site is on its floor too: nobody
    holds a plan against what the meters show (reliability.md, section 6: server gone).

    A document with ERROR findings has no setpoints: its limits cannot be trusted.
    """
    site = plannable_site(caller.partner_id, site_id, sites=sites)
    if not isinstance(site, Site):
        return site
    configuration = site.planned_configuration
    now, dry = clock.now(), is_dry(caller.partner_id, site_id, dry_runs=dry_runs)
    standing = standings.get(caller.partner_id, site_id)
    told = None if standing is None else standing.in_force(now)
    if standing is not None and told is None and flags.control:
        silent = SILENT.format(since=format_instant(standing.at.replace(microsecond=0)))
        return SetpointsRead(site_setpoints(configuration, None, now, without_plan=silent), None, dry)
    record = plans.in_force(caller.partner_id, site_id, now)
    planned = site_setpoints(configuration, None if record is None else plan_for(site, record), now)
    if standing is None or told is None:
        return SetpointsRead(planned, None, dry)
    return SetpointsRead(SiteSetpoints(tuple(told), planned.warnings), standing.at, dry)


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
