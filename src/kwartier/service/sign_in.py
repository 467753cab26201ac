"""Exchange a user's password for a session."""

from dataclasses import dataclass, field
from datetime import timedelta

from kwartier.service.log_in import BadCredentials, TooManyFailures
from kwartier.service.login_backoff import LoginBackoff
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.secret_hasher import SecretHasher
from kwartier.service.ports.user_store import UserStore
from kwartier.service.session_token import session_hash, session_token
from kwartier.service.user import User, UserSession

# NIST SP 800-63B-4, section 2.2.3: at this level of assurance a person signs in anew after at most 24 h; a working day
# and some hours more fit in half of it.
SESSION_LIFE = timedelta(hours=12)
LONGEST_WORD_LENGTH = 200


@dataclass(frozen=True)
class UserCredentials:
    """What somebody signs in with, and from which address. `partner` is the partner's name or id."""

    partner: str
    user_name: str
    password: str = field(repr=False)
    address: str

    @property
    def is_possible(self) -> bool:
        """Whether there can be such a user: longer words are not worth the hashing."""
        words = (self.partner, self.user_name, self.password)
        return all(0 < len(word) <= LONGEST_WORD_LENGTH and word.isprintable() for word in words)


@dataclass(frozen=True)
class SignedIn:
    """The session, and its token for the browser's cookie."""

    session: UserSession
    token: str = field(repr=False)


def sign_in(
    credentials: UserCredentials,
    *,
    partners: PartnerStore,
    users: UserStore,
    hasher: SecretHasher,
    ids: Ids,
    clock: Clock,
    backoff: LoginBackoff,
) -> SignedIn | BadCredentials | TooManyFailures:
    """A session for the user. Slow on purpose: it hashes, also for a user or a partner that does not exist."""
    partner_word = credentials.partner[:LONGEST_WORD_LENGTH]
    who = f"{credentials.address} {partner_word} {credentials.user_name[:LONGEST_WORD_LENGTH]}"
    wait_s = backoff.wait_s(who, clock.monotonic_s())
    if wait_s > 0:
        return TooManyFailures(wait_s)
    user = _user(credentials, partners, users)
    is_match = hasher.is_match(credentials.password, hasher.no_secret if user is None else user.password_hash)
    if user is None or not is_match:
        backoff.has_failed(who, clock.monotonic_s())
        return BadCredentials()
    token, at = session_token(user.partner_id, ids.new_secret()), clock.now()
    session = UserSession(user.partner_id, session_hash(token), user.user_name, at, at + SESSION_LIFE)
    users.start_session(session)
    return SignedIn(session, token)


def _user(credentials: UserCredentials, partners: PartnerStore, users: UserStore) -> User | None:
    """The user who may sign in, revoked ones not."""
    partner = partners.find(credentials.partner) if credentials.is_possible else None
    user = None if partner is None else users.get(partner.partner_id, credentials.user_name)
    return user if user is not None and user.revoked_at is None else None
