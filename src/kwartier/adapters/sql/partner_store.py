"""Partners in the database."""

from typing import Any

from sqlalchemy import Row, insert, or_, select
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.partners import partners
from kwartier.service.partner import Partner


class SqlPartnerStore:
    """Implements `kwartier.service.ports.PartnerStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, partner: Partner) -> bool:
        """Keep a new partner; False where its name or id is taken."""
        row = {"partner_id": partner.partner_id, "name": partner.name, "created_at": partner.created_at}
        try:
            with self._database.operating() as connection:
                connection.execute(insert(partners).values(row))
        except IntegrityError:
            return False
        return True

    def find(self, name_or_id: str) -> Partner | None:
        """The partner with this id, else the one with this name."""
        is_meant = or_(partners.c.partner_id == name_or_id, partners.c.name == name_or_id)
        query = select(partners).where(is_meant).order_by(partners.c.partner_id != name_or_id).limit(1)
        with self._database.operating() as connection:
            row = connection.execute(query).first()
        return None if row is None else _partner(row)

    def list_all(self) -> list[Partner]:
        """Every partner, by id."""
        with self._database.operating() as connection:
            return [_partner(row) for row in connection.execute(select(partners).order_by("partner_id"))]


def _partner(row: Row[Any]) -> Partner:
    return Partner(row.partner_id, row.name, row.created_at)
