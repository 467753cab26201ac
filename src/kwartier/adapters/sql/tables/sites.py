"""Sites as they are, and every document they have had."""

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

sites = Table(
    "sites",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("revision_number", Integer, nullable=False),
    Column("document", JSON, nullable=False),
    Column("validation_status", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    # A deleted site keeps its row: what was measured and planned there still belongs to it.
    Column("deleted_at", Moment),
    PrimaryKeyConstraint("partner_id", "site_id"),
    ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
)

site_revisions = Table(
    "site_revisions",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("revision_number", Integer, nullable=False),
    Column("change_kind", String, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", Id, nullable=False),
    Column("document", JSON, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id", "revision_number"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
