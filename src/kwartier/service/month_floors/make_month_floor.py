"""Make the floor of a site's month: what the best of the month before would have had as its peak."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from kwartier.service.month_floors.month_floor import (
    AGAIN_AFTER,
    MonthFloor,
    month_at,
    own_moment,
)
from kwartier.service.month_floors.recorded_month import NotWhole, recorded_month
from kwartier.service.plannable_site import plannable_site
from kwartier.service.ports import Ports
from kwartier.simulation.period import Period, closed
from kwartier.simulation.period_request import period_request
from kwartier.site.document import Site
from kwartier.site.timezone import site_timezone
from kwartier.tariffs import LocalMonth
from kwartier.units.quarter_hour import QUARTER_S, from_epoch_s

# Longer than the solver may take; then another process may try.
LEASE = timedelta(minutes=10)

OWN_PRICE = (
    "the site's own peak_price counts each phase from the month's peak so far, and knows no expected one"
)
NO_PEAKS = "peak_minimization is not active"
NO_SHEET = "no grid operator's tariff is named, so no peak has a price"
# What the site's document says each day: no news.
OF_NO_USE = frozenset({OWN_PRICE, NO_PEAKS, NO_SHEET})


@dataclass(frozen=True)
class FloorMade:
    """A floor is kept, or why there is none."""

    partner_id: str
    site_id: str
    floor: MonthFloor


@dataclass(frozen=True)
class NoFloorDue:
    """Somebody else makes it, or the site is gone, or its month has only just begun."""


def make_month_floor(partner_id: str, site_id: str, *, ports: Ports) -> FloorMade | NoFloorDue:
    """Make, keep and return the floor of the running month; the next one is due in the first hours of the next.

    Where there is none it is tried again a day later: what was missing may have come.
    """
    now = ports.clock.now()
    if not ports.month_floors.take(partner_id, site_id, now, now + LEASE):
        return NoFloorDue()
    site = plannable_site(partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return NoFloorDue()
    month = month_at(now, site_timezone(site))
    found = _found(partner_id, site, month, ports)
    if isinstance(found, str):
        floor = MonthFloor(month, now, reason=found)
        again_at = now + AGAIN_AFTER
    else:
        floor = MonthFloor(month, now, found)
        again_at = own_moment(partner_id, site_id, month.later(1), site_timezone(site))
    ports.month_floors.keep(partner_id, site_id, floor, again_at)
    return FloorMade(partner_id, site_id, floor)


def due_sites(*, ports: Ports) -> Iterator[tuple[str, str]]:
    """Partner and site of every floor that is due."""
    now = ports.clock.now()
    for partner in ports.partners.list_all():
        for site_id in ports.month_floors.list_due(partner.partner_id, now):
            yield partner.partner_id, site_id


def _found(partner_id: str, site: Site, month: LocalMonth, ports: Ports) -> dict[str, float] | str:
    """The peak of each connection in the optimum of the month before, W; else why there is none."""
    of_no_use = _why_of_no_use(site, ports)
    if of_no_use is not None:
        return of_no_use
    indices = month.later(-1).quarter_indices(site_timezone(site))
    period = Period(from_epoch_s(indices.start * QUARTER_S), from_epoch_s(indices.stop * QUARTER_S))
    recorded = recorded_month(partner_id, site, period, ports=ports)
    if isinstance(recorded, NotWhole):
        return f"{month.later(-1)} is not whole: {recorded.reason}"
    request = period_request(closed(recorded, period), period)
    found = ports.hindsight_peaks.highest_w(request, period.days)
    return found if isinstance(found, str) else {root: round(peak_w, 1) for root, peak_w in found.items()}


def _why_of_no_use(site: Site, ports: Ports) -> str | None:
    configuration = site.configurations.optimization_configuration
    peaks = None if configuration is None else configuration.peak_minimization
    if peaks is None or not peaks.active:
        return NO_PEAKS
    if peaks.peak_price is not None and ports.flags.configurable_peak_price:
        return OWN_PRICE
    return NO_SHEET if site.configurations.dso is None else None
