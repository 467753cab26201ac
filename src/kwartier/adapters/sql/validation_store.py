"""The last validation status of each site in the database."""

from sqlalchemy import delete, insert, select, update

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.events import validation_states
from kwartier.adapters.sql.tables.sites import sites
from kwartier.service.validation_state import ValidationState
from kwartier.site.validation_status import ValidationStatus
from kwartier.units.instant import format_instant, parse_instant


class SqlValidationStore:
    """Implements `kwartier.service.ports.ValidationStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, partner_id: str, site_id: str) -> ValidationState | None:
        """The last status with its history; None before the first."""
        table = validation_states.c
        query = select(validation_states).where(table.partner_id == partner_id, table.site_id == site_id)
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        since = {path: parse_instant(moment) for path, moment in row.since.items()}
        return ValidationState(ValidationStatus.model_validate(row.validation_status), since)

    def keep(self, partner_id: str, site_id: str, state: ValidationState) -> None:
        """Store it, also with the site as it is read back; the document's revision stays."""
        document = state.status.model_dump(mode="json")
        table = validation_states.c
        row = {
            "partner_id": partner_id,
            "site_id": site_id,
            "validation_status": document,
            "since": {path: format_instant(moment) for path, moment in state.since.items()},
        }
        with self._database.writing(partner_id) as connection:
            connection.execute(
                delete(validation_states).where(table.partner_id == partner_id, table.site_id == site_id)
            )
            connection.execute(insert(validation_states).values(row))
            connection.execute(
                update(sites)
                .where(sites.c.partner_id == partner_id, sites.c.site_id == site_id)
                .values(validation_status=document)
            )
