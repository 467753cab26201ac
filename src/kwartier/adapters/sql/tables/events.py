"""What happened at a site, numbered, for those who listen and those who come back; and what its status was last."""

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

site_events = Table(
    "site_events",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("event_number", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("content", JSON, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id", "event_number"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)

validation_states = Table(
    "validation_states",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("validation_status", JSON, nullable=False),
    Column("since", JSON, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
