"""Read a site."""

from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_record import SiteRecord


def read_site(caller: Caller, site_id: str, *, sites: SiteStore) -> SiteRecord | UnknownSite:
    """The site of the caller's partner."""
    return sites.get(caller.partner_id, site_id) or UnknownSite()
