"""Plans with the requests they answer, compressed: replaying one needs every byte of it."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

plans = Table(
    "plans",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("plan_id", Id, nullable=False),
    Column("planned_from", Moment, nullable=False),
    Column("stored_at", Moment, nullable=False),
    Column("status", String, nullable=False),
    Column("is_safe", Boolean, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("plan", LargeBinary, nullable=False),
    Column("previous_plan_id", Id),
    PrimaryKeyConstraint("partner_id", "site_id", "plan_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
    Index("ix_plans_partner_id_site_id_planned_from", "partner_id", "site_id", "planned_from", "plan_id"),
)
