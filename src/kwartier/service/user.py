"""A person who looks at the dashboard, and the sessions in which that person is signed in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kwartier.service.caller import Caller, Scope

# What stands in the histories of sites for a person, so that it is never taken for a client's id.
CALLER_PREFIX = "user "


class Role(StrEnum):
    """What a user may do on the dashboard; each role holds those before it."""

    SEE = "see"
    OPERATE = "operate"
    ADMINISTER = "administer"

    @property
    def scope(self) -> Scope:
        """The scope of a client that may do the same."""
        return SCOPE_BY_ROLE[self]


SCOPE_BY_ROLE = {Role.SEE: Scope.READ, Role.OPERATE: Scope.WRITE, Role.ADMINISTER: Scope.ADMIN}


@dataclass(frozen=True)
class User:
    """A person of a partner; `user_name` is unique within the partner, revoked it opens nothing any more."""

    partner_id: str
    user_name: str
    role: Role
    password_hash: str
    created_at: datetime
    revoked_at: datetime | None = None

    @property
    def caller(self) -> Caller:
        """The user as use cases know who calls."""
        return Caller(self.partner_id, CALLER_PREFIX + self.user_name, self.role.scope)


@dataclass(frozen=True)
class UserSession:
    """One signing-in. Of its token only a hash is kept; it ends at `ends_at`, or before at `ended_at`."""

    partner_id: str
    session_hash: str
    user_name: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None

    def is_alive(self, at: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.ended_at is None and at < self.ends_at
