"""List what was decided about a site's charging sessions, by whom and when."""

from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.page import Page, page_of
from kwartier.service.ports.session_override_store import SessionOverrideStore
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.session_override import NumberedOverride


def list_session_overrides(
    caller: Caller,
    site_id: str,
    *,
    before_number: int | None,
    page_size: int,
    sites: SiteStore,
    session_overrides: SessionOverrideStore,
) -> Page[NumberedOverride] | UnknownSite:
    """A page of the site's overrides, newest first, those before a number; also of sessions that are over."""
    if sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    return page_of(
        lambda limit_count: session_overrides.list_before(
            caller.partner_id, site_id, before_number, limit_count
        ),
        page_size,
    )
