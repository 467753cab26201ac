"""Read what a site's document was, who changed it, and when."""

from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.page import Page, page_of
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_record import SiteRevision


def read_site_history(
    caller: Caller, site_id: str, *, before_number: int | None, page_size: int, sites: SiteStore
) -> Page[SiteRevision] | UnknownSite:
    """A page of the history, newest first; a deleted site has one too, one that never was has none."""
    page = page_of(
        lambda limit_count: sites.list_revisions(caller.partner_id, site_id, before_number, limit_count),
        page_size,
    )
    if not page.items and not sites.list_revisions(caller.partner_id, site_id, None, 1):
        return UnknownSite()
    return page
