"""Day-ahead prices in the database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, insert, select

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.prices import price_days
from kwartier.tariffs.day_ahead.price_day import PriceDay


class SqlPriceStore:
    """Implements `kwartier.service.ports.PriceStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, partner_id: str, days: Sequence[PriceDay]) -> None:
        """Store these days; one with the prices that were known at its moment already is not stored again."""
        with self._database.writing(partner_id) as connection:
            for day in days:
                known = connection.execute(_known(partner_id, day)).first()
                if known is not None and _day(known).eur_per_mwh == day.eur_per_mwh:
                    continue
                if known is not None and known.known_at == day.known_at:
                    connection.execute(delete(price_days).where(*_version(partner_id, day)))
                connection.execute(insert(price_days).values(_values(partner_id, day)))

    def list_days(
        self, partner_id: str, bidding_zone: str, first: date, last: date, *, known_at: datetime | None = None
    ) -> list[PriceDay]:
        """Each day as it was known at a moment, or now; days without prices are left out."""
        table = price_days.c
        query = select(price_days).where(
            table.partner_id == partner_id, table.bidding_zone == bidding_zone, table.day.between(first, last)
        )
        if known_at is not None:
            query = query.where(table.known_at <= known_at)
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(query.order_by(table.day, table.known_at)).all()
        return list({row.day: _day(row) for row in rows}.values())


def _known(partner_id: str, day: PriceDay) -> Select[Any]:
    """The version of a day that was known when this one came."""
    table = price_days.c
    own = (table.partner_id == partner_id, table.bidding_zone == day.bidding_zone, table.day == day.day)
    known = select(price_days).where(*own, table.known_at <= day.known_at)
    return known.order_by(table.known_at.desc()).limit(1)


def _version(partner_id: str, day: PriceDay) -> tuple[ColumnElement[bool], ...]:
    table = price_days.c
    return (
        table.partner_id == partner_id,
        table.bidding_zone == day.bidding_zone,
        table.day == day.day,
        table.known_at == day.known_at,
    )


def _values(partner_id: str, day: PriceDay) -> dict[str, Any]:
    return {
        "partner_id": partner_id,
        "bidding_zone": day.bidding_zone,
        "day": day.day,
        "known_at": day.known_at,
        "resolution": day.resolution,
        "eur_per_mwh": list(day.eur_per_mwh),
        "source": day.source,
    }


def _day(row: Row[Any]) -> PriceDay:
    prices_eur_per_mwh = tuple(map(float, row.eur_per_mwh))
    return PriceDay(row.bidding_zone, row.day, row.resolution, prices_eur_per_mwh, row.known_at, row.source)
