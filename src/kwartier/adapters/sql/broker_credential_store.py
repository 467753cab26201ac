"""Broker credentials in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.broker_credentials import broker_credentials
from kwartier.service.broker_credential import BrokerCredential


class SqlBrokerCredentialStore:
    """Implements `kwartier.service.ports.BrokerCredentialStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, credential: BrokerCredential) -> None:
        """Keep a new one."""
        row = {column.name: getattr(credential, column.name) for column in broker_credentials.columns}
        with self._database.writing(credential.partner_id) as connection:
            connection.execute(insert(broker_credentials).values(row))

    def list_all(self, partner_id: str) -> Sequence[BrokerCredential]:
        """All of them by username, revoked ones too."""
        own = select(broker_credentials).where(broker_credentials.c.partner_id == partner_id)
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(own.order_by(broker_credentials.c.username)).mappings()
            return [BrokerCredential(**row) for row in rows]

    def revoke(self, partner_id: str, username: str, at: datetime) -> bool:
        """Revoke one for good; False where the partner has none of that name in use."""
        table = broker_credentials.c
        used = (table.partner_id == partner_id, table.username == username, table.revoked_at.is_(None))
        with self._database.writing(partner_id) as connection:
            changed = connection.execute(update(broker_credentials).where(*used).values(revoked_at=at))
            return changed.rowcount > 0
