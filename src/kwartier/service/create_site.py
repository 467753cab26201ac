"""Store a new site."""

from dataclasses import dataclass

from kwartier.service.caller import Caller
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.outcomes import DocumentTooLarge
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_draft import site_draft
from kwartier.service.site_record import SiteRecord, stored_form
from kwartier.site.document import SiteCreateDTO


@dataclass(frozen=True)
class SiteCreated:
    """The site is stored, with the status of its document."""

    record: SiteRecord


@dataclass(frozen=True)
class SiteExists:
    """The partner already has a site of that name."""


def create_site(
    caller: Caller, document: SiteCreateDTO, *, sites: SiteStore, clock: Clock, flags: FeatureFlags
) -> SiteCreated | SiteExists | DocumentTooLarge:
    """The new site, also where its document has errors: those stand in its validation status, and it is not planned."""
    draft = site_draft(caller, stored_form(document), "created", clock.now(), flags)
    if isinstance(draft, DocumentTooLarge):
        return draft
    record = sites.create(draft)
    return SiteExists() if record is None else SiteCreated(record)
