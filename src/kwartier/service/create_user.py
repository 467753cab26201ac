"""Give a person of a partner a way into the dashboard: a name and a password."""

from dataclasses import dataclass, field

from kwartier.service.outcomes import UnknownPartner
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.secret_hasher import SecretHasher
from kwartier.service.ports.user_store import UserStore
from kwartier.service.user import Role, User

LONGEST_NAME_LENGTH = 100


@dataclass(frozen=True)
class UserCreated:
    """The new user. This is the only moment at which the password can be read."""

    user: User
    password: str = field(repr=False)


@dataclass(frozen=True)
class UserNameTaken:
    """The partner has, or had, a user of that name."""


@dataclass(frozen=True)
class UnusableUserName:
    """The name is empty, longer than 100 characters, or holds what cannot be printed."""


def create_user(
    partner: str,
    user_name: str,
    role: Role,
    *,
    partners: PartnerStore,
    users: UserStore,
    ids: Ids,
    hasher: SecretHasher,
    clock: Clock,
) -> UserCreated | UnknownPartner | UserNameTaken | UnusableUserName:
    """A new user of the partner with this id or name, with a password that nobody has to think of."""
    found = partners.find(partner)
    if found is None:
        return UnknownPartner()
    if not user_name.strip() or len(user_name) > LONGEST_NAME_LENGTH or not user_name.isprintable():
        return UnusableUserName()
    password = new_password(ids)
    user = User(found.partner_id, user_name, role, hasher.hashed(password), clock.now())
    return UserCreated(user, password) if users.add(user) else UserNameTaken()


def new_password(ids: Ids) -> str:
    """A password of twice 60 random bits that can be typed from paper: in two groups, without letters that look alike.

    NIST SP 800-63B, section 3.1.1.2, asks for 15 characters; no rule of composition.
    """
    return f"{ids.new_id()}-{ids.new_id()}"
