"""Standings in the database."""

from sqlalchemy import delete, insert, select

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.standings import standings
from kwartier.control.setpoint import Setpoint
from kwartier.service.dispatching.standing import SiteStanding, StoodOn

_table = standings.c


class SqlStandingStore:
    """Implements `kwartier.service.ports.StandingStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, partner_id: str, site_id: str) -> SiteStanding | None:
        """The standing that was kept last; None where the site was never controlled."""
        query = select(standings).where(_table.partner_id == partner_id, _table.site_id == site_id)
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        setpoints = tuple(map(Setpoint.model_validate, row.setpoints))
        return SiteStanding(row.stood_at, row.rung, row.reason, setpoints)

    def list_rungs(self, partner_id: str) -> dict[str, StoodOn]:
        """On which rung each site stood last, and when, by site."""
        query = select(_table.site_id, _table.rung, _table.stood_at).where(_table.partner_id == partner_id)
        with self._database.reading(partner_id) as connection:
            return {row.site_id: StoodOn(row.rung, row.stood_at) for row in connection.execute(query)}

    def keep(self, partner_id: str, site_id: str, standing: SiteStanding) -> None:
        """Store the standing of an existing site in place of the one before."""
        row = {
            "partner_id": partner_id,
            "site_id": site_id,
            "stood_at": standing.at,
            "rung": standing.rung,
            "reason": standing.reason,
            "setpoints": [one.model_dump(mode="json") for one in standing.setpoints],
        }
        before = delete(standings).where(_table.partner_id == partner_id, _table.site_id == site_id)
        with self._database.writing(partner_id) as connection:
            connection.execute(before)
            connection.execute(insert(standings).values(row))
