"""What was decided about charging sessions: entries are only added."""

from sqlalchemy import (
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

session_overrides = Table(
    "session_overrides",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("override_number", Integer, nullable=False),
    Column("asset_id", Id, nullable=False),
    Column("transaction_id", Id, nullable=False),
    Column("wish", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("departure_time", Moment),
    Column("minimum_energy_wh", Double),
    PrimaryKeyConstraint("partner_id", "site_id", "override_number"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
Index(
    "ix_session_overrides_of_session",
    session_overrides.c.partner_id,
    session_overrides.c.site_id,
    session_overrides.c.transaction_id,
)
