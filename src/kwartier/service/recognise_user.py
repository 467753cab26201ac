"""Whose session this is."""

from collections import OrderedDict
from threading import Lock

from kwartier.service.ports.clock import Clock
from kwartier.service.ports.user_store import UserStore
from kwartier.service.session_token import partner_of_token, session_hash
from kwartier.service.user import User, UserSession

# A session is looked up again after so long; its end elsewhere is heard of by then. R47 allows 60 s.
KNOWN_FOR_S = 5.0
MOST_KNOWN_COUNT = 10_000

Known = tuple[UserSession, User] | None


class UserRecogniser:
    """Tells whose tokens are whose, and remembers it for a few seconds; safe to use from several threads."""

    def __init__(self, users: UserStore, clock: Clock) -> None:
        self._users, self._clock = users, clock
        self._known: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self._lock = Lock()

    def is_fresh(self, token: str) -> bool:
        """Whether `user` answers from memory, without waiting for the store."""
        with self._lock:
            known = self._known.get(session_hash(token))
        return known is not None and self._clock.monotonic_s() - known[0] < KNOWN_FOR_S

    def user(self, token: str) -> User | None:
        """The user of a session that is alive; None for every other token. May wait for the store."""
        partner_id = partner_of_token(token)
        if partner_id is None:
            return None
        key, asked_s = session_hash(token), self._clock.monotonic_s()
        with self._lock:
            known = self._known.get(key)
        if known is None or asked_s - known[0] >= KNOWN_FOR_S:
            known = (asked_s, self._read(partner_id, key))
            self._keep(key, known)
        if known[1] is None:
            return None
        session, user = known[1]
        return user if session.is_alive(self._clock.now()) and user.revoked_at is None else None

    def forget(self, token: str) -> None:
        """Ask the store anew at the next question: the session has just ended here."""
        with self._lock:
            self._known.pop(session_hash(token), None)

    def _read(self, partner_id: str, key: str) -> Known:
        session = self._users.session(partner_id, key)
        user = None if session is None else self._users.get(partner_id, session.user_name)
        return None if session is None or user is None else (session, user)

    def _keep(self, key: str, known: tuple[float, Known]) -> None:
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            if len(self._known) > MOST_KNOWN_COUNT:
                self._known.popitem(last=False)
