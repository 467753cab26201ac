"""The dashboard's users and their sessions in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.users import user_sessions, users
from kwartier.service.user import Role, User, UserSession


class SqlUserStore:
    """Implements `kwartier.service.ports.UserStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user: User) -> bool:
        """Keep a new user; False where the name is taken."""
        row = {
            "partner_id": user.partner_id,
            "user_name": user.user_name,
            "role": user.role.value,
            "password_hash": user.password_hash,
            "created_at": user.created_at,
            "revoked_at": user.revoked_at,
        }
        try:
            with self._database.writing(user.partner_id) as connection:
                connection.execute(insert(users).values(row))
        except IntegrityError:
            return False
        return True

    def get(self, partner_id: str, user_name: str) -> User | None:
        """A user, revoked or not."""
        query = select(users).where(users.c.partner_id == partner_id, users.c.user_name == user_name)
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        return None if row is None else _user(row)

    def list_all(self, partner_id: str) -> list[User]:
        """All users of a partner, by name."""
        query = select(users).where(users.c.partner_id == partner_id).order_by("user_name")
        with self._database.reading(partner_id) as connection:
            return [_user(row) for row in connection.execute(query)]

    def change_password(self, partner_id: str, user_name: str, password_hash: str, at: datetime) -> None:
        """Give a user another password; all sessions of the user end."""
        own = (users.c.partner_id == partner_id, users.c.user_name == user_name)
        with self._database.writing(partner_id) as connection:
            connection.execute(update(users).where(*own).values(password_hash=password_hash))
            _end_sessions(connection, partner_id, user_name, at)

    def revoke(self, partner_id: str, user_name: str, at: datetime) -> None:
        """Revoke a user for good, and end the user's sessions."""
        own = (users.c.partner_id == partner_id, users.c.user_name == user_name)
        with self._database.writing(partner_id) as connection:
            connection.execute(update(users).where(*own, users.c.revoked_at.is_(None)).values(revoked_at=at))
            _end_sessions(connection, partner_id, user_name, at)

    def start_session(self, session: UserSession) -> None:
        """Keep a new session, and forget those of the user that are over."""
        is_over = or_(user_sessions.c.ends_at <= session.started_at, user_sessions.c.ended_at.is_not(None))
        of_user = (
            user_sessions.c.partner_id == session.partner_id,
            user_sessions.c.user_name == session.user_name,
        )
        with self._database.writing(session.partner_id) as connection:
            connection.execute(delete(user_sessions).where(*of_user, is_over))
            connection.execute(insert(user_sessions).values(vars(session)))

    def session(self, partner_id: str, session_hash: str) -> UserSession | None:
        """The session with this hash."""
        query = select(user_sessions).where(
            user_sessions.c.partner_id == partner_id, user_sessions.c.session_hash == session_hash
        )
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        return None if row is None else UserSession(**row._mapping)  # noqa: SLF001  # SQLAlchemy's public name

    def end_session(self, partner_id: str, session_hash: str, at: datetime) -> None:
        """End a session."""
        own = (user_sessions.c.partner_id == partner_id, user_sessions.c.session_hash == session_hash)
        with self._database.writing(partner_id) as connection:
            connection.execute(
                update(user_sessions).where(*own, user_sessions.c.ended_at.is_(None)).values(ended_at=at)
            )


def _end_sessions(connection: Connection, partner_id: str, user_name: str, at: datetime) -> None:
    own = (user_sessions.c.partner_id == partner_id, user_sessions.c.user_name == user_name)
    connection.execute(
        update(user_sessions).where(*own, user_sessions.c.ended_at.is_(None)).values(ended_at=at)
    )


def _user(row: Row[Any]) -> User:
    return User(
        row.partner_id, row.user_name, Role(row.role), row.password_hash, row.created_at, row.revoked_at
    )
