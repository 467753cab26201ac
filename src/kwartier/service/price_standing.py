"""How old the prices are that sites are planned with: a source that fell silent shows here, and later on a bill."""

from dataclasses import dataclass

from kwartier.service.ports import Ports
from kwartier.service.refresh_prices import priced_zones
from kwartier.tariffs.day_ahead.market_day import market_day_of


@dataclass(frozen=True)
class PriceStanding:
    """Over all partners and the bidding zones of their dynamic contracts."""

    oldest_age_s: float
    """How long the day has been known that began last in a zone; the longest of all zones, 0 without any."""
    lacking_count: int
    """In how many today's prices are not known."""


def price_standing(*, ports: Ports) -> PriceStanding:
    """How old the newest prices are, and how many are not there."""
    now = ports.clock.now()
    today = market_day_of(now)
    ages_s, lacking = [0.0], 0
    for partner in ports.partners.list_all():
        for zone in priced_zones(partner.partner_id, ports):
            known = ports.prices.list_days(partner.partner_id, zone, today, today)
            lacking += not known
            ages_s += [(now - day.known_at).total_seconds() for day in known]
    return PriceStanding(max(ages_s), lacking)
