"""What grid operators allow sites."""

from sqlalchemy import JSON, Boolean, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

operator_limits = Table(
    "operator_limits",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("limits", JSON, nullable=False),
    Column("failsafe", JSON, nullable=False),
    Column("limits_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("was_silent", Boolean, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
