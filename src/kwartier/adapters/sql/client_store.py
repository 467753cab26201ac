"""Clients and the hashes of their secrets in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.partners import client_secrets, clients
from kwartier.service.caller import SCOPE_BY_WORD
from kwartier.service.partner import Client, ClientSecret


class SqlClientStore:
    """Implements `kwartier.service.ports.ClientStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, client: Client) -> None:
        """Keep a new client with its secrets."""
        row = {
            "partner_id": client.partner_id,
            "client_id": client.client_id,
            "scope": client.scope.word,
            "created_at": client.created_at,
            "revoked_at": client.revoked_at,
        }
        with self._database.writing(client.partner_id) as connection:
            connection.execute(insert(clients).values(row))
            for number, secret in enumerate(reversed(client.secrets), start=1):
                _add_secret(connection, client.partner_id, client.client_id, number, secret)

    def get(self, partner_id: str, client_id: str) -> Client | None:
        """A client with its secrets, the newest first."""
        found = self._list(partner_id, clients.c.client_id == client_id) if partner_id else []
        return found[0] if found else None

    def list_all(self, partner_id: str) -> list[Client]:
        """All clients of a partner, by id."""
        return self._list(partner_id, clients.c.client_id.is_not(None))

    def _list(self, partner_id: str, condition: ColumnElement[bool]) -> list[Client]:
        own = select(clients).where(clients.c.partner_id == partner_id, condition).order_by("client_id")
        secrets = (
            select(client_secrets)
            .where(client_secrets.c.partner_id == partner_id)
            .order_by(client_secrets.c.secret_number.desc())
        )
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(own).all()
            return [
                _client(
                    row, connection.execute(secrets.where(client_secrets.c.client_id == row.client_id)).all()
                )
                for row in rows
            ]

    def add_secret(
        self, partner_id: str, client_id: str, secret: ClientSecret, *, others_expire_at: datetime
    ) -> None:
        """Give a client a new secret; the others stop working at that moment, or before where they do already."""
        own = (client_secrets.c.partner_id == partner_id, client_secrets.c.client_id == client_id)
        lives_longer = or_(
            client_secrets.c.expires_at.is_(None), client_secrets.c.expires_at > others_expire_at
        )
        with self._database.writing(partner_id) as connection:
            connection.execute(
                update(client_secrets).where(*own, lives_longer).values(expires_at=others_expire_at)
            )
            last = connection.scalar(select(func.max(client_secrets.c.secret_number)).where(*own))
            _add_secret(connection, partner_id, client_id, (last or 0) + 1, secret)

    def revoke(self, partner_id: str, client_id: str, at: datetime) -> None:
        """Revoke a client for good; a second time changes nothing."""
        own = (clients.c.partner_id == partner_id, clients.c.client_id == client_id)
        with self._database.writing(partner_id) as connection:
            connection.execute(
                update(clients).where(*own, clients.c.revoked_at.is_(None)).values(revoked_at=at)
            )


def _add_secret(
    connection: Connection, partner_id: str, client_id: str, number: int, secret: ClientSecret
) -> None:
    row = {
        "partner_id": partner_id,
        "client_id": client_id,
        "secret_number": number,
        "secret_hash": secret.secret_hash,
        "created_at": secret.created_at,
        "expires_at": secret.expires_at,
    }
    connection.execute(insert(client_secrets).values(row))


def _client(row: Row[Any], secrets: Sequence[Row[Any]]) -> Client:
    return Client(
        partner_id=row.partner_id,
        client_id=row.client_id,
        scope=SCOPE_BY_WORD[row.scope],
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        secrets=tuple(ClientSecret(one.secret_hash, one.created_at, one.expires_at) for one in secrets),
    )
