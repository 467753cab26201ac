"""End a session."""

from kwartier.service.ports.clock import Clock
from kwartier.service.ports.user_store import UserStore
from kwartier.service.session_token import partner_of_token, session_hash


def sign_out(token: str, *, users: UserStore, clock: Clock) -> None:
    """End the session with this token for good; a token that is none, or of a session that is over, changes nothing."""
    partner_id = partner_of_token(token)
    if partner_id is not None:
        users.end_session(partner_id, session_hash(token), clock.now())
