"""Which sites are only tried out, in the database."""

from sqlalchemy import delete, insert, select

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.dry_runs import dry_runs
from kwartier.service.dry_run import DryRun

_table = dry_runs.c


class SqlDryRunStore:
    """Implements `kwartier.service.ports.DryRunStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, partner_id: str, site_id: str) -> DryRun | None:
        """The setting that was kept last; None where there never was one."""
        query = select(_table.is_on, _table.changed_at).where(
            _table.partner_id == partner_id, _table.site_id == site_id
        )
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        return None if row is None else DryRun(*row)

    def keep(self, partner_id: str, site_id: str, setting: DryRun) -> None:
        """Store the setting of an existing site in place of the one before."""
        key = {"partner_id": partner_id, "site_id": site_id}
        before = delete(dry_runs).where(_table.partner_id == partner_id, _table.site_id == site_id)
        with self._database.writing(partner_id) as connection:
            connection.execute(before)
            connection.execute(insert(dry_runs).values({**key, **vars(setting)}))
