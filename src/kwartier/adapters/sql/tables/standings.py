"""Where each controlled site stands."""

from sqlalchemy import JSON, Column, ForeignKeyConstraint, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

standings = Table(
    "standings",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("stood_at", Moment, nullable=False),
    Column("rung", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("setpoints", JSON, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
