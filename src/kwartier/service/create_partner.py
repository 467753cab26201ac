"""Add a partner."""

from dataclasses import dataclass

from kwartier.service.partner import Partner
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.partner_store import PartnerStore

LONGEST_NAME_LENGTH = 200


@dataclass(frozen=True)
class PartnerCreated:
    """The new partner."""

    partner: Partner


@dataclass(frozen=True)
class PartnerNameTaken:
    """Another partner has that name."""


@dataclass(frozen=True)
class UnusablePartnerName:
    """The name is empty, longer than 200 characters, or holds what cannot be printed."""


def create_partner(
    name: str, *, partners: PartnerStore, ids: Ids, clock: Clock
) -> PartnerCreated | PartnerNameTaken | UnusablePartnerName:
    """The new partner, with an id of its own."""
    if not name.strip() or len(name) > LONGEST_NAME_LENGTH or not name.isprintable():
        return UnusablePartnerName()
    partner = Partner(ids.new_id(), name, clock.now())
    return PartnerCreated(partner) if partners.add(partner) else PartnerNameTaken()
