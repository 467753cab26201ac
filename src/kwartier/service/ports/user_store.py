"""The port to the users of the dashboard and their sessions."""

from datetime import datetime
from typing import Protocol

from kwartier.service.user import User, UserSession


class UserStore(Protocol):
    """The users of one partner at a time."""

    def add(self, user: User) -> bool:
        """Keep a new user of a known partner; False where the name is taken, also by a revoked one."""
        ...

    def get(self, partner_id: str, user_name: str) -> User | None:
        """A user, revoked or not; None where the partner has none of that name."""
        ...

    def list_all(self, partner_id: str) -> list[User]:
        """All users of a partner, by name."""
        ...

    def change_password(self, partner_id: str, user_name: str, password_hash: str, at: datetime) -> None:
        """Give a user another password; all sessions of the user end at that moment."""
        ...

    def revoke(self, partner_id: str, user_name: str, at: datetime) -> None:
        """Revoke a user for good, and end the user's sessions; a second time changes nothing."""
        ...

    def start_session(self, session: UserSession) -> None:
        """Keep a new session of a known user, and forget those of the user that are over by its start."""
        ...

    def session(self, partner_id: str, session_hash: str) -> UserSession | None:
        """The session with this hash, over or not; None where the partner has none."""
        ...

    def end_session(self, partner_id: str, session_hash: str, at: datetime) -> None:
        """End a session; a second time, or for one that is not known, nothing changes."""
        ...
