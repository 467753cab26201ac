"""The port to the sites of a partner."""

from typing import Protocol

from kwartier.service.site_record import SiteChange, SiteDraft, SiteRecord, SiteRevision


class SiteStore(Protocol):
    """The sites of one partner at a time, with their history. Each call is one transaction."""

    def get(self, partner_id: str, site_id: str) -> SiteRecord | None:
        """A site; None where the partner has none of that name, or deleted it."""
        ...

    def list_after(self, partner_id: str, after: str | None, limit_count: int) -> list[SiteRecord]:
        """At most so many sites by id (in the order of code points), those behind `after`."""
        ...

    def create(self, draft: SiteDraft) -> SiteRecord | None:
        """Store a new site; None where there is one. A deleted site's revisions are counted on."""
        ...

    def update(self, draft: SiteDraft, *, based_on_number: int) -> SiteRecord | None:
        """Store a changed document; None where the site is no longer at that revision."""
        ...

    def delete(self, partner_id: str, site_id: str, change: SiteChange, *, based_on_number: int) -> bool:
        """Take a site away, not its history; False where the site is no longer at that revision."""
        ...

    def list_revisions(
        self, partner_id: str, site_id: str, before_number: int | None, limit_count: int
    ) -> list[SiteRevision]:
        """At most so many entries of a site's history, newest first, those before a revision; of deleted ones too."""
        ...
