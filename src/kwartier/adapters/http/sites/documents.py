"""A site as it is read back, and its history."""

from typing import Any

from pydantic import Field

from kwartier.adapters.http.page_of import PageOf
from kwartier.service.site_record import ChangeKind, SiteRecord, SiteRevision
from kwartier.site.connections import connections_of
from kwartier.site.document import Site, SiteCreateDTO
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel


class SiteRevisionDocument(WireModel):
    """One entry of a site's history."""

    revision_number: int = Field(
        description="Counts the changes of the document, from 1; the ETag of that document."
    )
    change: ChangeKind
    changed_at: Instant
    changed_by: str = Field(description="The id of the client that made the change.")
    document: SiteCreateDTO = Field(description="The document from then on; of a deletion, as it was last.")


class SitePage(PageOf[Site]):
    """A page of sites."""


class SiteRevisionPage(PageOf[SiteRevisionDocument]):
    """A page of a site's history, newest first."""


def site_document(record: SiteRecord) -> dict[str, Any]:
    """The JSON value of a site: its document with every default, and what the server adds."""
    return {
        **record.site.model_dump(mode="json"),
        "validation_status": record.validation_status.model_dump(mode="json"),
        "partner_id": record.partner_id,
        "connections": connections_of(record.partner_id, record.site_id),
    }


def revision_document(revision: SiteRevision) -> dict[str, Any]:
    """The JSON value of an entry of the history; its document is what was written, without defaults."""
    return {
        "revision_number": revision.revision_number,
        "change": revision.change.kind,
        "changed_at": format_instant(revision.change.changed_at),
        "changed_by": revision.change.changed_by,
        "document": revision.document,
    }
