"""The day-ahead prices of a planning horizon: what is known, then an estimate, with the moment where it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kwartier.tariffs.day_ahead.estimate import estimated_day_eur_per_mwh
from kwartier.tariffs.day_ahead.market_day import day_start, market_day_of, step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay


@dataclass(frozen=True)
class HorizonPrices:
    """Prices per quarter-hour from `start` on, EUR/MWh; null where neither known nor to be estimated.

    `estimated_from` is the first quarter-hour that is not a known price; None where all are known.
    """

    start: datetime
    eur_per_mwh: tuple[float | None, ...]
    estimated_from: datetime | None


def horizon_prices(start: datetime, end: datetime, known: Sequence[PriceDay]) -> HorizonPrices:
    """The prices of all market days that a horizon touches. `known` holds at most one entry per day.

    From the first unknown day on everything counts as estimated, also a later day that is known: the document has one
    moment for it, and claiming too little is the safe side.
    """
    by_day = {one.day: one for one in known}
    prices_eur_per_mwh: list[float | None] = []
    estimated_from: datetime | None = None
    for day in _days(market_day_of(start), market_day_of(end - timedelta.resolution)):
        if day in by_day:
            prices_eur_per_mwh += by_day[day].quarter_hours_eur_per_mwh
            continue
        estimated_from = estimated_from or day_start(day)
        missing = (None,) * len(step_starts(day, "PT15M"))
        prices_eur_per_mwh += estimated_day_eur_per_mwh(day, known) or missing
    return HorizonPrices(day_start(market_day_of(start)), tuple(prices_eur_per_mwh), estimated_from)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
