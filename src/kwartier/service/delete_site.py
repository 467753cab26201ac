"""Take a site away."""

from dataclasses import dataclass

from kwartier.service.caller import Caller
from kwartier.service.change_site import MOST_ATTEMPTS
from kwartier.service.outcomes import RevisionConflict, UnknownSite
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_record import SiteChange


@dataclass(frozen=True)
class SiteDeleted:
    """The site is gone; its history stays, so that it can be created again from there."""


def delete_site(
    caller: Caller, site_id: str, *, based_on_number: int | None, sites: SiteStore, clock: Clock
) -> SiteDeleted | UnknownSite | RevisionConflict:
    """Delete a site; with `based_on_number` only if that is its revision."""
    for _ in range(MOST_ATTEMPTS):
        found = sites.get(caller.partner_id, site_id)
        if found is None:
            return UnknownSite()
        if based_on_number not in (None, found.revision_number):
            return RevisionConflict()
        change = SiteChange("deleted", clock.now(), caller.client_id)
        if sites.delete(caller.partner_id, site_id, change, based_on_number=found.revision_number):
            return SiteDeleted()
    return RevisionConflict()
