"""Day-ahead prices in memory."""

from collections.abc import Sequence
from datetime import date, datetime

from kwartier.tariffs.day_ahead.price_day import PriceDay


class FakePriceStore:
    """Implements `kwartier.service.ports.PriceStore`."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, str, date, datetime], PriceDay] = {}

    def keep(self, partner_id: str, days: Sequence[PriceDay]) -> None:
        """Store these days; one with the prices that were known at its moment already is not stored again."""
        for day in days:
            known = self.list_days(partner_id, day.bidding_zone, day.day, day.day, known_at=day.known_at)
            if not known or known[0].eur_per_mwh != day.eur_per_mwh:
                self._versions[partner_id, day.bidding_zone, day.day, day.known_at] = day

    def list_days(
        self, partner_id: str, bidding_zone: str, first: date, last: date, *, known_at: datetime | None = None
    ) -> list[PriceDay]:
        """Each day as it was known at a moment, or now; days without prices are left out."""
        found: dict[date, PriceDay] = {}
        for (owner, zone, day, version), prices in sorted(self._versions.items(), key=lambda item: item[0]):
            is_asked = (owner, zone) == (partner_id, bidding_zone) and first <= day <= last
            if is_asked and (known_at is None or version <= known_at):
                found[day] = prices
        return list(found.values())
