"""Plan a site now, because somebody asks."""

from dataclasses import dataclass

from kwartier.planning.request import PlanOptions
from kwartier.service.caller import Caller
from kwartier.service.make_plan import announce_plan, make_plan
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_messages import messages_of
from kwartier.service.plan_record import PlanRecord
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy
from kwartier.site.document import Site


@dataclass(frozen=True)
class SitePlanned:
    """The plan is stored. `is_new` is False where the very same request was planned before."""

    record: PlanRecord
    is_new: bool


def plan_site(
    caller: Caller, site_id: str, options: PlanOptions, *, ports: Ports
) -> SitePlanned | UnknownSite | NotPlannable | PlannerBusy:
    """The plan from this second on, made of what is stored, checked, stored with its request, and announced."""
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    at = ports.clock.now().replace(microsecond=0)
    made = make_plan(caller.partner_id, site, at, options, ports=ports)
    if not isinstance(made, PlanRecord):
        return made
    kept = ports.plans.keep(made, messages_of(made, ports=ports))
    if kept is not made:
        return SitePlanned(kept, is_new=False)
    announce_plan(kept, ports=ports)
    return SitePlanned(kept, is_new=True)
