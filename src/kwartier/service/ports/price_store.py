"""The port to stored day-ahead prices."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from kwartier.tariffs.day_ahead.price_day import PriceDay


class PriceStore(Protocol):
    """The prices that one partner works with; a correction is kept beside what was known before."""

    def keep(self, partner_id: str, days: Sequence[PriceDay]) -> None:
        """Store these days; one with the prices that were known at its moment already is not stored again."""
        ...

    def list_days(
        self, partner_id: str, bidding_zone: str, first: date, last: date, *, known_at: datetime | None = None
    ) -> list[PriceDay]:
        """Each day from `first` to `last` as it was known at a moment, or now; days without prices are left out."""
        ...
