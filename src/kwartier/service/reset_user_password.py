"""Give a user a new password in place of one that is lost or known to others."""

from dataclasses import dataclass, field

from kwartier.service.create_user import new_password
from kwartier.service.outcomes import UnknownPartner, UnknownUser
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.secret_hasher import SecretHasher
from kwartier.service.ports.user_store import UserStore


@dataclass(frozen=True)
class PasswordReset:
    """The new password, which can be read only now."""

    user_name: str
    password: str = field(repr=False)


def reset_user_password(
    partner: str,
    user_name: str,
    *,
    partners: PartnerStore,
    users: UserStore,
    ids: Ids,
    hasher: SecretHasher,
    clock: Clock,
) -> PasswordReset | UnknownPartner | UnknownUser:
    """A new password; the old one and every session of the user end now."""
    found = partners.find(partner)
    if found is None:
        return UnknownPartner()
    user = users.get(found.partner_id, user_name)
    if user is None or user.revoked_at is not None:
        return UnknownUser()
    password = new_password(ids)
    users.change_password(found.partner_id, user_name, hasher.hashed(password), clock.now())
    return PasswordReset(user_name, password)
