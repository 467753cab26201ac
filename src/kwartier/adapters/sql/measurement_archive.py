"""Stored measurements in the database."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_, union_all

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.measurement_statements import ROW_COLUMNS, stored_row
from kwartier.adapters.sql.tables.measurements import measurement_corrections, measurements
from kwartier.service.measurement_row import RowKey, StoredRow
from kwartier.service.ports.measurement_archive import MeasuredAsset, Span
from kwartier.site.metering.readings import Readings

# Moment (microseconds), running total (Wh) and power (W).
_READING = np.dtype([("measured_us", "i8"), ("energy_total_wh", "f8"), ("power_w", "f8")])
_ReadingsKey = tuple[str, str, str, int, int]
READINGS = """
SELECT measured_us, energy_total_wh, power_w FROM measurements
WHERE partner_id = {0} AND site_id = {0} AND asset_id = {0} AND measured_us >= {0} AND measured_us < {0}
ORDER BY measured_us
"""


class SqlMeasurementArchive:
    """Implements `kwartier.service.ports.MeasurementArchive`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_after(
        self,
        partner_id: str,
        site_id: str,
        asset_id: str | None,
        span: Span,
        after: RowKey | None,
        limit_count: int,
    ) -> Sequence[StoredRow]:
        """At most so many rows by asset and moment, those behind `after`."""
        table = measurements.c
        query = select(*(table[name] for name in ROW_COLUMNS)).where(*_own(partner_id, site_id, span))
        if asset_id is not None:
            query = query.where(table.asset_id == asset_id)
        if after is not None:
            query = query.where(
                tuple_(table.asset_id, table.measured_us) > (after.asset_id, after.measured_us)
            )
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(query.order_by(table.asset_id, table.measured_us).limit(limit_count))
            return [stored_row(row) for row in rows]

    def has_more_than(
        self, partner_id: str, site_id: str, asset_id: str | None, span: Span, row_count: int
    ) -> bool:
        """Whether there are more rows than so many: asset by asset along the key, up to the first row too many."""
        table, left_count = measurements.c, row_count
        with self._database.reading(partner_id) as connection:
            known = [row.asset_id for row in connection.execute(assets_of(partner_id, site_id))]
            for name in known if asset_id is None else [asset_id]:
                rows = select(table.measured_us).where(
                    *_own(partner_id, site_id, span), table.asset_id == name
                )
                some = rows.limit(left_count + 1).subquery()
                left_count -= connection.scalars(select(func.count()).select_from(some)).one()
                if left_count < 0:
                    return True
        return False

    def readings(self, partner_id: str, site_id: str, asset_id: str, span: Span) -> Readings:
        """What an asset's meter said, by moment."""
        key = (partner_id, site_id, asset_id, span.from_us, span.to_us)
        with self._database.reading(partner_id) as connection:
            told = _aggregated(connection, key) if self._database.is_postgresql else _fetched(connection, key)
        return Readings(told["measured_us"] / 1e6, told["energy_total_wh"], told["power_w"])

    def readings_as_known(
        self, partner_id: str, site_id: str, asset_id: str, span: Span, known_us: int
    ) -> Readings:
        """The same as it was known at a moment: without what came later, and what was corrected later as before."""
        now, before = measurements.c, measurement_corrections.c
        columns = ("measured_us", "energy_total_wh", "power_w")
        kept = select(*(now[name] for name in columns)).where(
            *_own(partner_id, site_id, span), now.asset_id == asset_id, now.received_us <= known_us
        )
        replaced = select(*(before[name] for name in columns)).where(
            before.partner_id == partner_id,
            before.site_id == site_id,
            before.asset_id == asset_id,
            before.measured_us >= span.from_us,
            before.measured_us < span.to_us,
            before.received_us <= known_us,
            before.replaced_us > known_us,
        )
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(union_all(kept, replaced).order_by("measured_us"))
            told = np.array([tuple(row) for row in rows], dtype=_READING)
        return Readings(told["measured_us"] / 1e6, told["energy_total_wh"], told["power_w"])

    def list_assets(self, partner_id: str, site_id: str) -> Sequence[MeasuredAsset]:
        """Every asset of a site that has ever sent data, by id."""
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(assets_of(partner_id, site_id))
            return [MeasuredAsset(row.asset_id, row.last_us) for row in rows]

    def list_latest(self, partner_id: str, site_id: str) -> Sequence[StoredRow]:
        """The latest measurement of every asset of a site, by asset."""
        table, asset = measurements.c, assets_of(partner_id, site_id).subquery()
        query = select(*(table[name] for name in ROW_COLUMNS)).where(
            table.partner_id == partner_id,
            table.site_id == site_id,
            table.asset_id == asset.c.asset_id,
            table.measured_us == asset.c.last_us,
        )
        with self._database.reading(partner_id) as connection:
            return [stored_row(row) for row in connection.execute(query.order_by(table.asset_id))]

    def last_charged_us(self, partner_id: str, site_id: str, asset_id: str, span: Span) -> int | None:
        """The moment of an asset's latest measurement in a span that holds a state of charge."""
        table = measurements.c
        query = select(func.max(table.measured_us)).where(
            *_own(partner_id, site_id, span),
            table.asset_id == asset_id,
            table.charge_percent.is_not(None),
        )
        with self._database.reading(partner_id) as connection:
            found: int | None = connection.scalar(query)
        return found

    def list_earlier(self, key: RowKey) -> Sequence[StoredRow]:
        """What a measurement said before it was corrected, the oldest first."""
        table = measurement_corrections.c
        query = select(*(table[name] for name in ROW_COLUMNS)).where(
            *(table[name] == value for name, value in key._asdict().items())
        )
        with self._database.reading(key.partner_id) as connection:
            return [stored_row(row) for row in connection.execute(query.order_by(table.revision_number))]


def _fetched(connection: Connection, key: _ReadingsKey) -> Any:
    """Readings out of SQLite: the driver's own tuples, without a row object for each."""
    cursor: Any = connection.exec_driver_sql(READINGS.format("?"), key).cursor
    return np.fromiter(cursor, dtype=_READING)


def _aggregated(connection: Connection, key: _ReadingsKey) -> Any:
    from kwartier.adapters.sql.postgresql_readings import aggregated_readings

    driver: Any = connection.connection.driver_connection
    return aggregated_readings(driver, READINGS.format("%s"), key)


def _own(partner_id: str, site_id: str, span: Span) -> list[ColumnElement[bool]]:
    table = measurements.c
    return [
        table.partner_id == partner_id,
        table.site_id == site_id,
        table.measured_us >= span.from_us,
        table.measured_us < span.to_us,
    ]


def assets_of(partner_id: str, site_id: str) -> Select[Any]:
    """Each asset of a site with its latest moment, found by leaps through the key: no row between is read."""
    table = measurements.c
    own = (table.partner_id == partner_id, table.site_id == site_id)
    names = select(func.min(table.asset_id).label("asset_id")).where(*own).cte("names", recursive=True)
    following = select(func.min(table.asset_id)).where(*own, table.asset_id > names.c.asset_id)
    names = names.union_all(select(following.scalar_subquery()).where(names.c.asset_id.is_not(None)))
    latest = select(func.max(table.measured_us)).where(*own, table.asset_id == names.c.asset_id)
    found = select(names.c.asset_id, latest.scalar_subquery().label("last_us")).where(
        names.c.asset_id.is_not(None)
    )
    return found.order_by(names.c.asset_id)
