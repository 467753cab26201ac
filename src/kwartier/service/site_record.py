"""A site as the service keeps it: its document, the revision, what was found about it, and every change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kwartier.site.document import Site, SiteUpdateDTO
from kwartier.site.validation_status import ValidationStatus

ChangeKind = Literal["created", "replaced", "patched", "deleted"]

# What the server computes; one sent in is accepted and ignored, and never stored with the document.
COMPUTED = frozenset({"validation_status", "partner_id", "connections"})


@dataclass(frozen=True)
class SiteChange:
    """Who changed a site, when and how; `changed_by` is a client's id."""

    kind: ChangeKind
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class SiteDraft:
    """What is to be stored. `document` is the JSON value of what was written, without what the server computes."""

    partner_id: str
    site_id: str
    document: dict[str, Any]
    validation_status: ValidationStatus
    change: SiteChange


@dataclass(frozen=True)
class SiteRecord:
    """What is stored. `revision` counts the changes of the document, from 1, also over a deletion."""

    partner_id: str
    site_id: str
    revision_number: int
    document: dict[str, Any]
    validation_status: ValidationStatus
    created_at: datetime
    changed_at: datetime

    @property
    def site(self) -> Site:
        """The document as its model."""
        return Site.model_validate(self.document)


@dataclass(frozen=True)
class SiteRevision:
    """One entry of a site's history: the document as it was from `change` on; of a deletion, as it was last."""

    revision_number: int
    change: SiteChange
    document: dict[str, Any]


def stored_form(document: SiteUpdateDTO) -> dict[str, Any]:
    """The JSON value to keep of a document: what was written in it, without defaults and computed fields."""
    return document.model_dump(mode="json", exclude_unset=True, exclude=set(COMPUTED))
