"""The dashboard's users in memory."""

from dataclasses import replace
from datetime import datetime

from kwartier.service.user import User, UserSession


class FakeUserStore:
    """Implements `kwartier.service.ports.UserStore`."""

    def __init__(self) -> None:
        self._users: dict[tuple[str, str], User] = {}
        self._sessions: dict[tuple[str, str], UserSession] = {}

    def add(self, user: User) -> bool:
        """Keep a new user; False where the name is taken."""
        return self._users.setdefault((user.partner_id, user.user_name), user) is user

    def get(self, partner_id: str, user_name: str) -> User | None:
        """A user, revoked or not."""
        return self._users.get((partner_id, user_name))

    def list_all(self, partner_id: str) -> list[User]:
        """All users of a partner, by name."""
        own = [user for user in self._users.values() if user.partner_id == partner_id]
        return sorted(own, key=lambda user: user.user_name)

    def change_password(self, partner_id: str, user_name: str, password_hash: str, at: datetime) -> None:
        """Give a user another password; all sessions of the user end."""
        user = self._users[partner_id, user_name]
        self._users[partner_id, user_name] = replace(user, password_hash=password_hash)
        self._end_sessions(partner_id, user_name, at)

    def revoke(self, partner_id: str, user_name: str, at: datetime) -> None:
        """Revoke a user for good, and end the user's sessions."""
        user = self._users[partner_id, user_name]
        self._users[partner_id, user_name] = replace(user, revoked_at=user.revoked_at or at)
        self._end_sessions(partner_id, user_name, at)

    def start_session(self, session: UserSession) -> None:
        """Keep a new session, and forget those of the user that are over."""
        self._sessions = {
            key: one
            for key, one in self._sessions.items()
            if (one.partner_id, one.user_name) != (session.partner_id, session.user_name)
            or one.is_alive(session.started_at)
        }
        self._sessions[session.partner_id, session.session_hash] = session

    def session(self, partner_id: str, session_hash: str) -> UserSession | None:
        """The session with this hash."""
        return self._sessions.get((partner_id, session_hash))

    def end_session(self, partner_id: str, session_hash: str, at: datetime) -> None:
        """End a session."""
        session = self._sessions.get((partner_id, session_hash))
        if session is not None:
            self._sessions[partner_id, session_hash] = replace(session, ended_at=session.ended_at or at)

    def _end_sessions(self, partner_id: str, user_name: str, at: datetime) -> None:
        for session in list(self._sessions.values()):
            if (session.partner_id, session.user_name) == (partner_id, user_name):
                self.end_session(partner_id, session.session_hash, at)
