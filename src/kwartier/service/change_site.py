"""Replace or patch a site's document: what both have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kwartier.service.caller import Caller
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.outcomes import DocumentTooLarge, RevisionConflict, SiteIdDiffers, UnknownSite
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_draft import site_draft
from kwartier.service.site_record import ChangeKind, SiteDraft, SiteRecord

# Without If-Match two changes at once are done one after the other; more collisions in a row than this are not.
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class SiteChanged:
    """The site as it is now; where the document is the same as before, nothing was stored and the revision stays."""

    record: SiteRecord


Change = Callable[[SiteRecord], dict[str, Any]]
ChangeOutcome = SiteChanged | UnknownSite | RevisionConflict | SiteIdDiffers | DocumentTooLarge


def change_site(
    caller: Caller,
    site_id: str,
    kind: ChangeKind,
    change: Change,
    *,
    based_on_number: int | None,
    sites: SiteStore,
    clock: Clock,
    flags: FeatureFlags,
) -> ChangeOutcome:
    """Store what `change` makes of the site as it is; with `based_on_number` only if that is its revision."""
    for _ in range(MOST_ATTEMPTS):
        found = sites.get(caller.partner_id, site_id)
        if found is None:
            return UnknownSite()
        if based_on_number not in (None, found.revision_number):
            return RevisionConflict()
        document = change(found)
        if document == found.document:
            return SiteChanged(found)
        draft = _draft(caller, site_id, document, kind, clock, flags)
        if not isinstance(draft, SiteDraft):
            return draft
        stored = sites.update(draft, based_on_number=found.revision_number)
        if stored is not None:
            return SiteChanged(stored)
    return RevisionConflict()


def _draft(
    caller: Caller,
    site_id: str,
    document: dict[str, Any],
    kind: ChangeKind,
    clock: Clock,
    flags: FeatureFlags,
) -> SiteDraft | SiteIdDiffers | DocumentTooLarge:
    if document["site_id"] != site_id:
        return SiteIdDiffers()
    return site_draft(caller, document, kind, clock.now(), flags)
