"""Days of prices for the tests: a ramp, so that each step's price is its own."""

from datetime import UTC, date, datetime, timedelta

from kwartier.tariffs.day_ahead.delivery import Delivery, PricePoint, judge_delivery
from kwartier.tariffs.day_ahead.market_day import PriceResolution, step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay

KNOWN_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

# The days of 92, 100 and 96 quarter-hours that R35 names; clocks changed on the last Sundays of March and October 2026.
SPRING, AUTUMN, PLAIN = date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 10)


def delivery(day: date, resolution: PriceResolution = "PT15M", *, moved: timedelta = timedelta()) -> Delivery:
    """A right delivery of 10, 10.5, 11 … EUR/MWh, its stamps moved."""
    starts = step_starts(day, resolution)
    points = (PricePoint(start + moved, 10.0 + 0.5 * index) for index, start in enumerate(starts))
    return Delivery("BE", day, resolution, tuple(points))


def price_day(day: date, *, eur_per_mwh: float | None = None, source: str = "exchange") -> PriceDay:
    """A day as it is kept, a ramp or flat."""
    made = judge_delivery(delivery(day), known_at=KNOWN_AT, source=source)
    assert isinstance(made, PriceDay)
    if eur_per_mwh is None:
        return made
    flat = (eur_per_mwh,) * len(made.eur_per_mwh)
    return PriceDay(made.bidding_zone, day, made.resolution, flat, KNOWN_AT, source)
