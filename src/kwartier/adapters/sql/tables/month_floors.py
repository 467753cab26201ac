"""The peak that each site's month is expected to have."""

from sqlalchemy import JSON, Column, ForeignKeyConstraint, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

month_floors = Table(
    "month_floors",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    # From when on it is made anew; until then somebody makes it, or there is nothing to do.
    Column("again_at", Moment, nullable=False),
    # The month as 2026-11; null while the first one is being made.
    Column("month", String(7)),
    Column("made_at", Moment),
    Column("highest_w_by_root", JSON),
    Column("reason", String),
    PrimaryKeyConstraint("partner_id", "site_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
