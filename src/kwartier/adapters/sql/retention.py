"""The forgetting of what is old, in the database."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.measurement_archive import assets_of
from kwartier.adapters.sql.tables.measurements import measurement_corrections, measurements
from kwartier.adapters.sql.tables.plans import plans
from kwartier.adapters.sql.tables.sites import sites
from kwartier.service.measurement_row import epoch_us
from kwartier.service.ports.retention import Forgotten

# At a reading each minute these are 10,000 rows of one asset, a tenth of a second of the right to write.
STEP_US = 7 * 86_400 * 1_000_000


class SqlRetention:
    """Implements `kwartier.service.ports.Retention`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def forget(self, partner_id: str, *, measured_before: datetime, planned_before: datetime) -> Forgotten:
        """Delete a partner's old measurements and plans."""
        with self._database.reading(partner_id) as connection:
            names = list(connection.scalars(select(sites.c.site_id).where(sites.c.partner_id == partner_id)))
        before_us = epoch_us(measured_before)
        measurement_count = sum(
            self._forget_asset((partner_id, site_id, asset_id), before_us)
            for site_id in names
            for asset_id in self._assets(partner_id, site_id)
        )
        plan_count = sum(self._forget_plans(partner_id, site_id, planned_before) for site_id in names)
        return Forgotten(measurement_count, plan_count)

    def _assets(self, partner_id: str, site_id: str) -> Iterator[str]:
        with self._database.reading(partner_id) as connection:
            found = connection.execute(assets_of(partner_id, site_id)).all()
        return (row.asset_id for row in found)

    def _forget_asset(self, asset: tuple[str, str, str], before_us: int) -> int:
        """How many measurements it were. The key leads to the oldest one, so that nothing old costs next to nothing."""
        count = 0
        with self._database.reading(asset[0]) as connection:
            first_us = _first_us(connection, asset)
        while first_us is not None and first_us < before_us:
            end_us = min(before_us, first_us + STEP_US)
            with self._database.writing(asset[0]) as connection:
                count += _delete_until(connection, measurements, asset, end_us)
                _delete_until(connection, measurement_corrections, asset, end_us)
                first_us = _first_us(connection, asset)
        return count

    def _forget_plans(self, partner_id: str, site_id: str, planned_before: datetime) -> int:
        table = plans.c
        own = (table.partner_id == partner_id, table.site_id == site_id)
        newest = select(func.max(table.planned_from)).where(*own).scalar_subquery()
        old = (*own, table.planned_from < planned_before, table.planned_from < newest)
        with self._database.writing(partner_id) as connection:
            return connection.execute(delete(plans).where(*old)).rowcount


def _first_us(connection: Connection, asset: tuple[str, str, str]) -> int | None:
    table = measurements.c
    query = select(func.min(table.measured_us)).where(
        table.partner_id == asset[0], table.site_id == asset[1], table.asset_id == asset[2]
    )
    found: int | None = connection.scalar(query)
    return found


def _delete_until(connection: Connection, table: Table, asset: tuple[str, str, str], end_us: int) -> int:
    column = table.c
    statement = delete(table).where(
        column.partner_id == asset[0],
        column.site_id == asset[1],
        column.asset_id == asset[2],
        column.measured_us < end_us,
    )
    return connection.execute(statement).rowcount
