"""Read the forecasts that a plan would use now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.planning.request import ExpectedSession, PlanOptions
from kwartier.service.caller import Caller
from kwartier.service.gather_site_facts import gather_site_facts
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_assembly.forecasts import SeriesOutlook, series_outlooks
from kwartier.service.plan_assembly.sessions import PredictedSession, expected_sessions, predicted_sessions
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.site.document import Site
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME, OptimizationConfiguration


@dataclass(frozen=True)
class SiteForecasts:
    """The forecast of each series from `at` on, the running sessions, and the cars that are likely to come."""

    at: datetime
    outlooks: dict[str, SeriesOutlook]
    sessions: list[PredictedSession]
    expected: list[ExpectedSession]


def read_forecasts(
    caller: Caller, site_id: str, *, ports: Ports
) -> SiteForecasts | UnknownSite | NotPlannable:
    """The forecasts over the site's planning horizon."""
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    at = ports.clock.now().replace(microsecond=0)
    facts = gather_site_facts(caller.partner_id, site, at, PlanOptions(), ports=ports)
    settings = site.configurations.optimization_configuration or OptimizationConfiguration()
    end = at + timedelta(days=HORIZON_DAYS_BY_NAME[settings.planning_horizon])
    expected, _ = expected_sessions(facts, end)
    return SiteForecasts(at, series_outlooks(facts, end), predicted_sessions(facts), expected)
