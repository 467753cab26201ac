"""The prices of one market day as they are kept: complete, in order, with the moment they were known."""

from dataclasses import dataclass
from datetime import date, datetime

from kwartier.tariffs.day_ahead.market_day import RESOLUTION_S, PriceResolution
from kwartier.units.quarter_hour import QUARTER_S


@dataclass(frozen=True)
class PriceDay:
    """Every price of a delivery day, EUR/MWh, in the order of time. Only `delivery.judge_delivery` makes one.

    `known_at` is when the service had them; a plan made before must not have used them.
    """

    bidding_zone: str
    day: date
    resolution: PriceResolution
    eur_per_mwh: tuple[float, ...]
    known_at: datetime
    source: str

    @property
    def quarter_hours_eur_per_mwh(self) -> tuple[float, ...]:
        """The price of each quarter-hour, 92, 96 or 100 of them; an hour's price holds for its four."""
        repeat_count = RESOLUTION_S[self.resolution] // QUARTER_S
        return tuple(price for price in self.eur_per_mwh for _ in range(repeat_count))
