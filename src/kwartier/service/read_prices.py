"""Read the day-ahead prices that a partner works with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kwartier.service.caller import Caller
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.price_store import PriceStore
from kwartier.tariffs.day_ahead.market_day import market_day_of
from kwartier.tariffs.day_ahead.price_day import PriceDay

# A quarter of a year: some 200 kB of JSON.
MOST_DAYS_COUNT = 100


@dataclass(frozen=True)
class PriceQuery:
    """Which days, both included, as known when; None: from yesterday, to the day after tomorrow, as known now."""

    first_day: date | None = None
    last_day: date | None = None
    known_at: datetime | None = None


@dataclass(frozen=True)
class NoPrices:
    """Nothing is known of these days in this zone."""


@dataclass(frozen=True)
class SpanTooLong:
    """The last day comes before the first one, or too long after it."""


def read_prices(
    caller: Caller, bidding_zone: str, query: PriceQuery, *, prices: PriceStore, clock: Clock
) -> list[PriceDay] | NoPrices | SpanTooLong:
    """Each day that is known, in order."""
    today = market_day_of(clock.now())
    first = query.first_day or (query.last_day or today) - timedelta(days=1)
    last = query.last_day or max(first, today) + timedelta(days=2)
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS_COUNT):
        return SpanTooLong()
    found = prices.list_days(caller.partner_id, bidding_zone, first, last, known_at=query.known_at)
    return found or NoPrices()
