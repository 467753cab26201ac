"""Take in day-ahead prices that a partner sends."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kwartier.service.caller import Caller
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.price_store import PriceStore
from kwartier.site.finding import Finding
from kwartier.tariffs.day_ahead.delivery import Delivery, PricePoint, judge_delivery
from kwartier.tariffs.day_ahead.market_day import RESOLUTION_S, PriceResolution, market_day_of
from kwartier.tariffs.day_ahead.price_day import PriceDay


@dataclass(frozen=True)
class SentPrices:
    """A series of prices, EUR/MWh, null where there is none; `known_at` None means now."""

    start: datetime
    resolution: PriceResolution
    eur_per_mwh: Sequence[float | None]
    known_at: datetime | None
    source: str


@dataclass(frozen=True)
class PricesKept:
    """Every day of the series is stored."""

    days: tuple[PriceDay, ...]


@dataclass(frozen=True)
class PricesRefused:
    """A day of the series is no day of prices, so nothing of it is stored; every finding at once."""

    findings: tuple[Finding, ...]


def keep_prices(
    caller: Caller, bidding_zone: str, sent: SentPrices, *, prices: PriceStore, clock: Clock
) -> PricesKept | PricesRefused:
    """The series as whole market days, each judged; the last prices known stay in force where one is refused."""
    now = clock.now()
    if sent.known_at is not None and sent.known_at > now:
        return PricesRefused((_KNOWN_LATER,))
    deliveries = _days(bidding_zone, sent)
    if not deliveries:
        return PricesRefused((_NO_PRICES,))
    earlier = prices.list_days(caller.partner_id, bidding_zone, min(deliveries), max(deliveries))
    known = {one.day: one for one in earlier}
    judged = [
        judge_delivery(
            delivery, known_at=sent.known_at or now, source=sent.source, earlier=known.get(delivery.day)
        )
        for delivery in deliveries.values()
    ]
    findings = tuple(finding for one in judged if isinstance(one, list) for finding in one)
    if findings:
        return PricesRefused(findings)
    days = tuple(one for one in judged if isinstance(one, PriceDay))
    prices.keep(caller.partner_id, days)
    return PricesKept(days)


def _days(bidding_zone: str, sent: SentPrices) -> dict[date, Delivery]:
    """One delivery for each market day that the series touches, in order; a day without any price has none."""
    step = timedelta(seconds=RESOLUTION_S[sent.resolution])
    points: dict[date, list[PricePoint]] = defaultdict(list)
    for number, price_eur_per_mwh in enumerate(sent.eur_per_mwh):
        start = sent.start + number * step
        of_day = points[market_day_of(start)]
        if price_eur_per_mwh is not None:
            of_day.append(PricePoint(start, price_eur_per_mwh))
    return {
        day: Delivery(bidding_zone, day, sent.resolution, tuple(of_day)) for day, of_day in points.items()
    }


_NO_PRICES = Finding(
    "prices.count", "ERROR", "$.eur_per_mwh", "the series has no prices; send those of whole market days"
)
_KNOWN_LATER = Finding(
    "prices.known_later", "ERROR", "$.known_at", "known_at lies in the future; leave it away for now"
)
