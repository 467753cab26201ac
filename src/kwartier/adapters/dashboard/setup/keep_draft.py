"""Store a draft: a new site, or a change of the one that was opened."""

from dataclasses import dataclass
from typing import Any, Literal

from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.change_site import SiteChanged
from kwartier.service.create_site import SiteCreated, SiteExists, create_site
from kwartier.service.outcomes import DocumentTooLarge, RevisionConflict, SiteIdDiffers, UnknownSite
from kwartier.service.replace_site import replace_site
from kwartier.service.revalidate_site import revalidate_site
from kwartier.service.site_record import SiteRecord
from kwartier.site.document import Site, SiteCreateDTO
from kwartier.site.parse import parse_document


@dataclass(frozen=True)
class Kept:
    """The site as it is now."""

    record: SiteRecord


NotKept = Literal["unreadable", "exists", "changed_meanwhile", "gone", "too_large"]
"""Why nothing was stored; each is a sentence under [setup] in the catalogues."""


def keep_draft(viewer: Viewer, record: SiteRecord | None, document: dict[str, Any]) -> Kept | NotKept:
    """Store what the draft says, also with errors in its content; it must have the shape of a document.

    Somebody else's change since the page was opened is not overwritten.
    """
    return _created(viewer, document) if record is None else _changed(viewer, record, document)


def _created(viewer: Viewer, document: dict[str, Any]) -> Kept | NotKept:
    ports = viewer.ports
    new, _ = parse_document(SiteCreateDTO, document)
    if new is None:
        return "unreadable"
    outcome = create_site(viewer.caller, new, sites=ports.sites, clock=ports.clock, flags=ports.flags)
    match outcome:
        case SiteCreated(record):
            return _validated(record, viewer)
        case SiteExists():
            return "exists"
        case DocumentTooLarge():
            return "too_large"


def _changed(viewer: Viewer, record: SiteRecord, document: dict[str, Any]) -> Kept | NotKept:
    ports = viewer.ports
    changed, _ = parse_document(Site, document)
    if changed is None:
        return "unreadable"
    outcome = replace_site(
        viewer.caller,
        record.site_id,
        changed,
        based_on_number=record.revision_number,
        sites=ports.sites,
        clock=ports.clock,
        flags=ports.flags,
    )
    match outcome:
        case SiteChanged(stored):
            return _validated(stored, viewer)
        case RevisionConflict():
            return "changed_meanwhile"
        case UnknownSite() | SiteIdDiffers():
            return "gone"
        case DocumentTooLarge():
            return "too_large"


def _validated(record: SiteRecord, viewer: Viewer) -> Kept:
    revalidate_site(record, ports=viewer.ports)
    return Kept(record)
