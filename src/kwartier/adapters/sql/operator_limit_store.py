"""Grid operators' limits in the database."""

from sqlalchemy import delete, insert, select

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.operator_limits import operator_limits
from kwartier.planning.request import GridLimit
from kwartier.service.operator_limits import FailsafeLimit, OperatorLimits

_table = operator_limits.c


class SqlOperatorLimitStore:
    """Implements `kwartier.service.ports.OperatorLimitStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, partner_id: str, site_id: str) -> OperatorLimits | None:
        """The limits that were kept last; None where there never were any."""
        query = select(operator_limits).where(_table.partner_id == partner_id, _table.site_id == site_id)
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return OperatorLimits(
            limits=tuple(map(GridLimit.model_validate, row.limits)),
            failsafe=tuple(map(FailsafeLimit.model_validate, row.failsafe)),
            limits_at=row.limits_at,
            heard_at=row.heard_at,
            was_silent=row.was_silent,
        )

    def keep(self, partner_id: str, site_id: str, told: OperatorLimits) -> None:
        """Store the limits of an existing site in place of those before."""
        row = {
            "partner_id": partner_id,
            "site_id": site_id,
            "limits": [one.model_dump(mode="json") for one in told.limits],
            "failsafe": [one.model_dump(mode="json") for one in told.failsafe],
            "limits_at": told.limits_at,
            "heard_at": told.heard_at,
            "was_silent": told.was_silent,
        }
        before = delete(operator_limits).where(_table.partner_id == partner_id, _table.site_id == site_id)
        with self._database.writing(partner_id) as connection:
            connection.execute(before)
            connection.execute(insert(operator_limits).values(row))
