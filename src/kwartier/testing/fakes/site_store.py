"""Sites in memory."""

from collections import defaultdict
from dataclasses import replace

from kwartier.service.site_record import SiteChange, SiteDraft, SiteRecord, SiteRevision
from kwartier.site.validation_status import ValidationStatus


class FakeSiteStore:
    """Implements `kwartier.service.ports.SiteStore`."""

    def __init__(self) -> None:
        self._sites: dict[tuple[str, str], SiteRecord] = {}
        self._history: defaultdict[tuple[str, str], list[SiteRevision]] = defaultdict(list)

    def get(self, partner_id: str, site_id: str) -> SiteRecord | None:
        """A site; None where the partner has none of that name, or deleted it."""
        return self._sites.get((partner_id, site_id))

    def list_after(self, partner_id: str, after: str | None, limit_count: int) -> list[SiteRecord]:
        """At most so many sites by id, those behind `after`."""
        names = sorted(site_id for owner, site_id in self._sites if owner == partner_id)
        behind = [name for name in names if after is None or name > after]
        return [self._sites[partner_id, name] for name in behind[:limit_count]]

    def create(self, draft: SiteDraft) -> SiteRecord | None:
        """Store a new site; None where there is one."""
        if (draft.partner_id, draft.site_id) in self._sites:
            return None
        return self._keep(draft, draft.change)

    def update(self, draft: SiteDraft, *, based_on_number: int) -> SiteRecord | None:
        """Store a changed document; None where the site is no longer at that revision."""
        found = self.get(draft.partner_id, draft.site_id)
        if found is None or found.revision_number != based_on_number:
            return None
        record = replace(self._keep(draft, draft.change), created_at=found.created_at)
        self._sites[draft.partner_id, draft.site_id] = record
        return record

    def delete(self, partner_id: str, site_id: str, change: SiteChange, *, based_on_number: int) -> bool:
        """Take a site away, not its history; False where the site is no longer at that revision."""
        found = self.get(partner_id, site_id)
        if found is None or found.revision_number != based_on_number:
            return False
        del self._sites[partner_id, site_id]
        self._history[partner_id, site_id].append(SiteRevision(based_on_number + 1, change, found.document))
        return True

    def list_revisions(
        self, partner_id: str, site_id: str, before_number: int | None, limit_count: int
    ) -> list[SiteRevision]:
        """At most so many entries of a site's history, newest first, those before a revision."""
        newest_first = reversed(self._history[partner_id, site_id])
        before = [one for one in newest_first if before_number is None or one.revision_number < before_number]
        return before[:limit_count]

    def show_status(self, partner_id: str, site_id: str, status: ValidationStatus) -> None:
        """Have a site be read back with this validation status; its revision stays."""
        found = self._sites.get((partner_id, site_id))
        if found is not None:
            self._sites[partner_id, site_id] = replace(found, validation_status=status)

    def _keep(self, draft: SiteDraft, change: SiteChange) -> SiteRecord:
        key = draft.partner_id, draft.site_id
        record = SiteRecord(
            partner_id=draft.partner_id,
            site_id=draft.site_id,
            revision_number=len(self._history[key]) + 1,
            document=draft.document,
            validation_status=draft.validation_status,
            created_at=change.changed_at,
            changed_at=change.changed_at,
        )
        self._sites[key] = record
        self._history[key].append(SiteRevision(record.revision_number, change, draft.document))
        return record
