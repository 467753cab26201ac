"""Sites and their history in the database."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.sites import site_revisions, sites
from kwartier.service.site_record import SiteChange, SiteDraft, SiteRecord, SiteRevision
from kwartier.site.validation_status import ValidationStatus


class SqlSiteStore:
    """Implements `kwartier.service.ports.SiteStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, partner_id: str, site_id: str) -> SiteRecord | None:
        """A site; None where the partner has none of that name, or deleted it."""
        query = select(sites).where(*_own(partner_id, site_id), sites.c.deleted_at.is_(None))
        with self._database.reading(partner_id) as connection:
            row = connection.execute(query).first()
        return None if row is None else _record(row)

    def list_after(self, partner_id: str, after: str | None, limit_count: int) -> list[SiteRecord]:
        """At most so many sites by id, those behind `after`."""
        query = select(sites).where(sites.c.partner_id == partner_id, sites.c.deleted_at.is_(None))
        if after is not None:
            query = query.where(sites.c.site_id > after)
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(query.order_by(sites.c.site_id).limit(limit_count))
            return [_record(row) for row in rows]

    def create(self, draft: SiteDraft) -> SiteRecord | None:
        """Store a new site, or a deleted one again; None where there is one."""
        own = _own(draft.partner_id, draft.site_id)
        values = _values(draft) | {"created_at": draft.change.changed_at, "deleted_at": None}
        again = update(sites).where(*own, sites.c.deleted_at.is_not(None))
        counted_on = values | {"revision_number": sites.c.revision_number + 1}
        new = {"partner_id": draft.partner_id, "site_id": draft.site_id, "revision_number": 1}
        try:
            with self._database.writing(draft.partner_id) as connection:
                row = connection.execute(again.values(counted_on).returning(*sites.c)).first()
                if row is None:
                    row = connection.execute(insert(sites).values(values | new).returning(*sites.c)).one()
                _keep_revision(connection, row, draft.change)
        except IntegrityError:
            return None
        return _record(row)

    def update(self, draft: SiteDraft, *, based_on_number: int) -> SiteRecord | None:
        """Store a changed document; None where the site is no longer at that revision."""
        with self._database.writing(draft.partner_id) as connection:
            row = _step(connection, draft.partner_id, draft.site_id, based_on_number, _values(draft))
            if row is None:
                return None
            _keep_revision(connection, row, draft.change)
        return _record(row)

    def delete(self, partner_id: str, site_id: str, change: SiteChange, *, based_on_number: int) -> bool:
        """Take a site away, not its history; False where the site is no longer at that revision."""
        values = {"deleted_at": change.changed_at, "changed_at": change.changed_at}
        with self._database.writing(partner_id) as connection:
            row = _step(connection, partner_id, site_id, based_on_number, values)
            if row is None:
                return False
            _keep_revision(connection, row, change)
        return True

    def list_revisions(
        self, partner_id: str, site_id: str, before_number: int | None, limit_count: int
    ) -> list[SiteRevision]:
        """At most so many entries of a site's history, newest first, those before a revision."""
        table = site_revisions.c
        query = select(site_revisions).where(table.partner_id == partner_id, table.site_id == site_id)
        if before_number is not None:
            query = query.where(table.revision_number < before_number)
        with self._database.reading(partner_id) as connection:
            rows = connection.execute(query.order_by(table.revision_number.desc()).limit(limit_count))
            return [_revision(row) for row in rows]


def _own(partner_id: str, site_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return sites.c.partner_id == partner_id, sites.c.site_id == site_id


def _values(draft: SiteDraft) -> dict[str, Any]:
    return {
        "document": draft.document,
        "validation_status": draft.validation_status.model_dump(mode="json"),
        "changed_at": draft.change.changed_at,
    }


def _step(
    connection: Connection, partner_id: str, site_id: str, based_on_number: int, values: dict[str, Any]
) -> Row[Any] | None:
    """The site's row after it went from this revision to the next one; None where it is not there."""
    changed = (
        update(sites)
        .where(
            *_own(partner_id, site_id),
            sites.c.deleted_at.is_(None),
            sites.c.revision_number == based_on_number,
        )
        .values(values | {"revision_number": based_on_number + 1})
    )
    return connection.execute(changed.returning(*sites.c)).first()


def _keep_revision(connection: Connection, row: Row[Any], change: SiteChange) -> None:
    entry = {
        "partner_id": row.partner_id,
        "site_id": row.site_id,
        "revision_number": row.revision_number,
        "change_kind": change.kind,
        "changed_at": change.changed_at,
        "changed_by": change.changed_by,
        "document": row.document,
    }
    connection.execute(insert(site_revisions).values(entry))


def _record(row: Row[Any]) -> SiteRecord:
    return SiteRecord(
        partner_id=row.partner_id,
        site_id=row.site_id,
        revision_number=row.revision_number,
        document=row.document,
        validation_status=ValidationStatus.model_validate(row.validation_status),
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def _revision(row: Row[Any]) -> SiteRevision:
    change = SiteChange(row.change_kind, row.changed_at, row.changed_by)
    return SiteRevision(row.revision_number, change, row.document)
