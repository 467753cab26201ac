"""Day-ahead prices of each partner, every version with the moment from which it was known."""

from sqlalchemy import JSON, Column, Date, ForeignKeyConstraint, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

price_days = Table(
    "price_days",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("bidding_zone", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("resolution", String, nullable=False),
    Column("eur_per_mwh", JSON, nullable=False),
    Column("source", String, nullable=False),
    PrimaryKeyConstraint("partner_id", "bidding_zone", "day", "known_at"),
    ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
)
