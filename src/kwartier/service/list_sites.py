"""List the sites of a partner."""

from kwartier.service.caller import Caller
from kwartier.service.page import Page, page_of
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_record import SiteRecord


def list_sites(caller: Caller, *, after: str | None, page_size: int, sites: SiteStore) -> Page[SiteRecord]:
    """A page of the sites by id, those behind `after`."""
    return page_of(lambda limit_count: sites.list_after(caller.partner_id, after, limit_count), page_size)
