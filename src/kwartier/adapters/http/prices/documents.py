"""Day-ahead prices as they are sent and read."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from kwartier.service.keep_prices import SentPrices
from kwartier.tariffs.day_ahead.market_day import PriceResolution, day_start
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.instant import Instant, format_instant
from kwartier.units.text import Name
from kwartier.units.wire import WireModel

# 400 days of quarter-hours; the body has its own bound.
MOST_PRICES_COUNT = 40_000

RESOLUTION_BY_WORD: dict[str, PriceResolution] = {"PT15M": "PT15M", "PT60M": "PT60M", "PT1H": "PT60M"}

# An ordinary day: cheap at night and at noon, dear in the evening.
_HOURS_EUR_PER_MWH = [
    72,
    70,
    68,
    67,
    69,
    78,
    95,
    110,
    104,
    90,
    76,
    64,
    58,
    57,
    62,
    75,
    92,
    118,
    131,
    124,
    108,
    95,
    84,
    77,
]

EXAMPLE_PRICES: dict[str, Any] = {
    "start": "2026-03-02T00:00:00+01:00",
    "resolution": "PT15M",
    "eur_per_mwh": [float(price) for price in _HOURS_EUR_PER_MWH for _ in range(4)],
    "source": "exchange",
}


class PricesDocument(WireModel):
    """Prices of whole market days (midnight to midnight in central European time), EUR/MWh."""

    start: Instant = Field(description="The start of the first price; midnight of a market day.")
    resolution: Literal["PT15M", "PT60M", "PT1H"] = Field(
        default="PT15M", description="PT60M (or PT1H) only for days before 2025-10-01."
    )
    eur_per_mwh: Annotated[
        list[Annotated[float, Field(ge=-1e6, le=1e6)] | None], Field(max_length=MOST_PRICES_COUNT)
    ] = Field(
        description="92, 96 or 100 quarter-hours a day, negative where the market pays; null is missing."
    )
    known_at: Instant | None = Field(
        default=None, description="When these prices were known; absent: now. For filling in history."
    )
    source: Name = Field(default="partner", description="Who published them.")

    @property
    def sent(self) -> SentPrices:
        """The prices as the service takes them."""
        resolution = RESOLUTION_BY_WORD[self.resolution]
        return SentPrices(self.start, resolution, self.eur_per_mwh, self.known_at, self.source)


class PriceDayDocument(WireModel):
    """The prices of one market day."""

    day: date = Field(description="The market day, in central European time.")
    start: Instant = Field(description="The start of its first price.")
    resolution: Literal["PT15M", "PT60M"]
    eur_per_mwh: list[float]
    known_at: Instant = Field(description="When the service had them; plans made before did not use them.")
    source: str


class PriceDaysDocument(WireModel):
    """The known prices of a bidding zone, day by day."""

    bidding_zone: str
    data: list[PriceDayDocument]


def price_days_document(bidding_zone: str, days: list[PriceDay] | tuple[PriceDay, ...]) -> dict[str, Any]:
    """The JSON value of some days of a bidding zone."""
    return {"bidding_zone": bidding_zone, "data": [_day(day) for day in days]}


def _day(day: PriceDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "start": format_instant(day_start(day.day)),
        "resolution": day.resolution,
        "eur_per_mwh": list(day.eur_per_mwh),
        "known_at": format_instant(day.known_at),
        "source": day.source,
    }
