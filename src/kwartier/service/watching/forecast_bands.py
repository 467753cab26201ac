"""Between which values eight of ten quarter-hours of a site's sun and load are expected to lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.planning.request import PlanOptions
from kwartier.service.caller import Caller
from kwartier.service.gather_site_facts import gather_site_facts
from kwartier.service.plan_assembly.forecasts import SeriesOutlook, series_outlooks
from kwartier.service.plannable_site import plannable_site
from kwartier.service.ports import Ports
from kwartier.service.watching.site_timeline import Column
from kwartier.site.document import Site
from kwartier.units.quarter_hour import QUARTER_S, epoch_s


@dataclass(frozen=True)
class Band:
    """P10 and P90 of each quarter-hour, W; None before the forecast begins."""

    low_w: Column
    high_w: Column


def forecast_bands(
    caller: Caller, site_id: str, starts: Sequence[datetime], *, ports: Ports
) -> Mapping[str, Band]:
    """The band of each series over the quarter-hours that begin then; none of a site that cannot be planned."""
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return {}
    at = ports.clock.now().replace(microsecond=0)
    facts = gather_site_facts(caller.partner_id, site, at, PlanOptions(), ports=ports)
    outlooks = series_outlooks(facts, starts[-1] + timedelta(seconds=QUARTER_S))
    return {name: _band(outlook, starts) for name, outlook in outlooks.items()}


def _band(outlook: SeriesOutlook, starts: Sequence[datetime]) -> Band:
    skipped = int((outlook.power.first_s - epoch_s(starts[0])) // QUARTER_S)
    low_w, high_w = (
        ([None] * skipped + outlook.power.level_w(level).tolist())[: len(starts)] for level in (0.1, 0.9)
    )
    return Band(low_w, high_w)
