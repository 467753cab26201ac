"""Fetch the day-ahead prices that sites need and do not have yet."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from kwartier.service.fetch_prices import NoPricesFetched, PricesFetched, fetch_prices
from kwartier.service.ports import Ports
from kwartier.service.ports.price_source import PriceSource
from kwartier.service.revalidate_sites import sites_of
from kwartier.site.contracts import DynamicContract
from kwartier.tariffs.day_ahead.market_day import MARKET_TIMEZONE, market_day_of

# The auction closes at noon and its results come at 12:57 at the earliest (SDAC's timings).
ASKED_FROM = time(12, 45)


def refresh_prices(sources: Sequence[PriceSource], *, ports: Ports) -> list[NoPricesFetched]:
    """Fetch today's and, from 12:45 on, tomorrow's prices for every partner that has a dynamic contract in a zone.

    Each zone and day is asked for once, and kept for each partner that lacks it. What came to nothing is returned; the
    last prices known stay in force.
    """
    if not sources:
        return []
    now = ports.clock.now()
    fetched: dict[tuple[str, date], PricesFetched | NoPricesFetched] = {}
    for partner in ports.partners.list_all():
        for zone in priced_zones(partner.partner_id, ports):
            for day in _missing_days(partner.partner_id, zone, now, ports):
                if (zone, day) not in fetched:
                    fetched[zone, day] = fetch_prices(zone, day, sources=sources, now=now)
                outcome = fetched[zone, day]
                if isinstance(outcome, PricesFetched):
                    ports.prices.keep(partner.partner_id, [outcome.day])
    return [one for one in fetched.values() if isinstance(one, NoPricesFetched)]


def priced_zones(partner_id: str, ports: Ports) -> list[str]:
    """The bidding zones of a partner's dynamic contracts."""
    contracts = (record.site.configurations.contract for record in sites_of(partner_id, ports))
    return sorted({one.bidding_zone for one in contracts if isinstance(one, DynamicContract)})


def _missing_days(partner_id: str, zone: str, now: datetime, ports: Ports) -> list[date]:
    today = market_day_of(now)
    is_tomorrow_due = now.astimezone(MARKET_TIMEZONE).time() >= ASKED_FROM
    days = [today, *([today + timedelta(days=1)] if is_tomorrow_due else [])]
    known = {one.day for one in ports.prices.list_days(partner_id, zone, days[0], days[-1])}
    return [day for day in days if day not in known]
