"""Which sites are only tried out."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

dry_runs = Table(
    "dry_runs",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
