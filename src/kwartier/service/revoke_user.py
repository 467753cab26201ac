"""Revoke a user: neither the password nor a session opens anything any more."""

from dataclasses import dataclass

from kwartier.service.outcomes import UnknownPartner, UnknownUser
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.user_store import UserStore


@dataclass(frozen=True)
class UserRevoked:
    """The user who was revoked."""

    user_name: str


def revoke_user(
    partner: str, user_name: str, *, partners: PartnerStore, users: UserStore, clock: Clock
) -> UserRevoked | UnknownPartner | UnknownUser:
    """Revoke the user for good; a running service hears of it within `recognise_user.KNOWN_FOR_S`."""
    found = partners.find(partner)
    if found is None:
        return UnknownPartner()
    user = users.get(found.partner_id, user_name)
    if user is None or user.revoked_at is not None:
        return UnknownUser()
    users.revoke(found.partner_id, user_name, clock.now())
    return UserRevoked(user_name)
