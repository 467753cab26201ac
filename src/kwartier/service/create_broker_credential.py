"""Give a partner a username and a password for the broker."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kwartier.service.broker_credential import BrokerCredential
from kwartier.service.outcomes import UnknownPartner, UnknownSite
from kwartier.service.partner import SEPARATOR
from kwartier.service.ports import BrokerCredentialStore, Clock, Ids, PartnerStore, SiteStore


@dataclass(frozen=True)
class BrokerCredentialCreated:
    """The new credential. This is the only moment at which the password can be read."""

    partner_id: str
    username: str
    password: str = field(repr=False)


def create_broker_credential(
    partner: str,
    site_id: str | None,
    *,
    partners: PartnerStore,
    sites: SiteStore,
    credentials: BrokerCredentialStore,
    ids: Ids,
    hashed: Callable[[str], str],
    clock: Clock,
) -> BrokerCredentialCreated | UnknownPartner | UnknownSite:
    """A new credential of the partner with this id or name, for all its sites or for one.

    `hashed` makes of a password what the broker keeps.
    """
    found = partners.find(partner)
    if found is None:
        return UnknownPartner()
    if site_id is not None and sites.get(found.partner_id, site_id) is None:
        return UnknownSite()
    username, password = found.partner_id + SEPARATOR + ids.new_id(), ids.new_secret()
    credentials.add(BrokerCredential(found.partner_id, username, hashed(password), site_id, clock.now()))
    return BrokerCredentialCreated(found.partner_id, username, password)
